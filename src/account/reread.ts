import type { ClickClackClient, RootPlace } from "../clickclack/client.ts";
import { ClickClackError, type ClickClackFailure } from "../clickclack/errors.ts";
import type { Message } from "../clickclack/wire.ts";
import { conversationKey } from "../domain/conversation.ts";
import { messageCursor } from "../domain/cursor.ts";
import { hasMovedSince, reachesBack, type Uncovered, type UncoveredReason } from "../domain/resync.ts";
import {
  PAGE_MAX,
  RESYNC_CONVERSATIONS_MAX,
  RESYNC_PAGES_PER_CONVERSATION_MAX,
  RESYNC_THREADS_MAX,
} from "../limits.ts";
import type { Listed } from "./intake.ts";

/** Where a reread reads. */
export type RereadSource = Pick<ClickClackClient, "channels" | "directConversations" | "rootPage" | "thread">;

export interface RereadBounds {
  conversations: number;
  pagesPerConversation: number;
  /** Over all conversations. */
  threads: number;
}

const BOUNDS: RereadBounds = {
  conversations: RESYNC_CONVERSATIONS_MAX,
  pagesPerConversation: RESYNC_PAGES_PER_CONVERSATION_MAX,
  threads: RESYNC_THREADS_MAX,
};

/** A refusal of one list that asking again would not change. */
const REFUSED: readonly ClickClackFailure[] = ["missing_scope", "not_found", "forbidden", "invalid"];
/**
 * Of one conversation, an answer that is too large or cannot be read as well: it would be so again at every try, and the
 * bot would never come back to the other conversations. A server that is none of ClickClack's is found out by the lists
 * of conversations, which are asked first.
 */
const REFUSED_IN_ONE: readonly ClickClackFailure[] = [...REFUSED, "not_clickclack"];
/** Of one conversation, once it was waited for long enough. */
const FAILED_IN_ONE: readonly ClickClackFailure[] = [...REFUSED_IN_ONE, "unavailable", "throttled"];

/**
 * Reads, within bounds, what was said in channels, direct conversations and threads after a point in time, through the
 * lists of messages. They have no order over conversations and know nothing of cursors, but pruning leaves them whole.
 *
 * @param since a point in the space of cursors, as `lastKnown` gives it
 * @param take told of every message after it, in order within its conversation, with its place among the events
 * @param isLastTry leaves out a conversation that cannot be read just now, instead of throwing
 * @returns what may not have been seen
 * @throws {ClickClackError} when it has to be made again: what is retryable, and what an operator has to mend
 */
export async function reread(
  source: RereadSource,
  workspaceId: string,
  since: string,
  take: (message: Listed, cursor: string) => void,
  isLastTry: boolean,
  bounds: RereadBounds = BOUNDS,
): Promise<Uncovered[]> {
  const reader = new Reader(source, since, take, isLastTry ? FAILED_IN_ONE : REFUSED_IN_ONE, bounds);
  await reader.read(workspaceId);
  return reader.uncovered;
}

class Reader {
  readonly uncovered: Uncovered[] = [];
  readonly #source: RereadSource;
  readonly #since: string;
  readonly #take: (message: Listed, cursor: string) => void;
  readonly #refusedInOne: readonly ClickClackFailure[];
  readonly #bounds: RereadBounds;
  #threads = 0;
  #leftOlderRoots = false;

  constructor(
    source: RereadSource,
    since: string,
    take: (message: Listed, cursor: string) => void,
    refusedInOne: readonly ClickClackFailure[],
    bounds: RereadBounds,
  ) {
    this.#source = source;
    this.#since = since;
    this.#take = take;
    this.#refusedInOne = refusedInOne;
    this.#bounds = bounds;
  }

