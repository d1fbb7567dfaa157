import type { Sql } from "./sql.ts";

/** The message with which a place's session was begun anew. */
export interface FreshStart {
  messageId: string;
  /** When it was written, by ClickClack's clock, Unix ms. */
  at: number;
}

/** The fresh_starts table: what was said before one of them is not remembered any more. */
export class FreshStarts {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  find(place: string): FreshStart | undefined {
    const row = this.#sql
      .exec<{ message_id: string; at: number }>(
        "SELECT message_id, at FROM fresh_starts WHERE place = ?",
        place,
      )
      .toArray()[0];
    return row && { messageId: row.message_id, at: row.at };
  }

  /** One that is older than the last one, asked again after a restart for example, changes nothing. */
  begin(place: string, { messageId, at }: FreshStart): void {
    this.#sql.exec(
      `INSERT INTO fresh_starts (place, message_id, at) VALUES (?, ?, ?)
       ON CONFLICT (place) DO UPDATE SET message_id = excluded.message_id, at = excluded.at WHERE excluded.at > at`,
      place,
      messageId,
      at,
    );
  }
}
