import type { Secret } from "../../src/config/secret.ts";
import { variable } from "../../src/config/variables.ts";
import { accountOf, findDocument } from "../document.ts";
import type { Host } from "../host.ts";
import { Problem } from "../problem.ts";
import { WorkerClient } from "../worker.ts";
import { checkCallbacks } from "./callbacks.ts";
import { CHECKS } from "./catalogue.ts";
import { checkClickClack } from "./clickclack.ts";
import { checkConfiguration } from "./configuration.ts";
import { only, skip } from "./finding.ts";
import { checkAgent, checkGateway } from "./openclaw.ts";
import { Round, type Step } from "./round.ts";
import { makeRoundTrip, type Posted } from "./round-trip.ts";
import type { Sources } from "./sources.ts";
import type { Visit } from "./visit.ts";
import { checkWorker, checkWorkerAccount } from "./worker.ts";
import { workerSide } from "./worker-side.ts";

/** What the doctor is asked for. */
export interface Wishes {
  account?: string | undefined;
  url?: string | undefined;
  config?: string | undefined;
  session: Secret | undefined;
  roundTrip?: boolean | undefined;
  target?: string | undefined;
  clean?: boolean | undefined;
  /** How long a round trip waits for an answer, milliseconds. */
  waitMs: number;
  /** Told of what a round trip does. */
  say(text: string): void;
  /** Told of what a round trip leaves behind. */
  posted(message: Posted): void;
}

/**
 * Begins all checks.
 *
 * @returns them in the order in which they are shown; each goes on by itself
 * @throws {Problem} when the command line has to be mended
 */
export async function examine(host: Host, sources: Sources, wishes: Wishes): Promise<Step[]> {
  requireSession(wishes);
  const { variables } = sources;
  const document = await findDocument(host, variables, wishes.config);
  const hasUrl = wishes.url !== undefined || variable(variables, "EDGE_URL") !== undefined;
  const { loaded } = document;
  const accounts = !loaded.ok
    ? []
    : wishes.account === undefined
      ? [...loaded.config.accounts.values()]
      : [accountOf(loaded.config, wishes.account)];
  const round = new Round();
  const visit: Visit = {
    round,
    document,
    ...sources,
    accounts,
    worker: hasUrl ? workerSide(new WorkerClient(wishes.url, variables, host.signal)) : undefined,
    session: wishes.session,
    signal: host.signal,
  };
  const usable = checkConfiguration(visit);
  const views = checkWorker(visit);
  if (loaded.ok) {
    const configured = { ...visit, config: loaded.config, usable };
    const agents = checkGateway(configured);
    for (const account of accounts) {
      const clickclack = checkClickClack(configured, account);
      checkAgent(configured, account, agents);
      const view = checkWorkerAccount(configured, account, views, clickclack);
      checkCallbacks(configured, account, view, clickclack);
      if (wishes.roundTrip)
        makeRoundTrip(configured, account, clickclack, views, { ...wishes, target: wishes.target });
    }
  }
  for (const { id, group } of CHECKS)
    if (!round.has(id) && group !== "round trip")
      round.add(id, undefined, [], () => only(skip("needs a document that can be used")));
  return round.inOrder(accounts.map(({ id }) => id));
}

function requireSession({ roundTrip, session, target, clean }: Wishes): void {
  if (roundTrip && session === undefined)
    throw new Problem(
      "--round-trip: it posts as a person, so give a session of one in CLICKCLACK_SESSION or with --session",
    );
  if (!roundTrip && (target !== undefined || clean))
    throw new Problem(
      `--${target !== undefined ? "target" : "clean"}: it is for --round-trip; give that, too`,
    );
}
