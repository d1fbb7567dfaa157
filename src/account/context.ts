import type { ClickClackClient } from "../clickclack/client.ts";
import type { Account, DmScope } from "../config/types.ts";
import type { AccountEvent } from "../observe/log.ts";
import type { Completion } from "../openclaw/entrypoint.ts";
import type { FactStore } from "./facts.ts";
import type { Journal } from "./journal.ts";
import type { Outbox } from "./outbox.ts";
import type { Sends } from "./sends.ts";
import type { Turns } from "./turns.ts";

/** What every duty of an account stands on. */
export interface AccountContext {
  account: Account;
  dmScope: DmScope;
  client: ClickClackClient;
  completion: Pick<Service<Completion>, "complete" | "onlyAgent" | "recoverRun">;
  facts: FactStore;
  journal: Journal;
  turns: Turns;
  outbox: Outbox;
  sends: Sends;
  /** Writes one line to the log, with the account's name, and counts it. */
  log(event: AccountEvent): void;
  /** Runs its writes as one. */
  transaction<Result>(writes: () => Result): Result;
  /** Unix ms. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Keeps the object awake for work that nothing awaits. The work handles its own errors. */
  background(work: Promise<unknown>): void;
}
