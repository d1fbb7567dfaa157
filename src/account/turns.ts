import { CRASH_ATTEMPTS } from "../limits.ts";
import type { Cause } from "./cause.ts";
import type { DeadItem } from "./dead.ts";
import type { Work } from "./journal.ts";
import { deadItemOf } from "./journal-row.ts";
import type { Restored } from "./lane.ts";
import type { Sql } from "./sql.ts";
import {
  type Claim,
  type EndReason,
  restoredOf,
  type Turn,
  type TurnRow,
  type TurnState,
  turnOf,
} from "./turn-row.ts";

/** What a row has from the moment that its message is admitted. */
const ADMITTED =
  "message_id, conversation, cursor, correlation_id, admitted_at, admitted_as, setting, command";
const ADMITTED_VALUES = "?, ?, ?, ?, ?, ?, ?, ?";

function admitted({ messageId, conversation, cursor, correlationId, admission }: Work, now: number) {
  return [
    ...[messageId, conversation, cursor, correlationId ?? null, now],
    ...[admission?.as ?? null, admission?.setting ?? null, admission?.command ?? null],
  ];
}

/** The turns table: admitted messages on their way to an answer. */
export class Turns {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Writes down an admitted message that cannot run at once. One that an earlier instance was running waits again. */
  park(work: Work, now: number): void {
    this.#sql.exec(
      `INSERT INTO turns (${ADMITTED}, state, attempts, runs, due_at)
       VALUES (${ADMITTED_VALUES}, 'waiting', 0, 0, ?)
       ON CONFLICT (message_id) DO UPDATE SET state = 'waiting' WHERE state = 'running'`,
      ...admitted(work, now),
      work.dueAt,
    );
  }

  find(messageId: string): Turn | undefined {
    const row = this.#sql.exec<TurnRow>("SELECT * FROM turns WHERE message_id = ?", messageId).toArray()[0];
    return row && turnOf(row);
  }

  /**
   * Begins a turn. It needs no lease: one instance of the object can write at a time, and the next one begins what this
   * one left.
   *
   * @param asking false when a stored reply is only posted again, which is no attempt of its own
   */
  claim(work: Work, asking: boolean, now: number): Claim {
    const row = this.#sql
      .exec<TurnRow>(
        `INSERT INTO turns (${ADMITTED}, state, attempts, runs, due_at)
         VALUES (${ADMITTED_VALUES}, 'running', 1, 0, 0)
         ON CONFLICT (message_id)
         DO UPDATE SET attempts = attempts + iif(state = 'running', ?, ?), state = 'running'
         RETURNING *`,
        ...admitted(work, now),
        asking ? CRASH_ATTEMPTS : 0,
        asking ? 1 : 0,
      )
      .one();
    return {
      attempts: row.attempts,
      runs: row.runs,
      admittedAt: row.admitted_at,
      ...(row.session_key !== null &&
        row.run_id !== null && { lostRun: { sessionKey: row.session_key, runId: row.run_id } }),
    };
  }

  /** Notes the run as soon as the gateway names it, so that its answer can be found after a crash. */
  runStarted(messageId: string, sessionKey: string, runId: string): void {
    this.#sql.exec(
      "UPDATE turns SET session_key = ?, run_id = ? WHERE message_id = ?",
      sessionKey,
      runId,
      messageId,
    );
  }

  /** @param ranAgent whether the agent was reached and failed */
  retryLater(messageId: string, dueAt: number, { reason, error }: Cause, ranAgent: boolean): void {
    this.#sql.exec(
      "UPDATE turns SET state = 'waiting', due_at = ?, reason = ?, error = ?, runs = runs + ? WHERE message_id = ?",
      dueAt,
      reason,
      error,
      ranAgent ? 1 : 0,
      messageId,
    );
  }

  /**
   * The gateway was not reached: the attempt was none, and is given back.
   *
   * @param mayHaveRun then it counts like one that never came back
   */
  waitForGateway(messageId: string, { reason, error }: Cause, mayHaveRun: boolean): void {
    this.#sql.exec(
      "UPDATE turns SET state = 'waiting', attempts = max(attempts + ?, 0), reason = ?, error = ? WHERE message_id = ?",
      mayHaveRun ? CRASH_ATTEMPTS - 1 : -1,
      reason,
      error,
      messageId,
    );
  }

  /** @param reason why it is silent or cancelled; absent for one that is answered */
  settle(
    messageId: string,
    state: "answered" | "silent" | "cancelled",
    now: number,
    reason?: EndReason,
  ): void {
    this.#sql.exec(
      "UPDATE turns SET state = ?, reason = ?, settled_at = ? WHERE message_id = ?",
      state,
      reason ?? null,
      now,
      messageId,
    );
  }

  /** Gives a message up, for an operator to see. */
  die(messageId: string, now: number, { reason, error }: Cause): void {
    this.#sql.exec(
      "UPDATE turns SET state = 'dead', reason = ?, error = ?, settled_at = ? WHERE message_id = ?",
      reason,
      error,
      now,
      messageId,
    );
  }

  /**
   * The first question of every conversation, where that one waits and is not being asked about at this moment. The bot's
   * own commands need no agent. One scan.
   */
  firstWaiting(): { conversation: string; messageId: string }[] {
    return this.#sql
      .exec<{ conversation: string; message_id: string; state: TurnState }>(
        `SELECT conversation, message_id, state, min(cursor) FROM turns
         WHERE state IN ('waiting', 'running') AND command IS NULL
         GROUP BY conversation ORDER BY min(cursor)`,
      )
      .toArray()
      .filter(({ state }) => state === "waiting")
      .map((row) => ({ conversation: row.conversation, messageId: row.message_id }));
  }

  /** The oldest message that is tried again, and why its last try failed. */
  troubled(): { message: string; reason: string; error: string } | undefined {
    return this.#sql
      .exec<{ message: string; reason: string; error: string }>(
        `SELECT message_id AS message, reason, error FROM turns
         WHERE state IN ('waiting', 'running') AND reason IS NOT NULL ORDER BY cursor LIMIT 1`,
      )
      .toArray()[0];
  }

  /** Forgets a waiting turn whose message is dropped after all. */
  remove(messageId: string): void {
    this.#sql.exec("DELETE FROM turns WHERE message_id = ?", messageId);
  }

  /**
   * Turns that are not settled, in cursor order, at the start of the object; those that an earlier instance was running
   * among them.
   */
  unsettled(): Restored[] {
    return this.#sql
      .exec<TurnRow>("SELECT * FROM turns WHERE state IN ('waiting', 'running') ORDER BY cursor")
      .toArray()
      .map(restoredOf);
  }

  /** Turns that were given up, the newest first. */
  dead(limit: number): Omit<DeadItem, "stage">[] {
    return this.#sql
      .exec<TurnRow>("SELECT * FROM turns WHERE state = 'dead' ORDER BY settled_at DESC LIMIT ?", limit)
      .toArray()
      .map((row) => deadItemOf(row, row.settled_at ?? 0));
  }

  /** A dead turn waits again, as if it had just been admitted; the run that it had can still be looked up. */
  revive(messageId: string, now: number): Restored {
    return restoredOf(
      this.#sql
        .exec<TurnRow>(
          `UPDATE turns SET state = 'waiting', reason = NULL, attempts = 0, runs = 0, due_at = 0, admitted_at = ?,
           settled_at = NULL WHERE message_id = ? RETURNING *`,
          now,
          messageId,
        )
        .one(),
    );
  }

  /** Turns in a state, by why. */
  countByReason(state: "silent" | "cancelled" | "dead"): Record<string, number> {
    const rows = this.#sql.exec<{ reason: string; n: number }>(
      "SELECT reason, count(*) AS n FROM turns WHERE state = ? GROUP BY reason",
      state,
    );
    return Object.fromEntries(rows.toArray().map((row) => [row.reason, row.n]));
  }

  countByState(): Record<TurnState, number> {
    const counts = { waiting: 0, running: 0, answered: 0, silent: 0, cancelled: 0, dead: 0 };
    const rows = this.#sql.exec<{ state: TurnState; n: number }>(
      "SELECT state, count(*) AS n FROM turns GROUP BY state",
    );
    for (const row of rows) counts[row.state] = row.n;
    return counts;
  }
}
