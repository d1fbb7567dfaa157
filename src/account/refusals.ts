import type { CallbackKind } from "../config/types.ts";
import type { Sql } from "./sql.ts";

/** Callbacks of one kind that were refused for one reason. Plain data, because it crosses RPC. */
export interface Refusal {
  kind: CallbackKind;
  reason: string;
  count: number;
}

/** The same as the table has it. */
export interface RefusalCount extends Refusal {
  /** Unix ms. */
  lastAt: number;
}

/** The refusals table. Durable, because an object without a connection sleeps between messages and forgets its memory. */
export class Refusals {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  add({ kind, reason, count }: Refusal, now: number): void {
    this.#sql.exec(
      `INSERT INTO refusals (kind, reason, count, last_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, reason) DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at`,
      ...[kind, reason, count, now],
    );
  }

  /** The latest first. */
  all(): RefusalCount[] {
    return this.#sql
      .exec<{ kind: Refusal["kind"]; reason: string; count: number; last_at: number }>(
        "SELECT * FROM refusals ORDER BY last_at DESC",
      )
      .toArray()
      .map(({ last_at: lastAt, ...row }) => ({ ...row, lastAt }));
  }
}
