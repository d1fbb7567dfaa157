import { cursorTimeMs, messageCursor } from "./cursor.ts";

/**
 * Why something that was said while the cursor was lost may not have been seen. Operators read these words.
 *
 * - `more_pages`: a conversation has more messages than are read of one
 * - `more_replies`: a thread has more replies than ClickClack shows of one
 * - `more_threads`: a conversation has more threads with new replies than were left to read
 * - `more_conversations`: the workspace has more conversations than are read
 * - `old_threads`: a reply to a root further back than the pages that were read is in no list; said once, of the workspace
 * - `unreadable`: ClickClack refused it, or what it answered could not be read
 * - `no_time`: the lost cursor tells no time, so nothing was read
 */
export type UncoveredReason =
  | "more_pages"
  | "more_replies"
  | "more_threads"
  | "more_conversations"
  | "old_threads"
  | "unreadable"
  | "no_time";

/** What may not have been seen. */
export interface Uncovered {
  /** Id of a channel, a direct conversation, a thread's root or the workspace; or the list that could not be read, `channels` or `dms`. */
  conversation: string;
  reason: UncoveredReason;
}

/** What tells when a message was made. */
interface Dated {
  id: string;
  /** RFC 3339. */
  created_at: string;
}

/**
 * Whether a page of messages reaches back to what is known, so that the pages before it are known as well.
 *
 * @param since a point in the space of cursors
 */
export function reachesBack(messages: readonly Dated[], since: string): boolean {
  return messages.some(({ id, created_at }) => {
    const cursor = messageCursor(id, created_at);
    return cursor !== undefined && cursor <= since;
  });
}

/**
 * Whether a thread has had a reply since. Times are parsed, not compared as text: ClickClack trims their zeros. A time
 * that cannot be read counts as new.
 *
 * @param lastReplyAt RFC 3339; undefined for a thread without replies
 * @param since a point in the space of cursors that tells a time
 */
export function hasMovedSince(lastReplyAt: string | undefined, since: string): boolean {
  if (lastReplyAt === undefined) return false;
  // A cursor is exact to the millisecond, and so is the comparison: the whole of it counts as new.
  return !(Date.parse(lastReplyAt) < (cursorTimeMs(since) ?? 0));
}
