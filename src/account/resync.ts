import { lastKnown } from "../domain/cursor.ts";
import type { Uncovered } from "../domain/resync.ts";
import { CURSOR_OVERLAP_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Intake, Listed } from "./intake.ts";
import { reread } from "./reread.ts";
import { sweep } from "./sweep.ts";
import { takeTail } from "./tail.ts";

/** How a lost cursor was made up for. */
export interface Resynced {
  /** Where the next socket goes on: everything up to here is taken in, or reported. */
  to: string;
  /** Set when no page shows the event at `to`, so that its absence proves nothing. */
  isHidden?: true;
  /** False when event pages are left to read after `to`. */
  complete: boolean;
  /** Messages that no other road had brought. */
  messages: number;
  /** What may have been missed; undefined when the event log was whole, so that nothing was. */
  uncovered?: Uncovered[];
}

/**
 * Makes up for a cursor that ClickClack does not replay: it was pruned, lies more than 5,000 events back, or belongs to a
 * time that a restored server does not know.
 *
 * Event pages take any cursor, so they are asked first whether the log still holds the event of the lost one. If so they
 * have everything after it, and nothing was missed. If not, the message lists are read, within bounds, for what was said
 * since; and then the event pages all the same, because they tell of replies to roots that are too old for the lists.
 * The lists come first of the two: what is taken in is answered at once, and the pages have the newer messages.
 *
 * The tail is taken before anything is read. What comes after it, the next socket brings.
 *
 * @param from the durable cursor
 * @param isLastTry leaves out a conversation that cannot be read just now, instead of throwing
 * @throws {ClickClackError} then nothing is settled, and it is to be made again from the same cursor
 */
export async function resync(
  context: AccountContext,
  intake: Intake,
  identity: Identity,
  from: string,
  isLastTry: boolean,
): Promise<Resynced> {
  const { client, facts } = context;
  const { workspaceId, botUserId } = identity;
  const tail = await takeTail(client, workspaceId);
  const first = await sweep(context, intake, identity, from, true);
  let messages = first.repaired;
  // Not to the tail, but as far as it was really read: the next socket or resync goes on from there.
  if (first.holds && (first.cursor > from || from >= tail.cursor))
    return { to: first.cursor, complete: first.complete, messages };

  const take = (message: Listed, cursor: string) => {
    if (intake.message(message, cursor, botUserId)) messages++;
  };
  const since = lastKnown(from, CURSOR_OVERLAP_MS, facts.get("floor") ?? "");
  const uncovered: Uncovered[] =
    since === undefined
      ? [{ conversation: workspaceId, reason: "no_time" }]
      : await reread(client, workspaceId, since, take, isLastTry);
  const swept = await sweep(context, intake, identity, from, false);
  messages += swept.repaired;
  // Pages that cannot be read are left behind: the lists have what they tell of.
  const isBehind = !swept.complete && swept.cursor > from;
  const { cursor: to, isHidden } = isBehind ? { cursor: swept.cursor, isHidden: false } : tail;
  return { to, ...(isHidden && { isHidden }), complete: swept.complete, messages, uncovered };
}
