import type { SigningSecrets } from "../config/types.ts";
import type { AdmitReason, DropReason } from "../domain/admission.ts";
import type { BotCommandName } from "../domain/bot-command.ts";
import type { Cause } from "./cause.ts";
import type { DeadItem } from "./dead.ts";
import { deadItemOf, type JournalRow, seenOf, workOf } from "./journal-row.ts";
import type { Sql } from "./sql.ts";

/**
 * How a message came to be known; `resync` is the message lists, after a lost cursor, and `command` a slash command, which
 * is no message and which nothing else brings.
 */
export type Road = "realtime" | "callback" | "sweep" | "resync" | "command";

/** A signed callback, as far as it is remembered. */
export interface Delivery {
  /** Which secret it was signed with. */
  secret: keyof SigningSecrets;
  /** As the header has it. The same one again is the same request again. */
  signature: string;
}

/** How a message has come. */
export interface Arrival {
  road: Road;
  /** In a direct conversation. */
  direct: boolean;
  delivery?: Delivery | undefined;
}

/** What a message waits for before it is decided on: what was said before it may not have come yet. */
export interface Hold {
  /** A look at the events that shows it, by its number in this life of the object. */
  look: number;
  /** When it is decided on all the same, Unix ms. */
  until: number;
}

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
  /** Times that the gateway was not reached for it, in this life of the object. */
  misses?: number;
  hold?: Hold | undefined;
  /** Once it was decided that it is answered. */
  admission?: Admission | undefined;
}

/** Why a message is answered, and what it is. */
export interface Admission {
  as: AdmitReason;
  /** The setting that decided it. */
  setting: string;
  /** The command of the bot that it is, for one that the adapter answers itself. */
  command?: BotCommandName | undefined;
}

/** A message as the journal has it. */
export interface Seen extends Work {
  /** The road that brought it first, and those that brought it after that; the sweep is never among these. */
  road: Road;
  also: Road[];
  direct: boolean;
  /** Of the callbacks that brought it. */
  signatures: string[];
  /** Unix ms. */
  seenAt: number;
  state: "seen" | "dropped" | "dead";
  reason?: string | undefined;
  /** Of a dropped one: the setting that decided it. */
  setting?: string | undefined;
  error?: string | undefined;
  /** Failed fetches. */
  attempts: number;
  /** When an operator had it read again, Unix ms. */
  retriedAt?: number | undefined;
}

/** The journal table: every message that the bot was told of, once. */
export class Journal {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Writes a message down. From here on it is not lost.
   *
   * @returns whether it was new; a message that another road brought before is left as it is
   */
  record(work: Work, { road, direct, delivery }: Arrival, now: number): boolean {
    const written = this.#sql.exec(
      `INSERT INTO journal (message_id, conversation, cursor, road, direct, signed_with, signature, correlation_id,
                            seen_at, state, attempts, due_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'seen', 0, ?) ON CONFLICT (message_id) DO NOTHING RETURNING message_id`,
      work.messageId,
      work.conversation,
      work.cursor,
      road,
      direct ? 1 : 0,
      delivery?.secret ?? null,
      delivery?.signature ?? null,
      work.correlationId ?? null,
      now,
      work.dueAt,
    );
    return written.toArray().length > 0;
  }

  /**
   * Notes that a road brought a message that another one had brought before. The sweep's repeats are not noted: it reads
   * everything sooner or later, and a row written for each would be paid for.
   */
  noteAgain(messageId: string, road: Exclude<Road, "sweep">, delivery: Delivery | undefined): void {
    const { secret = null, signature = null } = delivery ?? {};
    const isNewRoad = "(road <> ? AND instr(also, ?) = 0)";
    // While a secret takes over from another, the callbacks of both come, each second one behind its first.
    const isNewSecret = "(? IS NOT NULL AND instr(coalesce(signed_with, ''), ?) = 0)";
    this.#sql.exec(
      `UPDATE journal SET also = iif(${isNewRoad}, trim(also || ' ' || ?), also),
         signed_with = iif(${isNewSecret}, trim(coalesce(signed_with, '') || ' ' || ?), signed_with),
         signature = iif(${isNewSecret}, trim(coalesce(signature, '') || ' ' || ?), signature)
       WHERE message_id = ? AND (${isNewRoad} OR ${isNewSecret})`,
      ...[
        road,
        road,
        road,
        secret,
        secret,
        secret,
        secret,
        secret,
        signature,
        messageId,
        road,
        road,
        secret,
        secret,
      ],
    );
  }

  /** Messages that are neither dropped nor admitted yet, in cursor order. One scan, at the start of the object. */
  undecided(): Work[] {
    return this.#sql
      .exec<JournalRow>(
        `SELECT journal.* FROM journal LEFT JOIN turns USING (message_id)
         WHERE journal.state = 'seen' AND turns.message_id IS NULL ORDER BY journal.cursor`,
      )
      .toArray()
      .map(workOf);
  }

  has(messageId: string): boolean {
    return this.#sql.exec("SELECT 1 FROM journal WHERE message_id = ?", messageId).toArray().length > 0;
  }

  find(messageId: string): Seen | undefined {
    const row = this.#sql
      .exec<JournalRow>("SELECT * FROM journal WHERE message_id = ?", messageId)
      .toArray()[0];
    return row && seenOf(row);
  }

  retryLater(messageId: string, attempts: number, dueAt: number): void {
    this.#sql.exec(
      "UPDATE journal SET attempts = ?, due_at = ? WHERE message_id = ?",
      attempts,
      dueAt,
      messageId,
    );
  }

  /** @param setting what decided it, if a setting did */
  drop(messageId: string, reason: DropReason, setting?: string): void {
    this.#sql.exec(
      "UPDATE journal SET state = 'dropped', reason = ?, setting = ? WHERE message_id = ?",
      reason,
      setting ?? null,
      messageId,
    );
  }

  /** @param attempts fetches that failed, the last one included */
  die(messageId: string, attempts: number, { reason, error }: Cause): void {
    this.#sql.exec(
      "UPDATE journal SET state = 'dead', attempts = ?, reason = ?, error = ? WHERE message_id = ?",
      attempts,
      reason,
      error,
      messageId,
    );
  }

  /** Messages that could not be read, the newest first. */
  dead(limit: number): Omit<DeadItem, "stage">[] {
    return this.#sql
      .exec<JournalRow>("SELECT * FROM journal WHERE state = 'dead' ORDER BY seen_at DESC LIMIT ?", limit)
      .toArray()
      .map((row) => deadItemOf(row, row.seen_at));
  }

  /** A dead message is undecided again. */
  revive(messageId: string, now: number): Work {
    return workOf(
      this.#sql
        .exec<JournalRow>(
          `UPDATE journal SET state = 'seen', reason = NULL, error = NULL, attempts = 0, due_at = 0,
           retried_at = ? WHERE message_id = ? RETURNING *`,
          now,
          messageId,
        )
        .one(),
    );
  }

  /** Messages that never became a turn, by why: those that were dropped, and those that could not be read. */
  countByReason(state: "dropped" | "dead"): Record<string, number> {
    const rows = this.#sql.exec<{ reason: string; n: number }>(
      "SELECT reason, count(*) AS n FROM journal WHERE state = ? GROUP BY reason",
      state,
    );
    return Object.fromEntries(rows.toArray().map((row) => [row.reason, row.n]));
  }
}
