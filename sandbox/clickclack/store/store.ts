import { idSource, type NewId } from "../rules/ids.ts";
import { nanosecondClock, rfc3339 } from "../rules/time.ts";
import type { Tables } from "./tables.ts";

/**
 * The tables, and what a change needs besides them.
 *
 * Every function that changes them is synchronous: it checks first, changes last and never awaits, so it is what a
 * transaction under ClickClack's one writer lock is.
 */
export interface Store extends Tables {
  readonly newId: NewId;
  /** The time in nanoseconds since 1970. */
  readonly clock: () => bigint;
  /** The time as ClickClack writes it. */
  readonly now: () => string;
}

/** Returns a store with nothing in it. */
export function emptyStore(): Store {
  const clock = nanosecondClock();
  return {
    newId: idSource(() => Number(clock() / 1_000_000n)),
    clock,
    now: () => rfc3339(clock()),
    users: new Map(),
    workspaces: new Map(),
    members: new Map(),
    channels: new Map(),
    conversations: new Map(),
    messages: new Map(),
    roots: new Map(),
    replies: new Map(),
    nonces: new Map(),
    threads: new Map(),
    reads: new Map(),
    events: new Map(),
    botTokens: new Map(),
    sessions: new Map(),
    setupCodes: new Map(),
    botCommands: new Map(),
    eventSubscriptions: new Map(),
    deliveries: new Map(),
    slashCommands: new Map(),
    uploads: new Map(),
    uploadReservations: new Set(),
    attachments: new Map(),
  };
}

/** Returns the key of a table that is kept by two ids. */
export function pairKey(first: string, second: string): string {
  return `${first}\n${second}`;
}

/** Returns the list under a key, and puts an empty one there if there is none. */
export function listUnder<T>(table: Map<string, T[]>, key: string): T[] {
  const found = table.get(key);
  if (found !== undefined) return found;
  const created: T[] = [];
  table.set(key, created);
  return created;
}
