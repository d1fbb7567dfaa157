import { laterCursor, overlapCursor } from "../domain/cursor.ts";
import { CURSOR_OVERLAP_MS, SWEEP_MAX_PAGES } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Intake } from "./intake.ts";

/** What a sweep found. */
export interface Swept {
  /** Messages that no other road had brought. */
  repaired: number;
  /** Everything up to here is taken in. */
  cursor: string;
  /** False when the bound on pages ended it before the tail. */
  complete: boolean;
}

/**
 * Reads the event pages from a little before a cursor to the tail as it was at the first page, and takes everything in.
 * A short page proves nothing: rows can be left out of it, so the end is the tail or an empty page.
 *
 * @param from where the roads have come to; the floor bounds the step back, nothing before the first start is answered
 * @throws {ClickClackError}
 */
export async function sweep(
  context: AccountContext,
  intake: Intake,
  identity: Identity,
  from: string,
): Promise<Swept> {
  let after = overlapCursor(from, CURSOR_OVERLAP_MS, context.facts.get("floor") ?? "");
  let tail: string | undefined;
  let repaired = 0;
  for (let page = 0; page < SWEEP_MAX_PAGES; page++) {
    const read = await context.client.events(identity.workspaceId, after);
    tail ??= read.tail;
    const before = after;
    for (const event of read.events) {
      const { cursor, isNew } = intake.event(event, "sweep", identity.botUserId);
      if (isNew) repaired++;
      after = laterCursor(after, cursor);
    }
    if (read.events.length === 0 || after >= tail)
      return { repaired, cursor: laterCursor(from, after), complete: true };
    // A whole page that cannot be read: reading it again would not help.
    if (after === before) break;
  }
  return { repaired, cursor: laterCursor(from, after), complete: false };
}
