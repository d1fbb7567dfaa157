import type { Secret } from "../../src/config/secret.ts";
import type { Account, Config } from "../../src/config/types.ts";
import type { FoundDocument } from "../document.ts";
import type { Round, Step } from "./round.ts";
import type { Sources } from "./sources.ts";
import type { WorkerSide } from "./worker-side.ts";

/** What there is to look at. */
export interface Visit extends Sources {
  round: Round;
  document: FoundDocument;
  /** The accounts that are looked at. */
  accounts: readonly Account[];
  /** Absent without the Worker's address. */
  worker: WorkerSide | undefined;
  /** A person's at ClickClack; absent without one. */
  session: Secret | undefined;
  signal: AbortSignal;
}

/** A visit once the document is known to be one. */
export interface ConfiguredVisit extends Visit {
  config: Config;
  /** Everything that has to do with the document needs it. */
  usable: Step<Config>;
}
