import { cursorExists, eventsAfter, isVisibleTo, tailCursor } from "../store/events.ts";
import type { Store } from "../store/store.ts";
import type { EventRow } from "../store/tables.ts";

const PAGE_SIZE = 500;

/** How a replay ended: up to a cursor, after which live events follow, or with the demand to start anew. */
export type Replayed = { readonly kind: "done"; readonly cursor: string } | { readonly kind: "resync" };

/**
 * Sends a reader everything between their cursor and the newest event at this moment.
 *
 * ClickClack demands a resync for a cursor that is not in the log (unknown, pruned, of another workspace), for one that
 * is newer than the newest event the reader may see, and after `cap` events.
 *
 * @param cap how many events may be sent
 */
export async function replay(
  store: Store,
  reader: { readonly userId: string; readonly workspaceId: string },
  afterCursor: string,
  cap: number,
  send: (event: EventRow) => Promise<void>,
): Promise<Replayed> {
  const { userId, workspaceId } = reader;
  const tail = tailCursor(store, workspaceId, userId);
  if (afterCursor !== "" && (!cursorExists(store, workspaceId, afterCursor) || afterCursor > tail)) {
    return { kind: "resync" };
  }
  let cursor = afterCursor;
  let sent = 0;
  while (cursor < tail) {
    const page = eventsAfter(store, workspaceId, userId, cursor, PAGE_SIZE);
    // The log may be pruned while a slow reader is being served.
    if (page.length === 0 || (cursor !== "" && !cursorExists(store, workspaceId, cursor)))
      return { kind: "resync" };
    for (const event of page) {
      if (event.cursor > tail) return { kind: "done", cursor };
      if (sent >= cap) return { kind: "resync" };
      sent++;
      if (isVisibleTo(store, event, userId)) await send(event);
      cursor = event.cursor;
    }
  }
  return { kind: "done", cursor };
}
