import type { DropReason } from "../domain/admission.ts";

/** How a message came to be known; `resync` is the message lists, after a lost cursor. */
export type Road = "realtime" | "sweep" | "resync";

/** A message to be answered or dropped, in its place in line. */
export interface Work {
  messageId: string;
  /** Name of its conversation; order is kept within it. */
  conversation: string;
  /** The event's cursor, or one made from the message's id: order within the conversation. */
  cursor: string;
  correlationId?: string | undefined;
  /** Not before, Unix ms. */
  dueAt: number;
}

type JournalRow = {
  message_id: string;
  conversation: string;
  cursor: string;
  correlation_id: string | null;
  attempts: number;
  due_at: number;
};

/** The journal table: every message that the bot was told of, once. */
export class Journal {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Writes a message down. From here on it is not lost.
   *
   * @returns whether it was new; a message that another road brought before is left as it is
   */
  record(work: Work, road: Road, now: number): boolean {
    const written = this.#sql.exec(
      `INSERT INTO journal (message_id, conversation, cursor, road, correlation_id, seen_at, state, attempts, due_at)
       VALUES (?, ?, ?, ?, ?, ?, 'seen', 0, ?) ON CONFLICT (message_id) DO NOTHING RETURNING message_id`,
      work.messageId,
      work.conversation,
      work.cursor,
      road,
      work.correlationId ?? null,
      now,
      work.dueAt,
    );
    return written.toArray().length > 0;
  }

  /** Messages that are neither dropped nor admitted yet, in cursor order. One scan, at the start of the object. */
  undecided(): Work[] {
    return this.#sql
      .exec<JournalRow>(
        `SELECT journal.* FROM journal LEFT JOIN turns USING (message_id)
         WHERE journal.state = 'seen' AND turns.message_id IS NULL ORDER BY journal.cursor`,
      )
      .toArray()
      .map((row) => ({
        messageId: row.message_id,
        conversation: row.conversation,
        cursor: row.cursor,
        correlationId: row.correlation_id ?? undefined,
        dueAt: row.due_at,
      }));
  }

  /** Failed fetches so far. */
  attempts(messageId: string): number {
    return (
      this.#sql
        .exec<{ attempts: number }>("SELECT attempts FROM journal WHERE message_id = ?", messageId)
        .toArray()[0]?.attempts ?? 0
    );
  }

  retryLater(messageId: string, attempts: number, dueAt: number): void {
    this.#sql.exec(
      "UPDATE journal SET attempts = ?, due_at = ? WHERE message_id = ?",
      attempts,
      dueAt,
      messageId,
    );
  }

  drop(messageId: string, reason: DropReason): void {
    this.#settle(messageId, "dropped", reason);
  }

  die(messageId: string, error: string): void {
    this.#settle(messageId, "dead", error);
  }

  /** Messages that never became a turn, by why. */
  countDropped(): Record<string, number> {
    const rows = this.#sql.exec<{ reason: string; n: number }>(
      "SELECT reason, count(*) AS n FROM journal WHERE state = 'dropped' GROUP BY reason",
    );
    return Object.fromEntries(rows.toArray().map((row) => [row.reason, row.n]));
  }

  countDead(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM journal WHERE state = 'dead'").one().n;
  }

  #settle(messageId: string, state: "dropped" | "dead", reason: string): void {
    this.#sql.exec("UPDATE journal SET state = ?, reason = ? WHERE message_id = ?", state, reason, messageId);
  }
}
