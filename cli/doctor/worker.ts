import type { Account } from "../../src/config/types.ts";
import { variable } from "../../src/config/variables.ts";
import { reasonWords } from "../../src/domain/reasons.ts";
import { Problem } from "../problem.ts";
import type { ReadyAnswer } from "../worker/answers.ts";
import { isOnlyHere } from "./addresses.ts";
import type { ClickClackSteps } from "./clickclack.ts";
import { type Finding, fail, type Outcome, only, pass, skip, warn, withValue } from "./finding.ts";
import type { Step } from "./round.ts";
import type { ConfiguredVisit, Visit } from "./visit.ts";
import type { AccountView, WorkerSide } from "./worker-side.ts";

const NO_URL = "the Worker's address is not known: give --url, or set EDGE_URL";

/** The accounts as the Worker shows them. */
export type Views = ReadonlyMap<string, AccountView>;

/** Looks at the Worker as a whole. @returns what it shows of its accounts */
export function checkWorker(visit: Visit): Step<Views> {
  const { round, worker, variables } = visit;
  const reached = round.add("worker", undefined, [], () => reachOutcome(worker));
  round.add("ready", undefined, [reached], ({ ready }) =>
    only(...readyFindings(ready, new Set(visit.accounts.map(({ id }) => id)))),
  );
  round.add("admin-token", undefined, [reached], ({ side }) =>
    adminOutcome(side, variable(variables, "EDGE_ADMIN_TOKEN") !== undefined),
  );
  return round.add("api-token", undefined, [reached], async ({ side }) => {
    if (variable(variables, "EDGE_API_TOKEN") === undefined)
      return only(
        warn(
          "EDGE_API_TOKEN is not here, so the Worker's accounts cannot be looked at",
          "put its value into .dev.vars or the environment; npx wrangler secret put EDGE_API_TOKEN sets it at the Worker",
        ),
      );
    const views = await side.accounts();
    if (!(views instanceof Problem)) return withValue(views, pass("the Worker takes it"));
    return only(tokenFinding("EDGE_API_TOKEN", views));
  });
}

/** Looks at one account of the Worker. */
export function checkWorkerAccount(
  { round, config }: ConfiguredVisit,
  account: Account,
  views: Step<Views>,
  { token, workspace }: ClickClackSteps,
): Step<AccountView> {
  const { id } = account;
  const link = round.add("link", id, [views], (all) => linkOutcome(all.get(id), account));
  round.add("same-bot", id, [link, token, workspace], (view, { me }, place) =>
    only(sameBotFinding(view, me?.id, place.id)),
  );
  round.add("agents-reached", id, [link], (view) => only(gatewayFinding(view, config.gateway !== undefined)));
  round.add("dead", id, [link], (view) => only(deadFinding(view)));
  return link;
}

interface Reached {
  side: WorkerSide;
  ready: ReadyAnswer;
}

async function reachOutcome(side: WorkerSide | undefined): Promise<Outcome<Reached>> {
  if (side === undefined) return only(skip(NO_URL));
  const ready = await side.ready();
  if (ready instanceof Problem) {
    const [found = "", mend = "correct it"] = ready.message.split("; ");
    return only(fail(found.replace(/^--url: /, ""), mend));
  }
  const { url } = side.client;
  const isOpen = url.startsWith("http://") && !isOnlyHere(url);
  const well = isOpen
    ? warn(
        `${url} answers, and is not https: everybody on the way can read its tokens`,
        "use https:// in --url",
      )
    : pass(`${url} answers`);
  return withValue({ side, ready }, well);
}

/** @param looked at: of other accounts it does not matter here whether they are ready */
function readyFindings(
  { ready, reason, accounts = {}, faults = [] }: ReadyAnswer,
  looked: ReadonlySet<string>,
): Finding[] {
  if (ready) return [pass("messages come in for every account")];
  const ofAll =
    reason === undefined ? [] : [fail(`the Worker is off: ${reason}`, "see switched-on, and deploy")];
  const ofAccounts = Object.entries(accounts).map(([id, account]) => {
    if (account.ready) return pass(`messages come in for account ${id}`);
    return fail(
      `account ${id} is not ready: ${account.reason ?? "it does not say why"}`,
      mendOfReason(account.reason),
    );
  });
  const isLooked = Object.keys(accounts).map((id) => looked.size === 0 || looked.has(id));
  const ofConfig = faults.map(({ path, found, mend }) =>
    fail(`at the Worker, ${path}: ${found}`, `${mend}, and deploy`),
  );
  const all = [...ofAll, ...ofAccounts.filter((_, index) => isLooked[index])];
  const isWell = all.length > 0 && all.every(({ state }) => state === "pass");
  if (isWell) return all;
  return all.length + ofConfig.length > 0
    ? [...all, ...ofConfig]
    : [fail("not ready, and it does not say why", "see the Worker's log (npx wrangler tail)")];
}

