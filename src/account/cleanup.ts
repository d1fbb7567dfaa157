import { overlapCursor } from "../domain/cursor.ts";
import { CLEANUP_INTERVAL_MS, CURSOR_OVERLAP_MS, DEAD_RETENTION_MS, RETENTION_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Sql } from "./sql.ts";

/**
 * Deletes rows that were settled longer ago than the retention. What is not settled stays; what is dead stays longer,
 * whole, for an operator to act on; and what the next sweep would read again, or in a quiet workspace the last message would be
 * taken for a new one.
 */
export function cleanUp(context: AccountContext, sql: Sql): void {
  const now = context.now();
  if (now - (context.facts.get("cleanedAt") ?? 0) < CLEANUP_INTERVAL_MS) return;
  const before = now - RETENTION_MS;
  // Twice the overlap: a message that a list brought stands at its id's time, and its event, which a sweep may bring
  // later, a little after that. The margin keeps its row for as long as either is read again.
  const swept = overlapCursor(context.facts.get("cursor") ?? "", 2 * CURSOR_OVERLAP_MS, "");
  const deadBefore = now - DEAD_RETENTION_MS;
  const settled = `SELECT message_id FROM turns
    WHERE settled_at < iif(state = 'dead', ?, ?) AND cursor < ? AND state NOT IN ('waiting', 'running')`;
  const rows = context.transaction(() => {
    // A journal row goes with its turn and not before, or the message would look undecided.
    const journal = sql.exec(
      `DELETE FROM journal
       WHERE (state IN ('dropped', 'dead') AND seen_at < iif(state = 'dead', ?, ?) AND cursor < ?)
          OR message_id IN (${settled})`,
      ...[deadBefore, before, swept, deadBefore, before, swept],
    );
    const turns = sql.exec(`DELETE FROM turns WHERE message_id IN (${settled})`, deadBefore, before, swept);
    const keptForDead =
      "SELECT 1 FROM turns WHERE state = 'dead' AND instr(outbox.nonce, ':' || turns.message_id || ':') > 0";
    // A send that is still pending had its chance: its caller was told to ask again, and did not. But one that is
    // delivered in the background is ours to bring to an end.
    const outbox = sql.exec(
      `DELETE FROM outbox
       WHERE (created_at < ? AND (state = 'sent' OR request_hash IS NOT NULL)
              AND NOT (state = 'pending' AND due_at IS NOT NULL) AND NOT EXISTS (${keptForDead}))
          OR (created_at < ? AND state = 'dead' AND NOT EXISTS (${keptForDead}))`,
      ...[before, deadBefore],
    );
    const commands = sql.exec(
      "DELETE FROM commands WHERE NOT EXISTS (SELECT 1 FROM journal WHERE message_id = trigger_id)",
    );
    // What people write is not kept: of a command that is settled no more is needed than that it was given.
    const texts = sql.exec(
      `UPDATE commands SET text = '' WHERE text <> '' AND trigger_id IN (
         SELECT message_id FROM turns WHERE state IN ('answered', 'silent', 'cancelled')
         UNION SELECT message_id FROM journal WHERE state = 'dropped')`,
    );
    const pairs = sql.exec("DELETE FROM bot_pairs WHERE seen_at < ?", before);
    context.facts.set("cleanedAt", now);
    return [journal, turns, outbox, commands, texts, pairs].reduce(
      (sum, { rowsWritten }) => sum + rowsWritten,
      0,
    );
  });
  if (rows > 0) context.log({ event: "cleanup:done", rows });
}
