import { sortedDeep } from "../json.ts";
import { compactStrings } from "../rules/text.ts";
import { dropDeliveriesOf } from "./deliveries.ts";
import { findMember } from "./members.ts";
import { listUnder, type Store } from "./store.ts";
import type { EventRow } from "./tables.ts";

/** What is to be told; ids, cursor and time are added when it is appended. */
export interface NewEvent {
  readonly type: string;
  readonly workspaceId: string;
  readonly channelId?: string;
  readonly seq?: number | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The only users who may see it; none given means the whole workspace. */
  readonly recipients?: readonly string[];
  readonly mentions?: readonly string[];
}

/** Appends a durable event to its workspace's log. The cursor is taken here, inside the change it tells of. */
export function appendEvent(store: Store, event: NewEvent): EventRow {
  const row: EventRow = {
    id: store.newId("evt"),
    cursor: store.newId("cur"),
    type: event.type,
    workspace_id: event.workspaceId,
    channel_id: event.channelId ?? "",
    seq: event.seq,
    created_at: store.now(),
    payload: sortedDeep(event.payload) as EventRow["payload"],
    mentioned_user_ids: event.mentions ?? [],
    recipient_user_ids: compactStrings(event.recipients ?? []),
  };
  listUnder(store.events, event.workspaceId).push(row);
  return row;
}

/** Says whether an event is anything to a user: addressed to them, and for receipts, about themselves. */
export function isAddressedTo(event: EventRow, userId: string): boolean {
  if (event.recipient_user_ids.length > 0) return event.recipient_user_ids.includes(userId);
  if (event.type === "channel.read" || event.type === "dm.read") return event.payload.user_id === userId;
  return true;
}

/**
 * Says whether a user may see an event now. Recipients are fixed when an event is written, and membership of the
 * workspace and of the conversation is looked at again whenever it is read.
 */
export function isVisibleTo(store: Store, event: EventRow, userId: string): boolean {
  if (!isAddressedTo(event, userId)) return false;
  if (findMember(store, event.workspace_id, userId) === undefined) return false;
  const conversationId = event.payload.direct_conversation_id;
  if (typeof conversationId !== "string" || conversationId === "") return true;
  return store.conversations.get(conversationId)?.member_ids.includes(userId) === true;
}

/**
 * Returns the events after a cursor that a user may see, in the order of cursors.
 *
 * The cursor is only compared, never looked up: an unknown or pruned one gives what sorts after it.
 */
export function eventsAfter(
  store: Store,
  workspaceId: string,
  userId: string,
  cursor: string,
  limit: number,
): EventRow[] {
  const log = store.events.get(workspaceId) ?? [];
  const page: EventRow[] = [];
  for (let at = firstAfter(log, cursor); at < log.length && page.length < limit; at++) {
    const event = log[at];
    if (event !== undefined && isVisibleTo(store, event, userId)) page.push(event);
  }
  return page;
}

/** Returns the cursor of the newest event that a user may see, or `""`. */
export function tailCursor(store: Store, workspaceId: string, userId: string): string {
  return store.events.get(workspaceId)?.findLast((event) => isVisibleTo(store, event, userId))?.cursor ?? "";
}

/** Says whether a cursor is that of an event still in the log, whoever may see it. */
export function cursorExists(store: Store, workspaceId: string, cursor: string): boolean {
  return store.events.get(workspaceId)?.some((event) => event.cursor === cursor) === true;
}

/**
 * Drops all but the newest `keep` events of a workspace, as ClickClack's `admin events prune` does; nobody is told. The
 * deliveries of those events go with them.
 *
 * @returns the events that went, oldest first
 */
export function pruneEvents(store: Store, workspaceId: string, keep: number): EventRow[] {
  const log = store.events.get(workspaceId) ?? [];
  const gone = log.splice(0, Math.max(0, log.length - keep));
  dropDeliveriesOf(store, gone);
  return gone;
}

/** Returns the index of the first event after the cursor, by halving: the log is in the order of cursors. */
function firstAfter(log: readonly EventRow[], cursor: string): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const event = log[middle];
    if (event !== undefined && event.cursor <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