  async read(workspaceId: string): Promise<void> {
    const places = await this.#places(workspaceId);
    for (const place of places.slice(0, this.#bounds.conversations)) await this.#conversation(place);
    if (places.length > this.#bounds.conversations) this.#report(workspaceId, "more_conversations");
    if (this.#leftOlderRoots) this.#report(workspaceId, "old_threads");
  }

  /** Direct conversations come first: all that is said there is meant for the bot. */
  async #places(workspaceId: string): Promise<RootPlace[]> {
    const dms = await this.#unlessRefused("dms", REFUSED, () =>
      this.#source.directConversations(workspaceId),
    );
    const channels = await this.#unlessRefused("channels", REFUSED, () => this.#source.channels(workspaceId));
    return [
      ...(dms ?? []).map(({ id }): RootPlace => ({ kind: "dm", dmId: id })),
      ...(channels ?? []).map(({ id }): RootPlace => ({ kind: "channel", channelId: id })),
    ];
  }

  async #conversation(place: RootPlace): Promise<void> {
    const conversation = conversationKey(place);
    const roots = await this.#roots(place, conversation);
    // Pages come newest first, and what is taken in is answered at once: so nothing is taken before the last page.
    this.#takeAll(conversation, roots);
    const moved = roots.filter(({ thread_state }) => hasMovedSince(thread_state?.last_reply_at, this.#since));
    const room = this.#bounds.threads - this.#threads;
    this.#threads += Math.min(moved.length, room);
    // The newest roots' threads, where there are more than may be read.
    for (const root of moved.slice(Math.max(0, moved.length - room))) await this.#thread(root.id);
    if (moved.length > room) this.#report(conversation, "more_threads");
  }

  /** The root messages back to what is known, oldest first. */
  async #roots(place: RootPlace, conversation: string): Promise<Message[]> {
    let roots: Message[] = [];
    let beforeSeq: number | undefined;
    for (let page = 0; page < this.#bounds.pagesPerConversation; page++) {
      const read = await this.#unlessRefused(conversation, this.#refusedInOne, () =>
        this.#source.rootPage(place, beforeSeq, PAGE_MAX),
      );
      if (read === undefined) return roots;
      roots = [...read.messages.map(withoutText), ...roots];
      const [oldest] = read.messages;
      if (!read.hasOlder || oldest === undefined) return roots;
      if (reachesBack(read.messages, this.#since)) {
        this.#leftOlderRoots = true;
        return roots;
      }
      beforeSeq = oldest.channel_seq;
      if (beforeSeq === undefined) break;
    }
    this.#leftOlderRoots = true;
    this.#report(conversation, "more_pages");
    return roots;
  }

  /** ClickClack shows the newest replies of a thread, and has no pages before them. */
  async #thread(rootId: string): Promise<void> {
    const read = await this.#unlessRefused(rootId, this.#refusedInOne, () =>
      this.#source.thread(rootId, PAGE_MAX),
    );
    if (read === undefined) return;
    this.#takeAll(rootId, read.replies);
    const [oldest] = read.replies;
    if (oldest !== undefined && oldest.thread_seq !== 1 && !reachesBack(read.replies, this.#since))
      this.#report(rootId, "more_replies");
  }

  #takeAll(conversation: string, messages: readonly Message[]): void {
    let isReadable = true;
    for (const message of messages) {
      const cursor = messageCursor(message.id, message.created_at);
      if (cursor === undefined) isReadable = false;
      else if (cursor > this.#since) this.#take(message, cursor);
    }
    if (!isReadable) this.#report(conversation, "unreadable");
  }

  async #unlessRefused<Result>(
    conversation: string,
    refusals: readonly ClickClackFailure[],
    read: () => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ClickClackError) || !refusals.includes(error.failure)) throw error;
      this.#report(conversation, "unreadable");
      return undefined;
    }
  }

  #report(conversation: string, reason: UncoveredReason): void {
    this.uncovered.push({ conversation, reason });
  }
}

/** Texts are not kept: those of a few pages could fill the object's memory. */
function withoutText(message: Message): Message {
  return { ...message, body: "" };
}
