import type { Place } from "../clickclack/client.ts";
import type { Sql } from "./sql.ts";

/** A text that is posted, with all that decides whether a repeat is the same post. */
export interface OutboxItem {
  nonce: string;
  place: Place;
  /** Message quoted. */
  quote?: string | undefined;
  text: string;
  /** Posts that failed, and the last error. */
  attempts: number;
  error?: string | undefined;
  state: "pending" | "sent" | "dead";
  /** ClickClack's message, once sent. */
  postedId?: string | undefined;
  /** Sends only: recognises another request under the same key. */
  requestHash?: string | undefined;
  /** When it was stored, Unix ms. */
  createdAt: number;
}

/** What delivering a text needs to know of it. */
export interface Postable
  extends Pick<OutboxItem, "nonce" | "place" | "quote" | "text" | "attempts" | "requestHash"> {
  /** Backend model that wrote it. Not stored: it is no part of what makes a repeat the same post. */
  authorModel?: string | undefined;
}

type OutboxRow = {
  nonce: string;
  place_kind: Place["kind"];
  place_id: string;
  quote: string | null;
  text: string;
  request_hash: string | null;
  state: OutboxItem["state"];
  attempts: number;
  error: string | null;
  created_at: number;
  posted_id: string | null;
};

/** The outbox table: a text stands here as soon as it is on its way, so that a repeat posts the same under the same nonce. */
export class Outbox {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Stores a part of a reply; outbound sends are stored by {@link Sends}. */
  store(item: Pick<OutboxItem, "nonce" | "place" | "quote" | "text" | "createdAt">): void {
    this.#sql.exec(
      `INSERT INTO outbox (nonce, place_kind, place_id, quote, text, state, attempts, created_at)
       VALUES (?, ?, ?, ?, ?, 'pending', 0, ?)`,
      item.nonce,
      item.place.kind,
      placeId(item.place),
      item.quote ?? null,
      item.text,
      item.createdAt,
    );
  }

  find(nonce: string): OutboxItem | undefined {
    const row = this.#sql.exec<OutboxRow>("SELECT * FROM outbox WHERE nonce = ?", nonce).toArray()[0];
    return row === undefined ? undefined : itemOf(row);
  }

  /** Items whose nonce starts so and that are not posted yet. @param prefix of ASCII characters */
  pendingByPrefix(prefix: string): OutboxItem[] {
    return this.#sql
      .exec<OutboxRow>(
        "SELECT * FROM outbox WHERE nonce >= ? AND nonce < ? AND state = 'pending'",
        prefix,
        `${prefix}\x7f`,
      )
      .toArray()
      .map(itemOf);
  }

  /** Whether a nonce is ours, which tells our own messages in events that name no author. */
  has(nonce: string): boolean {
    return this.#sql.exec("SELECT 1 FROM outbox WHERE nonce = ?", nonce).toArray().length > 0;
  }

  dropQuote(nonce: string): void {
    this.#sql.exec("UPDATE outbox SET quote = NULL WHERE nonce = ?", nonce);
  }

  /** What was to be posted is emptied: ClickClack has it now. */
  sent(nonce: string, postedId: string): void {
    this.#sql.exec(
      "UPDATE outbox SET state = 'sent', posted_id = ?, text = '', media = NULL, error = NULL WHERE nonce = ?",
      postedId,
      nonce,
    );
  }

  failedOnce(nonce: string, error: string): void {
    this.#sql.exec("UPDATE outbox SET attempts = attempts + 1, error = ? WHERE nonce = ?", error, nonce);
  }

  /** Given up. The text stays, so that an operator can have it posted after all. */
  die(nonce: string, error: string): void {
    this.#sql.exec("UPDATE outbox SET state = 'dead', error = ? WHERE nonce = ?", error, nonce);
  }

  /** Has one that was given up tried again. */
  revive(nonce: string): void {
    this.#sql.exec("UPDATE outbox SET state = 'pending', attempts = 0 WHERE nonce = ?", nonce);
  }

  /** Forgets what need not be posted any more. */
  remove(nonce: string): void {
    this.#sql.exec("DELETE FROM outbox WHERE nonce = ?", nonce);
  }
}

export function placeId(place: Place): string {
  switch (place.kind) {
    case "channel":
      return place.channelId;
    case "dm":
      return place.dmId;
    case "thread":
      return place.rootId;
  }
}

export function placeOf(kind: Place["kind"], id: string): Place {
  switch (kind) {
    case "channel":
      return { kind, channelId: id };
    case "dm":
      return { kind, dmId: id };
    case "thread":
      return { kind, rootId: id };
  }
}

function itemOf(row: OutboxRow): OutboxItem {
  return {
    nonce: row.nonce,
    place: placeOf(row.place_kind, row.place_id),
    quote: row.quote ?? undefined,
    text: row.text,
    attempts: row.attempts,
    error: row.error ?? undefined,
    createdAt: row.created_at,
    state: row.state,
    postedId: row.posted_id ?? undefined,
    requestHash: row.request_hash ?? undefined,
  };
}
