import { loadConfig } from "../../src/config/load.ts";
import { parseDocument } from "../../src/config/parse.ts";
import type { Account, Config, Fault } from "../../src/config/types.ts";
import { variable } from "../../src/config/variables.ts";
import { Problem } from "../problem.ts";
import { VARIABLES_FILE } from "../variables.ts";
import { type Finding, fail, listed, type Outcome, only, pass, warn, withValue } from "./finding.ts";
import type { Step } from "./round.ts";
import type { Visit } from "./visit.ts";

/** How the loader says that a variable is not there, and which one would be. */
const NOT_SET = /which is not set$|^not set$|: no token$|so that no callback is taken$/;
const SECRET_TO_PUT = /wrangler secret put ([A-Z][A-Z0-9_]*)/;

/** Keys of `gateway` that only a gateway's own document has. */
const GATEWAY_KEYS = ["port", "bind", "auth", "http", "trustedProxies", "mode", "tailscale", "controlUi"];

/** How to undo each switch, by OpenClaw's word for it. */
const SWITCHES: Record<string, string> = {
  "plugins disabled": "remove plugins.enabled, or set it to true",
  "blocked by denylist": 'take "clickclack" out of plugins.deny',
  "disabled in config": "remove plugins.entries.clickclack.enabled, or set it to true",
  "channel disabled in config": "set channels.clickclack.enabled to true",
  "not in allowlist": 'add "clickclack" to plugins.allow',
};

/** Looks at the document alone. @returns what everything else that reads the document needs */
export function checkConfiguration(visit: Visit): Step<Config> {
  const { round } = visit;
  const faults = faultsOf(visit);
  const unset = faults.filter(isOfVariable);
  const usable = round.add("document", undefined, [], () =>
    documentOutcome(
      visit,
      faults.filter((fault) => !isOfVariable(fault)),
    ),
  );
  round.add("switched-on", undefined, [usable], ({ activation }) =>
    activation.on
      ? only(pass("ClickClack is on"))
      : only(fail(`ClickClack is off: ${activation.reason}`, SWITCHES[activation.reason] ?? "see `plugins`")),
  );
  round.add("secrets", undefined, [], () => secretsOutcome(visit, unset));
  round.add("passed-over", undefined, [usable], ({ warnings }) =>
    warnings.length === 0
      ? only(pass("no setting is passed over"))
      : only(...warnings.map(({ path, found, mend }) => warn(`${path}: ${found}`, mend))),
  );
  round.add("plugin", undefined, [usable], ({ activation }) => only(pluginFinding(visit, activation.on)));
  return usable;
}

/** Those of the whole document, and of the accounts that are looked at. */
function faultsOf({ document: { loaded }, accounts }: Visit): readonly Fault[] {
  if (!loaded.ok) return loaded.faults;
  const pathsOf = (some: Iterable<Account>) =>
    new Set(
      [...some].flatMap(({ faults, callbacks }) => [...faults, ...callbacks.faults].map(({ path }) => path)),
    );
  const all = pathsOf(loaded.config.accounts.values());
  const own = pathsOf(accounts);
  return loaded.config.faults.filter(({ path }) => own.has(path) || !all.has(path));
}

function documentOutcome({ document }: Visit, faults: readonly Fault[]): Outcome<Config> {
  const name = document.path === undefined ? "OPENCLAW_CONFIG" : (document.path.split("/").at(-1) ?? "");
  const findings = faults.map(({ path, found, mend }) => fail(`${path}: ${found}`, mend));
  if (!document.loaded.ok) return only(...findings);
  const { accounts, defaultAccountId } = document.loaded.config;
  const ids = [...accounts.keys()].map((id) => (id === defaultAccountId ? `${id} (the default)` : id));
  const well = pass(`${name}: ${ids.length === 1 ? "account" : "accounts"} ${listed(ids)}`);
  return withValue(document.loaded.config, ...(findings.length === 0 ? [well] : findings));
}

/** What is missing here may be at the Worker, where it counts; a machine that deploys need not have the secrets. */
async function secretsOutcome(visit: Visit, unset: readonly Fault[]): Promise<Outcome<never>> {
  const atWorker = await missingAtWorker(visit);
  const missing = unset.map((fault) => missingFinding(fault, atWorker));
  const present = variablesRead(visit);
  const here = present.map((name) => `${name} (${visit.placeOf(name)})`);
  const set = here.length > 0 ? [pass(`set here: ${listed(here)}`)] : [];
  if (missing.length + set.length > 0) return only(...set, ...missing);
  return only(pass("the document names no variable"));
}

/** Paths of settings that lack a variable at the Worker. @returns undefined when the Worker does not say */
export async function missingAtWorker({ worker }: Visit): Promise<ReadonlySet<string> | undefined> {
  const ready = await worker?.ready();
  if (ready === undefined || ready instanceof Problem) return undefined;
  return new Set((ready.faults ?? []).filter(isOfVariable).map(({ path }) => path));
}

function missingFinding(fault: Fault, atWorker: ReadonlySet<string> | undefined): Finding {
  const name = variableOf(fault);
  // OpenClaw's own words for it, which say where by themselves.
  const what = fault.found.startsWith("ClickClack is not") ? fault.found : `${fault.path}: ${fault.found}`;
  if (atWorker === undefined)
    return fail(
      what,
      `npx wrangler secret put ${name}; if the Worker has it, give --url, or put ${name} into ${VARIABLES_FILE} as well`,
    );
  if (atWorker.has(fault.path)) return fail(`${what}, nor is it at the Worker`, fault.mend);
  return pass(`${name} is at the Worker and not here, so what needs it is not looked at from here`);
}

/** The loader tells which variables it has looked for and found. */
function variablesRead({ document, variables }: Visit): string[] {
  const names = new Set<string>();
  const watched = new Proxy(variables, {
    get: (target, name, receiver) => {
      if (typeof name === "string" && variable(target, name) !== undefined) names.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
  loadConfig(document.text, watched);
  return [...names].sort();
}

/** The gateway's own plugin reads the same document, and then every message has two answers. */
function pluginFinding({ document }: Visit, isOn: boolean): Finding {
  const { raw } = parseDocument(document.text);
  const gateway = isObject(raw) ? raw.gateway : undefined;
  const isGateways = isObject(gateway) && GATEWAY_KEYS.some((key) => Object.hasOwn(gateway, key));
  if (!isGateways)
    return pass(
      "the document is not a gateway's own; where these bots are in one, channels.clickclack.enabled has to be false there",
    );
  if (!isOn) return pass("this is a gateway's own document, and its ClickClack plugin is off");
  return warn(
    "this is a gateway's own document, and ClickClack is on in it: a gateway that reads it answers every message a second time",
    "set channels.clickclack.enabled to false in the gateway's copy, restart the gateway, and leave it on in this one",
  );
}

function isOfVariable({ found, mend }: Fault): boolean {
  return NOT_SET.test(found) && SECRET_TO_PUT.test(mend);
}

function variableOf({ mend }: Fault): string {
  return SECRET_TO_PUT.exec(mend)?.[1] ?? "it";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
