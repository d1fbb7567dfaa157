import { badRequest } from "../errors.ts";
import { appendEvent } from "./events.ts";
import { pairKey, type Store } from "./store.ts";
import type { ChannelRow, ConversationRow, EventRow } from "./tables.ts";

/** How far a user has read a channel or a conversation. */
export interface Receipt {
  readonly scope_id: string;
  readonly user_id: string;
  readonly last_read_seq: number;
  readonly last_read_at: string;
}

/**
 * Moves a read mark forward, at most to the last message; backwards it does not move. Only the reader is told.
 *
 * @param place the channel or conversation, which the user may read
 * @throws ApiError 400 for a negative number
 */
export function markRead(
  store: Store,
  place: ChannelRow | ConversationRow,
  userId: string,
  seq: number,
): { receipt: Receipt; event?: EventRow } {
  if (seq < 0) throw badRequest("seq must be non-negative");
  const isConversation = "member_ids" in place;
  const key = pairKey(place.id, userId);
  const current = store.reads.get(key) ?? { last_read_seq: 0, last_read_at: "" };
  const target = Math.min(seq, store.roots.get(place.id)?.at(-1)?.channel_seq ?? 0);
  const receipt = { scope_id: place.id, user_id: userId };
  if (target <= current.last_read_seq) return { receipt: { ...receipt, ...current } };
  const read = { last_read_seq: target, last_read_at: store.now() };
  store.reads.set(key, read);
  const event = appendEvent(store, {
    type: isConversation ? "dm.read" : "channel.read",
    workspaceId: place.workspace_id,
    channelId: isConversation ? "" : place.id,
    seq: target,
    payload: { [isConversation ? "direct_conversation_id" : "channel_id"]: place.id, user_id: userId },
    recipients: [userId],
  });
  return { receipt: { ...receipt, ...read }, event };
}
