import type { RootPlace } from "../clickclack/client.ts";
import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import { isNoticeNonce } from "../domain/nonce.ts";
import { HISTORY_MAX_CHARS, PAGE_MAX } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { FreshStart } from "./fresh-starts.ts";

/**
 * What was said in a conversation before a message, oldest first, within the account's `historyLimit` and a bound on
 * characters. Deleted messages and agents' activity rows are left out. A thread's root opens its history.
 *
 * @throws {ClickClackError}
 */
export async function historyBefore(
  context: AccountContext,
  conversation: Conversation,
  message: Message,
  since?: FreshStart,
): Promise<Message[]> {
  const limit = Math.min(context.account.historyLimit, PAGE_MAX);
  if (limit === 0) return [];
  const before =
    conversation.kind === "thread"
      ? await threadBefore(context, conversation.rootId, message, limit)
      : await rootsBefore(context, conversation, message, limit);
  const remembered = before.filter(({ created_at }) => Date.parse(created_at) > (since?.at ?? 0));
  return bound(remembered.filter(isPartOfTalk));
}

/** A slash command has no number among the messages, but a time. */
async function rootsBefore(
  context: AccountContext,
  conversation: RootPlace,
  message: Message,
  limit: number,
): Promise<Message[]> {
  const { client } = context;
  if (message.channel_seq !== undefined)
    return (await client.rootPage(conversation, message.channel_seq, limit)).messages;
  const { messages } = await client.rootPage(conversation, undefined, PAGE_MAX);
  const askedAt = Date.parse(message.created_at);
  return messages.filter(({ created_at }) => Date.parse(created_at) <= askedAt).slice(-limit);
}

async function threadBefore(
  context: AccountContext,
  rootId: string,
  message: Message,
  limit: number,
): Promise<Message[]> {
  const { root, replies } = await context.client.thread(rootId, limit);
  const earlier = replies.filter((reply) => (reply.thread_seq ?? 0) < (message.thread_seq ?? 0));
  return [root, ...earlier.slice(Math.max(0, earlier.length - limit + 1))];
}

/** Our own notice of an outage is no part of the talk: an agent that reads it apologises again. */
function isPartOfTalk({ deleted_at, kind, nonce }: Message): boolean {
  return deleted_at === undefined && kind === "message" && !(nonce !== undefined && isNoticeNonce(nonce));
}

/** The newest messages that fit. */
function bound(messages: Message[]): Message[] {
  let chars = 0;
  let from = messages.length;
  while (from > 0) {
    chars += messages[from - 1]?.body.length ?? 0;
    if (chars > HISTORY_MAX_CHARS) break;
    from--;
  }
  return messages.slice(from);
}
