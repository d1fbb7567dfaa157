import {
  guardLoop,
  type LoopEvent,
  type LoopPolicy,
  type LoopState,
  NOTHING_SEEN,
} from "../domain/loop-guard.ts";
import type { Sql } from "./sql.ts";

/** The bot_pairs table: what other bots have said to this one of late, so that two that only answer each other are stopped. */
export class BotPairs {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Counts a message of another bot.
   *
   * @param pair under which the two are kept, see `pairKey`
   * @param now Unix ms
   * @returns whether it goes unanswered
   */
  suppresses(pair: string, event: LoopEvent, policy: LoopPolicy, now: number): boolean {
    const before = this.#find(pair);
    const { state, suppressed } = guardLoop(before, event, policy);
    if (state !== before) this.#store(pair, state, now);
    return suppressed;
  }

  #find(pair: string): LoopState {
    const row = this.#sql
      .exec<{ state: string }>("SELECT state FROM bot_pairs WHERE pair = ?", pair)
      .toArray()[0];
    return row === undefined ? NOTHING_SEEN : (JSON.parse(row.state) as LoopState);
  }

  #store(pair: string, state: LoopState, now: number): void {
    this.#sql.exec(
      `INSERT INTO bot_pairs (pair, state, seen_at) VALUES (?, ?, ?)
       ON CONFLICT (pair) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at`,
      pair,
      JSON.stringify(state),
      now,
    );
  }
}
