import type { ClickClackClient, Page, RootPlace } from "../clickclack/client.ts";
import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import { cut } from "../domain/cut.ts";
import { isNoticeNonce } from "../domain/nonce.ts";
import { HISTORY_MAX_CHARS, HISTORY_MESSAGE_MAX_CHARS, PAGE_MAX } from "../limits.ts";
import type { FreshStart } from "./fresh-starts.ts";

/** What was said in a conversation before a message. */
export interface Past {
  /** A thread's root. */
  root?: Message;
  /** The newest first, each page read when it is come to. In a thread, its replies. */
  said: AsyncIterable<Message> | Iterable<Message>;
}

/**
 * Reads what was said before a message. All of it: deleted messages, agents' activity rows and our own notices as well.
 *
 * @param wanted how many messages are likely to be needed; there may be more, up to a page beyond these
 * @param first the first page of root messages, if it was begun to be read already
 * @throws {ClickClackError} then, and while pages are read
 */
export async function pastOf(
  client: ClickClackClient,
  conversation: Conversation,
  message: Message,
  wanted: number,
  first?: Promise<Page>,
): Promise<Past> {
  if (conversation.kind === "thread") return threadBefore(client, conversation.rootId, message, wanted);
  return { said: rootsBefore(client, conversation, message, wanted, first) };
}

async function* rootsBefore(
  client: ClickClackClient,
  conversation: RootPlace,
  message: Message,
  wanted: number,
  first: Promise<Page> | undefined,
): AsyncGenerator<Message> {
  if (message.channel_seq === undefined) {
    // A slash command has no number among the messages, but a time.
    const { messages } = await client.rootPage(conversation, undefined, PAGE_MAX);
    yield* messages.filter((said) => timeOf(said) <= timeOf(message)).toReversed();
    return;
  }
  let before: number | undefined = message.channel_seq;
  let begun = first;
  // One page more, for when most of the first is nobody's words: an agent may leave many activity rows.
  for (const size of [Math.min(wanted, PAGE_MAX), PAGE_MAX]) {
    const page: Page = await (begun ?? client.rootPage(conversation, before, size));
    begun = undefined;
    before = page.messages[0]?.channel_seq;
    yield* page.messages.toReversed();
    if (!page.hasOlder || before === undefined) return;
  }
}

/** A thread has no pages, only its newest replies; a message that has waited may lie behind those. */
async function threadBefore(
  client: ClickClackClient,
  rootId: string,
  { thread_seq: seq = 0 }: Message,
  wanted: number,
): Promise<Past> {
  const read = async (limit: number) => {
    const { root, replies } = await client.thread(rootId, limit);
    const isWhole = (replies[0]?.thread_seq ?? 1) <= 1;
    return { root, isWhole, said: replies.filter(({ thread_seq = 0 }) => thread_seq < seq).toReversed() };
  };
  // The message itself is among its thread's newest.
  const first = await read(Math.min(wanted + 1, PAGE_MAX));
  return first.isWhole || first.said.length >= wanted ? first : read(PAGE_MAX);
}

/** Whether anybody's words are in it. Our own notice of an outage is none: an agent that reads it apologises again. */
export function isPartOfTalk({ deleted_at, kind, nonce }: Message): boolean {
  return deleted_at === undefined && kind === "message" && !(nonce !== undefined && isNoticeNonce(nonce));
}

/** Whether it was said up to a fresh start. */
export function isBefore(said: Message, start: Pick<FreshStart, "at"> | undefined): boolean {
  return start !== undefined && timeOf(said) <= start.at;
}

/**
 * What of a talk goes along: long messages cut, and no more than an agent should have to read.
 *
 * @param said the newest first
 * @returns oldest first
 */
export function withinBounds(said: readonly Message[], root?: Message): Message[] {
  const opening = root === undefined ? [] : [shortened(root)];
  let chars = opening.reduce((sum, { body }) => sum + body.length, 0);
  const kept: Message[] = [];
  for (const message of said.map(shortened)) {
    chars += message.body.length;
    if (chars > HISTORY_MAX_CHARS) break;
    kept.push(message);
  }
  return [...opening, ...kept.toReversed()];
}

function shortened(message: Message): Message {
  const { body } = message;
  if (body.length <= HISTORY_MESSAGE_MAX_CHARS) return message;
  return { ...message, body: `${cut(body, HISTORY_MESSAGE_MAX_CHARS)} […]` };
}

/** Unix ms. */
function timeOf({ created_at }: Message): number {
  return Date.parse(created_at);
}