/** `refused: unauthorized` → what to do about the latter. */
function mendOfReason(reason = ""): string {
  const word = reason.split(": ").at(-1) ?? "";
  return LINK_MENDS[word] ?? reasonWords(word)?.[1] ?? "see link, and the Worker's log (npx wrangler tail)";
}

const LINK_MENDS: Record<string, string> = {
  workspace_not_found: "set workspace to one that the token is in: see workspace",
  owner_left: "the token works again when its owner is back: or make a bot of the workspace",
  bot_removed: "add the bot to the workspace again, and set its new token",
  token_revoked: "set a new token",
  down: "the cron trigger starts it within a minute of a deploy: look again then",
  connecting: "look again in a moment",
};

async function adminOutcome({ client }: WorkerSide, isSet: boolean): Promise<Outcome<never>> {
  if (!isSet)
    return only(
      skip("EDGE_ADMIN_TOKEN is not here; it is needed to act on messages that were given up, alone"),
    );
  try {
    // Of no account, so that there is nothing to act on.
    await client.actOnDead("doctor-0", "msg_0", "discard");
    return only(pass("the Worker takes it"));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return only(
      error.code === undefined || error.code === "unauthorized"
        ? tokenFinding("EDGE_ADMIN_TOKEN", error)
        : pass("the Worker takes it"),
    );
  }
}

function tokenFinding(name: string, problem: Problem): Finding {
  if (problem.code !== "unauthorized") return fail(problem.message, "see ready");
  return fail(
    `the Worker does not take ${name}: it has another value there, or none`,
    `npx wrangler secret put ${name}, with the value that is here`,
  );
}

function linkOutcome(view: AccountView | undefined, { inbound }: Account): Outcome<AccountView> {
  if (view === undefined)
    return only(
      fail("the Worker has no such account: it runs another document", "deploy this one: npm run deploy"),
    );
  if (!view.enabled) return only(skip("the account is disabled at the Worker"));
  if (view.link === undefined)
    return only(
      fail(
        `the Worker does nothing with it: ${view.reason ?? "no reason is given"}`,
        view.faults[0]?.mend ?? "see ready",
      ),
    );
  if (view.inbound !== inbound)
    return withValue(
      view,
      warn(
        `the Worker takes messages by ${view.inbound}, and the document says ${inbound}`,
        "deploy this document: npm run deploy",
      ),
    );
  const { state, reason, error } = view.link;
  if (state === "linked" || state === "sweeping") return withValue(view, pass(`${state}${lagOf(view)}`));
  const why = [reason, error].filter((part) => part !== undefined).join(": ");
  const found = `${state}${why === "" ? "" : ` (${why})`}`;
  const mend = mendOfReason(reason ?? state);
  return withValue(
    view,
    state === "connecting" || state === "reconnecting" ? warn(found, mend) : fail(found, mend),
  );
}

function lagOf({ audit, gap }: AccountView): string {
  const repaired =
    audit === undefined || audit.repaired === 0
      ? ""
      : `; ${audit.repaired} of ${audit.messages} messages were found by the sweep alone`;
  const open =
    gap === undefined || gap.uncovered.length === 0
      ? ""
      : "; once lost its place in the event log, and could not read all that was said since";
  return `${repaired}${open}`;
}

function sameBotFinding(
  { identity, workspace }: AccountView,
  meId: string | undefined,
  workspaceId: string,
): Finding {
  if (identity === undefined) return skip("the account has never been up at the Worker");
  if (meId !== undefined && identity.id !== meId)
    return fail(
      `the Worker's token is of another bot, @${identity.handle} (${identity.id})`,
      "npx wrangler secret put with the token that is meant, or correct the one that is here",
    );
  if (workspace !== undefined && workspace.id !== workspaceId)
    return fail(
      `the Worker's workspace is another one, ${workspace.name} (${workspace.id})`,
      "deploy this document: npm run deploy",
    );
  return pass(`@${identity.handle}, as here`);
}

function gatewayFinding({ gateway }: AccountView, isHere: boolean): Finding {
  if (gateway === undefined) return skip("the Worker does not say");
  if (gateway.reachable) return pass("the last question got through");
  const { reason = "", error = "" } = gateway;
  const more =
    isHere && reason === "unreachable" ? "; from the Worker its address has to be a public one" : "";
  return fail(
    `no question gets through: ${reasonWords(reason)?.[0] ?? reason} (${error || reason})`,
    `${reasonWords(reason)?.[1] ?? "wait: questions do as well"}${more}`,
  );
}

function deadFinding({ id, dead = {} }: AccountView): Finding {
  const reasons = Object.entries(dead).filter(([, count]) => count > 0);
  if (reasons.length === 0) return pass("nothing was given up");
  const found = reasons.map(
    ([reason, count]) => `${count} for ${reason} (${reasonWords(reason)?.[0] ?? "unknown"})`,
  );
  const mends = [
    ...new Set(reasons.map(([reason]) => reasonWords(reason)?.[1]).filter((mend) => mend !== undefined)),
  ];
  return warn(
    `given up: ${found.join(", ")}`,
    [...mends, `see them with npm run edge -- dead list --account ${id}`].join("; "),
  );
}
