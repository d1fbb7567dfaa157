import { CLEANUP_INTERVAL_MS, RETENTION_MS } from "../limits.ts";
import { log } from "../observe/log.ts";
import type { AccountContext } from "./context.ts";

/**
 * Deletes rows that were settled longer ago than the retention. What is not settled, and what is dead and waits for an
 * operator, stays.
 */
export function cleanUp(context: AccountContext, sql: SqlStorage): void {
  const now = context.now();
  if (now - (context.facts.get("cleanedAt") ?? 0) < CLEANUP_INTERVAL_MS) return;
  const before = now - RETENTION_MS;
  const settled =
    "SELECT message_id FROM turns WHERE settled_at < ? AND state IN ('answered', 'silent', 'cancelled')";
  const rows = context.transaction(() => {
    // A journal row goes with its turn and not before, or the message would look undecided.
    const journal = sql.exec(
      `DELETE FROM journal WHERE (state = 'dropped' AND seen_at < ?) OR message_id IN (${settled})`,
      before,
      before,
    );
    const turns = sql.exec(`DELETE FROM turns WHERE message_id IN (${settled})`, before);
    const outbox = sql.exec("DELETE FROM outbox WHERE state = 'sent' AND created_at < ?", before);
    context.facts.set("cleanedAt", now);
    return journal.rowsWritten + turns.rowsWritten + outbox.rowsWritten;
  });
  log({ event: "cleanup:done", account: context.account.id, rows });
}
