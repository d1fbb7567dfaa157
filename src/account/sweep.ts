import { Event } from "../clickclack/wire.ts";
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
  /**
   * Whether the event that it started from is still in the log. Pruning takes the oldest events first and only a server
   * restored from an older copy lacks the newest, so nothing that came after a retained event is gone, and everything
   * between it and `cursor` was read. Never true of the empty cursor, which is no event's; and false when it was not
   * asked for.
   */
  holds: boolean;
  /** The newest cursor of the log as it was at the first page, "" for an empty one. */
  tail: string;
}

/**
 * Reads the event pages from a little before a cursor to the tail as it was at the first page, and takes everything in.
 * A short page proves nothing: rows can be left out of it, so the end is the tail or an empty page.
 *
 * @param from where the roads have come to; the floor bounds the step back, nothing before the first start is answered
 * @param onlyIfHeld takes nothing in when the log does not hold the event at `from`: what was pruned is older than what
 *   is left, and has to be taken in before it
 * @throws {ClickClackError}
 */
export async function sweep(
  context: AccountContext,
  intake: Intake,
  identity: Identity,
  from: string,
  onlyIfHeld: boolean,
): Promise<Swept> {
  const { client, facts } = context;
  const { workspaceId, botUserId } = identity;
  // At the floor, which bounds the step back, the event itself is in no page and is asked for.
  const asked = () => from !== "" && client.holdsEvent(workspaceId, from);
  let after = overlapCursor(from, CURSOR_OVERLAP_MS, facts.get("floor") ?? "");
  let read = await client.events(workspaceId, after);
  let holds = onlyIfHeld && (isAmong(read.events, from) || (await asked()));
  const { tail } = read;
  if (onlyIfHeld && !holds) return { repaired: 0, cursor: from, complete: false, holds, tail };

  let repaired = 0;
  for (let pages = 1; ; pages++) {
    const before = after;
    for (const event of read.events) {
      const { cursor, isNew } = intake.event(event, "sweep", botUserId);
      if (isNew) repaired++;
      after = laterCursor(after, cursor);
    }
    const complete = read.events.length === 0 || after >= tail;
    // A whole page that cannot be read is left: reading it again would not help.
    if (complete || after === before || pages === SWEEP_MAX_PAGES) {
      // One page is one moment, but between two of them the log may have been pruned.
      if (holds && pages > 1) holds = await asked();
      return { repaired, cursor: laterCursor(from, after), complete, holds, tail };
    }
    read = await client.events(workspaceId, after);
  }
}

function isAmong(events: unknown[], cursor: string): boolean {
  return events.some((event) => cursor !== "" && Event.safeParse(event).data?.cursor === cursor);
}
