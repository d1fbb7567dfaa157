import type { Owner } from "../clickclack/refused-token.ts";
import type { Inbound } from "../config/types.ts";
import type { Uncovered } from "../domain/resync.ts";
import type { Cause } from "./cause.ts";
import type { LinkStatus } from "./link-state.ts";
import type { Sql } from "./sql.ts";

/** Whose cursor it is. Another server, bot or workspace under the same account id starts afresh. */
export interface Identity {
  apiBaseUrl: string;
  botUserId: string;
  handle: string;
  displayName: string;
  /** Absent for a bot of the workspace. */
  owner?: Owner;
  workspaceId: string;
  workspaceName: string;
  workspaceSlug: string;
}

/** An interval whose events could not be read; its messages were looked for in the message lists. */
export interface Gap {
  fromCursor: string;
  toCursor: string;
  /** Unix ms. */
  at: number;
  /** What the lists could not show of it. Empty when everything that was said since was read. */
  uncovered: Uncovered[];
}

/** Where an account without a socket stands, for its next life to go on from. */
export interface Rest {
  status: LinkStatus;
  /** Of what it was reached with: with another server, workspace or token it starts anew. */
  fingerprint: string;
  /** Failed tries since the link was last healthy. */
  failures: number;
}

/** A time in which no agent can be reached. */
export interface OutageFact {
  /** Unix ms. */
  since: number;
  /** Why, as of the first failure. */
  reason: Cause["reason"];
  /** Conversations that were told. */
  told: string[];
}

/** What an account knows for good, one row each. */
interface Facts {
  identity: Identity;
  /** Events up to here are in the journal or known not to matter. */
  cursor: string;
  /**
   * The tail at the very first start, or a later cursor beyond which the server's log no longer reached: nothing before it
   * is ever answered.
   */
  floor: string;
  gap: Gap;
  /**
   * Set when the log may lack the event at the durable cursor without anything being lost: no page showed it when it was
   * taken as the tail, or the log was empty.
   */
  absentTail: { cursor: string; why: "hidden" | "empty" };
  /**
   * Set while the cursor is lost: how often it was tried to make up for it. Stored, because an object without a socket may
   * sleep between two tries.
   */
  resyncTries: number;
  /** Of an account without a socket: where it stood when its object went to sleep. */
  rest: Rest;
  /** By which roads messages come in, and since when, Unix ms. */
  inbound: { is: Inbound; since: number };
  /** Absent while agents can be reached. */
  outage: OutageFact;
  /** The command menu that was published last, and when, Unix ms. */
  menu: { menu: string; at: number };
  /** When settled rows were last cleaned up, Unix ms. */
  cleanedAt: number;
}

/** Single stored facts, typed by key. */
export class FactStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  get<Key extends keyof Facts>(key: Key): Facts[Key] | undefined {
    const row = this.#sql.exec<{ value: string }>("SELECT value FROM facts WHERE key = ?", key).toArray()[0];
    return row === undefined ? undefined : (JSON.parse(row.value) as Facts[Key]);
  }

  set<Key extends keyof Facts>(key: Key, value: Facts[Key]): void {
    this.#sql.exec(
      "INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      key,
      JSON.stringify(value),
    );
  }

  remove(key: keyof Facts): void {
    this.#sql.exec("DELETE FROM facts WHERE key = ?", key);
  }
}
