import type { Workspace } from "../../src/clickclack/wire.ts";
import type { Account } from "../../src/config/types.ts";
import { Problem } from "../problem.ts";
import { menuOutcome } from "./clickclack/menu.ts";
import { admissionOutcome, allowFromOutcome } from "./clickclack/people.ts";
import { defaultTargetOutcome, groupsOutcome } from "./clickclack/places.ts";
import { addressOutcome, clockOutcome, reachOutcome } from "./clickclack/reach.ts";
import { scopesOutcome } from "./clickclack/scopes.ts";
import { type Site, siteOf } from "./clickclack/site.ts";
import { eventsOutcome, realtimeOutcome } from "./clickclack/stream.ts";
import { type Bearer, ownerOutcome, tokenOutcome, workspaceOutcome } from "./clickclack/token.ts";
import { only, skip } from "./finding.ts";
import type { Seen } from "./probe.ts";
import type { Step } from "./round.ts";
import type { ConfiguredVisit } from "./visit.ts";

/** What later groups go on from. */
export interface ClickClackSteps {
  reach: Step<Seen>;
  token: Step<Bearer>;
  workspace: Step<Workspace>;
}

/** Looks at one account's ClickClack. */
export function checkClickClack(visit: ConfiguredVisit, account: Account): ClickClackSteps {
  const { round, config, worker, signal, usable } = visit;
  const { id } = account;
  const access = config.access.clickclack;
  const site = siteFor(visit, account);

  const address = round.add("address", id, [usable], () => addressOutcome(account));
  const reach = round.add("clickclack", id, [address], (url) => reachOutcome(url, access, signal));
  round.add("clock", id, [reach], (seen) =>
    clockOutcome(seen, account, config.edge.callbackWindowMs, worker, signal),
  );
  const token = round.add("token", id, [reach], async () => {
    if (site === undefined) return only(skip("the token is not here: see secrets"));
    return tokenOutcome(site, witnessesOf(visit, account), await knownAtWorker(visit, id));
  });
  const workspace = round.add("workspace", id, [token], () => workspaceOutcome(given(site)));
  round.add("scopes", id, [token], () => scopesOutcome(given(site).remote, account));
  round.add("owner", id, [token, workspace], (bearer, place) => ownerOutcome(given(site), bearer, place));
  round.add("admission", id, [address], () => admissionOutcome(account));
  round.add("allow-from", id, [token, workspace], (bearer, place) =>
    allowFromOutcome(given(site), bearer, place),
  );
  round.add("default-target", id, [workspace], (place) => defaultTargetOutcome(given(site), place));
  round.add("groups", id, [workspace], (place) => groupsOutcome(given(site), place));
  const events = round.add("events", id, [workspace], (place) => eventsOutcome(given(site), place));
  round.add("realtime", id, [workspace, events], (place, tail) => realtimeOutcome(given(site), place, tail));
  round.add("menu", id, [token, workspace], (bearer, place) => menuOutcome(given(site), bearer, place));
  return { reach, token, workspace };
}

function siteFor({ config }: ConfiguredVisit, account: Account): Site | undefined {
  if (account.token === undefined || account.apiBaseUrl === "") return undefined;
  return siteOf(account, account.token, config.access.clickclack);
}

/** What needs the token is not begun without it. */
function given(site: Site | undefined): Site {
  if (site === undefined) throw new Error("there is no token");
  return site;
}

/** The other accounts' bots on the same server. */
function witnessesOf(visit: ConfiguredVisit, account: Account): Site[] {
  return [...visit.config.accounts.values()]
    .filter(({ id, apiBaseUrl }) => id !== account.id && apiBaseUrl === account.apiBaseUrl)
    .map((other) => siteFor(visit, other))
    .filter((site) => site !== undefined);
}

async function knownAtWorker({ worker }: ConfiguredVisit, id: string) {
  const accounts = await worker?.accounts();
  return accounts === undefined || accounts instanceof Problem ? undefined : accounts.get(id);
}
