import type { Place } from "../clickclack/client.ts";
import type { StoredFile } from "../domain/media.ts";
import { sendOfNonce } from "../domain/nonce.ts";
import { formatSendId } from "../domain/send-id.ts";
import { placeKind } from "../domain/target.ts";
import { type OutboxItem, placeId, placeOf } from "./outbox.ts";
import type { PreparedSend } from "./prepare-send.ts";
import type { Sql } from "./sql.ts";

/** An outbound send as it stands in the outbox. */
export interface StoredSend extends Omit<OutboxItem, "place"> {
  id: string;
  /** The target as asked for, in its canonical form. */
  to: string;
  /** Absent until the target was looked up. */
  place?: Place | undefined;
  /** Files that go along; only of sends that are delivered in the background. */
  media: readonly StoredFile[];
  /** When it is, or was, to be tried, Unix ms; only of sends that are delivered in the background. */
  dueAt?: number | undefined;
  /** The API's error code, once given up. */
  code?: string | undefined;
}

/** A send in the background that is not settled. */
export type WaitingSend = {
  nonce: string;
  to: string;
  /** Unix ms. */
  createdAt: number;
  /** Unix ms. */
  dueAt: number;
};

type SendRow = {
  nonce: string;
  target: string | null;
  place_kind: Place["kind"];
  place_id: string;
  quote: string | null;
  text: string;
  request_hash: string | null;
  state: OutboxItem["state"];
  attempts: number;
  created_at: number;
  due_at: number | null;
  posted_id: string | null;
  code: string | null;
  error: string | null;
  media: string | null;
};

/** What is known of a send when it is stored, beside what was asked for. */
export interface Stored {
  /** Once looked up. */
  place?: Place;
  /** When to try one that is delivered in the background, Unix ms. */
  dueAt?: number;
  /** What such a one brings along. */
  media?: readonly StoredFile[];
}

/** What the outbox table knows of outbound sends beyond a text to post: who asked for what, and what became of it. */
export class Sends {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Writes a send down. One under the same nonce that was given up, or whose outcome nobody knows, begins anew; what was
   * given up under the same id goes.
   *
   * @param now Unix ms
   */
  store(send: PreparedSend, now: number, { place, dueAt, media = [] }: Stored): void {
    this.#sql.exec(
      "DELETE FROM outbox WHERE nonce >= ? AND nonce < ? AND nonce <> ?",
      send.noncePrefix,
      afterAll(send.noncePrefix),
      send.nonce,
    );
    this.#sql.exec(
      `INSERT INTO outbox (nonce, target, place_kind, place_id, quote, text, request_hash, state, attempts,
         created_at, due_at, media)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?)
       ON CONFLICT (nonce) DO UPDATE SET state = 'pending', text = excluded.text, attempts = 0, error = NULL,
         code = NULL, place_id = iif(excluded.place_id = '', place_id, excluded.place_id),
         created_at = excluded.created_at, due_at = excluded.due_at, media = excluded.media`,
      send.nonce,
      send.to,
      placeKind(send.target),
      place === undefined ? "" : placeId(place),
      send.quote ?? null,
      send.text,
      send.requestHash,
      now,
      dueAt ?? null,
      media.length === 0 ? null : JSON.stringify(media),
    );
  }

  find(nonce: string): StoredSend | undefined {
    const row = this.#sql.exec<SendRow>("SELECT * FROM outbox WHERE nonce = ?", nonce).toArray()[0];
    return row === undefined ? undefined : sendOf(row);
  }

  /** The send whose nonce starts so, if any. @param prefix of ASCII characters */
  findUnder(prefix: string): StoredSend | undefined {
    const row = this.#sql
      .exec<SendRow>("SELECT * FROM outbox WHERE nonce >= ? AND nonce < ? LIMIT 1", prefix, afterAll(prefix))
      .toArray()[0];
    return row === undefined ? undefined : sendOf(row);
  }

  /** What is still to be delivered in the background, in the order in which it was asked for. */
  waiting(): WaitingSend[] {
    return this.#sql
      .exec<WaitingSend>(
        `SELECT nonce, target AS "to", created_at AS createdAt, due_at AS dueAt FROM outbox
         WHERE state = 'pending' AND due_at IS NOT NULL ORDER BY created_at, nonce`,
      )
      .toArray();
  }

  /** Notes what the target leads to, before anything is posted there. */
  resolved(nonce: string, place: Place): void {
    this.#sql.exec(
      "UPDATE outbox SET place_kind = ?, place_id = ? WHERE nonce = ?",
      place.kind,
      placeId(place),
      nonce,
    );
  }

  /** @param dueAt Unix ms */
  retryLater(nonce: string, dueAt: number): void {
    this.#sql.exec("UPDATE outbox SET due_at = ? WHERE nonce = ?", dueAt, nonce);
  }

  /** Gives up a send in the background. What it was to bring is emptied; code and error stay to be read. */
  fail(nonce: string, code: string, error: string): void {
    this.#sql.exec(
      `UPDATE outbox SET state = 'dead', code = ?, error = ?, text = '', media = NULL
       WHERE nonce = ? AND state = 'pending'`,
      code,
      error,
      nonce,
    );
  }

  /** Forgets a send that came to nothing while its caller waited: its key is free again. */
  forget(nonce: string): void {
    // One that the same key has put into the background meanwhile is not the caller's any more.
    this.#sql.exec("DELETE FROM outbox WHERE nonce = ? AND due_at IS NULL", nonce);
  }
}

/**
 * How many posts of a send may have been made already. At least one if its place was known before this try: an earlier
 * one came as far as posting, counted as failed or not, since the object may have died in the middle of it.
 *
 * @param before the send as it stood, if it did
 */
export function postsBefore(before: StoredSend | undefined): number {
  return before?.place === undefined ? 0 : Math.max(before.attempts, 1);
}

/** Sorts behind everything that begins with the prefix, and before everything else. */
function afterAll(prefix: string): string {
  return `${prefix}\x7f`;
}

function sendOf(row: SendRow): StoredSend {
  return {
    id: formatSendId(sendOfNonce(row.nonce)),
    nonce: row.nonce,
    to: row.target ?? "",
    place: row.place_id === "" ? undefined : placeOf(row.place_kind, row.place_id),
    quote: row.quote ?? undefined,
    text: row.text,
    requestHash: row.request_hash ?? undefined,
    media: row.media === null ? [] : (JSON.parse(row.media) as StoredFile[]),
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    dueAt: row.due_at ?? undefined,
    postedId: row.posted_id ?? undefined,
    code: row.code ?? undefined,
    error: row.error ?? undefined,
  };
}
