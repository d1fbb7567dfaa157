import { DEFAULT_ACCOUNT_ID } from "../../src/config/account-ids.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Secret } from "../../src/config/secret.ts";
import type { Account, Config } from "../../src/config/types.ts";
import type { Variables } from "../../src/config/variables.ts";
import { Problem } from "../problem.ts";
import { accountKeys, CHANNEL, placeOf } from "./account-place.ts";
import { Draft } from "./draft.ts";
import { setGateway } from "./gateway-settings.ts";
import { openPlugin } from "./plugin-settings.ts";
import { setToken } from "./token-setting.ts";
import type { Wanted } from "./wanted.ts";

/** What is going to be done to the document, and which secrets belong to it. */
export interface Plan {
  /** The document anew. */
  text: string;
  /** Worker secrets and variables by name. */
  secrets: ReadonlyMap<string, Secret>;
  /** What somebody should know about it, a sentence each. */
  notes: readonly string[];
  /** What the Worker would make of it. */
  config: Config;
  account: Account;
}

const DEFAULT_HOME = [...CHANNEL, "accounts", DEFAULT_ACCOUNT_ID];

/** What OpenClaw moves under `accounts.default` before it adds a second account; the rest stays for both. */
const KEYS_OF_ONE = ["name", "token", "tokenFile", "allowFrom", "defaultTo"];

/** What holds where nothing is said, and need not be said then. */
const DEFAULTS: Partial<Record<keyof Wanted, unknown>> = {
  replyMode: "agent",
  defaultTo: "channel:general",
  allowFrom: ["*"],
  requireMention: false,
};
const PLAIN_SETTINGS = [
  ...(["baseUrl", "workspace", "defaultTo", "allowFrom"] as const),
  ...(["name", "replyMode", "agentId", "requireMention"] as const),
];

/**
 * Works out what the document has to become. Changes nothing that says already what is wanted, so that a second run finds
 * nothing to do.
 *
 * @param text the document, valid JSON5
 * @param variables what it may name
 * @throws {Problem} when it could not be used afterwards
 */
export function planSetup(text: string, variables: Variables, wanted: Wanted): Plan {
  const draft = new Draft(text, variables);
  const wasThere = draft.get(DEFAULT_HOME) !== undefined;
  const home = homeOf(draft, wanted.accountId);
  enable(draft, home);
  const server = draft.effective(home, "baseUrl");
  for (const key of PLAIN_SETTINGS) {
    const value = wanted[key];
    const now = draft.effective(home, key) ?? DEFAULTS[key];
    if (value !== undefined && !isSame(now, value)) draft.set([...home, key], value);
    // The token comes right behind what it is for.
    if (key === "workspace") setToken(draft, home, wanted);
  }
  keepApiAddress(draft, home, server, wanted.baseUrl);
  setGateway(draft, wanted);
  for (const place of [CHANNEL, home, ["gateway", "remote"]]) draft.bringAllOf(place, "accounts");
  openPlugin(draft, wanted.accountId);

  const all = draft.allVariables();
  const loaded = loadConfig(draft.text, all);
  if (!loaded.ok) {
    const [first, ...others] = loaded.faults.map(({ path, found, mend }) => `${path} is ${found}; ${mend}`);
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    throw new Problem(`the document cannot be used, and is left as it is: ${first}${more}`);
  }
  const { accounts } = loaded.config;
  const account = accounts.get(wanted.accountId);
  if (account === undefined)
    throw new Problem(`--account ${wanted.accountId}: it has no address, workspace and token yet; give them`);
  const isDefaultNew =
    wanted.accountId !== DEFAULT_ACCOUNT_ID && draft.get(DEFAULT_HOME) !== undefined && !wasThere;
  if (isDefaultNew && accounts.get(DEFAULT_ACCOUNT_ID)?.token === undefined)
    draft.note(`${DEFAULT_HOME.join(".")} has no token here; remove it if there is no such bot`);
  return { text: draft.text, secrets: draft.secrets, notes: draft.notes, config: loaded.config, account };
}

/** Where an account's own settings stand, made ready to take them. */
function homeOf(draft: Draft, id: string): string[] {
  if (draft.get(CHANNEL) === undefined) {
    draft.document.set(CHANNEL, {});
    draft.set([...CHANNEL, "enabled"], true);
  }
  const home = placeOf(draft, id);
  if (draft.get(home) !== undefined) return home;
  const own = KEYS_OF_ONE.filter((name) => draft.get([...CHANNEL, name]) !== undefined);
  // The default account may stand there without a key in `accounts`: what is its alone must not come to hold for both.
  if (accountKeys(draft).length === 0 && own.length > 0) {
    draft.document.move(CHANNEL, own, ["accounts", DEFAULT_ACCOUNT_ID]);
    draft.note(
      `${own.join(", ")} moved to channels.clickclack.accounts.default, as OpenClaw does it: the rest holds for both accounts`,
    );
  }
  // Empty at first, so that what comes in stands on lines of its own.
  draft.document.set(home, {});
  return home;
}

/** Whoever sets a bot up wants it on, as in OpenClaw; what switches the plugin off is the operator's. */
function enable(draft: Draft, home: readonly string[]): void {
  for (const place of home.length === CHANNEL.length ? [home] : [CHANNEL, home]) {
    const path = [...place, "enabled"];
    if (draft.get(path) !== false) continue;
    draft.set(path, true);
    draft.note(`${path.join(".")} was false, and is true now`);
  }
}

/** The API's own address belongs to a server; of another one it would be wrong. */
function keepApiAddress(
  draft: Draft,
  home: readonly string[],
  server: unknown,
  baseUrl: string | undefined,
): void {
  const now = draft.effective(home, "apiBaseUrl");
  if (baseUrl === undefined || server === undefined || isSame(server, baseUrl)) return;
  if (typeof now !== "string" || now.trim() === "" || isSame(now, baseUrl)) return;
  draft.set([...home, "apiBaseUrl"], baseUrl);
  draft.note(`${[...home, "apiBaseUrl"].join(".")} was of the server before, and is ${baseUrl} now`);
}

function isSame(now: unknown, wanted: unknown): boolean {
  const trimmed = typeof now === "string" ? now.trim().replace(/\/$/, "") : now;
  return JSON.stringify(trimmed) === JSON.stringify(wanted);
}
