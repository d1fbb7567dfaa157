import { DEFAULT_ACCOUNT_ID, DEFAULT_TOKEN_VARIABLE, type ListedAccount } from "./account-ids.ts";
import { readCallbacks } from "./callbacks.ts";
import type { AccountSettings, ChannelSettings, EdgeSettings, TrustBits } from "./document.ts";
import { formatPath } from "./faults.ts";
import { mergeSettings } from "./merge.ts";
import type { Secret } from "./secret.ts";
import { readSecret, referTo, secretState, type Vault } from "./secrets.ts";
import { trustFaults } from "./trust.ts";
import type { Account, Fault } from "./types.ts";
import { readBaseUrl } from "./url.ts";
import { unsetFaults, variable } from "./variables.ts";

/** OpenClaw's default and bounds for the first reconnect delay. */
const RECONNECT_MS = { default: 1_500, min: 100, max: 60_000 };
/** OpenClaw knows the key and has no use for it, so this default is ours. */
const HISTORY_LIMIT_DEFAULT = 20;

const OPTIONAL_TEXTS = ["name", "agentId", "model", "systemPrompt", "responsePrefix"] as const;
type OptionalText = (typeof OPTIONAL_TEXTS)[number];

/** What an account is read against. */
export interface Surroundings {
  /** `channels.clickclack` */
  channel: ChannelSettings;
  /** `edge.accounts` */
  edge: EdgeSettings["accounts"];
  vault: Vault;
  /** `plugins.entries.clickclack.llm` */
  trust: TrustBits | undefined;
  /** False while the channel is switched off: nothing is missing then. */
  active: boolean;
  /** What stands in the way of every account. */
  shared: readonly Fault[];
}

/** The settings of one account, and where each of them stands in the document. */
interface Settings {
  id: string;
  values: AccountSettings;
  pathOf(key: keyof AccountSettings): string;
}

/**
 * Reads one account: its own settings over the channel's, defaults filled in, and what keeps it from working. A disabled
 * account has no faults.
 *
 * @param listed which account
 * @param surroundings what it is read against
 */
export function readAccount(listed: ListedAccount, surroundings: Surroundings): Account {
  const { channel, edge, vault, trust, active, shared } = surroundings;
  const settings = settingsOf(listed, channel);
  const { id, values } = settings;
  const faults: Fault[] = [...rivalFaults(listed), ...shared];
  for (const key of Object.keys(values)) {
    faults.push(...unsetFaults(settings.pathOf(key as keyof AccountSettings), vault.unset));
  }

  const baseUrl = readUrl(settings, "baseUrl", faults);
  const workspace = values.workspace?.trim() ?? "";
  const token = readToken(settings, vault, faults);
  if (baseUrl === undefined) {
    faults.push(notConfigured(settings, "baseUrl", "set it to where people open ClickClack"));
  }
  if (workspace === "") {
    faults.push(notConfigured(settings, "workspace", "set it to the workspace's id, slug or name"));
  }

  const { inbound, callbacks } = readCallbacks(id, edge, vault);
  const account = {
    id,
    ...optionalTexts(values),
    enabled: channel.enabled !== false && values.enabled !== false,
    baseUrl: baseUrl ?? "",
    apiBaseUrl: readUrl(settings, "apiBaseUrl", faults) ?? baseUrl ?? "",
    workspace,
    ...(token === undefined ? {} : { token }),
    replyMode: values.replyMode ?? "agent",
    defaultTo: values.defaultTo?.trim() || "channel:general",
    allowFrom: values.allowFrom ?? ["*"],
    allowBots: values.allowBots ?? false,
    requireMention: values.requireMention ?? false,
    groups: values.groups ?? {},
    reconnectMs: clamp(values.reconnectMs ?? RECONNECT_MS.default),
    historyLimit: channel.historyLimit ?? HISTORY_LIMIT_DEFAULT,
    ...(values.nativeProgress !== undefined && { nativeProgress: values.nativeProgress }),
    inbound,
  } satisfies Omit<Account, "faults" | "callbacks">;

  faults.push(...trustFaults(account, trust));
  const isLookedAt = active && account.enabled;
  return {
    ...account,
    callbacks: { ...callbacks, faults: isLookedAt ? callbacks.faults : [] },
    faults: isLookedAt ? firstPerPath(faults) : [],
  };
}

function settingsOf({ id, key }: ListedAccount, channel: ChannelSettings): Settings {
  const { accounts, defaultAccount: _, historyLimit: __, ...inherited } = channel;
  const own = (key === undefined ? undefined : accounts?.[key]) ?? {};
  const root = ["channels", "clickclack"];
  const home = key === undefined ? root : [...root, "accounts", key];
  return {
    id,
    values: mergeSettings(inherited, own),
    pathOf(name) {
      const isInherited = !Object.hasOwn(own, name) && Object.hasOwn(inherited, name);
      return formatPath([...(isInherited ? root : home), name]);
    },
  };
}

/** OpenClaw takes the first of them in silence; here neither is taken, since two bots were meant. */
function rivalFaults({ id, key, rivals }: ListedAccount): Fault[] {
  return rivals.map((rival) => ({
    path: formatPath(["channels", "clickclack", "accounts", rival]),
    found: `the same account id, "${id}", as accounts.${key}`,
    mend: "rename one of the two: ids are lower case, and other characters than a-z, 0-9, _ count as dashes",
  }));
}

function notConfigured(
  { id, pathOf }: Pick<Settings, "id" | "pathOf">,
  key: keyof AccountSettings,
  mend: string,
): Fault {
  return { path: pathOf(key), found: `ClickClack is not configured for account "${id}": no ${key}`, mend };
}

function readUrl(
  { values, pathOf }: Settings,
  key: "baseUrl" | "apiBaseUrl",
  faults: Fault[],
): string | undefined {
  const text = values[key]?.trim();
  if (!text) return undefined;
  const read = readBaseUrl(text);
  if ("url" in read) return read.url;
  faults.push({ path: pathOf(key), ...read });
}

/** A file goes before a token, and the default account's variable comes last, when the document has neither. */
function readToken({ id, values, pathOf }: Settings, vault: Vault, faults: Fault[]): Secret | undefined {
  const isDefault = id === DEFAULT_ACCOUNT_ID;
  const ownVariable = `CLICKCLACK_${id.toUpperCase().replaceAll("-", "_")}_BOT_TOKEN`;
  const usualName = isDefault ? DEFAULT_TOKEN_VARIABLE : ownVariable;
  if (values.tokenFile?.trim()) {
    const found = "a file, and a Worker has no files";
    faults.push({ path: pathOf("tokenFile"), found, mend: `remove it; for token, ${referTo(usualName)}` });
    return undefined;
  }
  const written = readSecret(values.token, pathOf("token"), usualName, vault);
  const fallback = isDefault ? variable(vault.variables, DEFAULT_TOKEN_VARIABLE) : undefined;
  const read =
    written.state === "missing" && fallback !== undefined ? secretState(fallback, pathOf("token")) : written;
  if (read.state === "available") return read.secret;
  faults.push(
    read.state === "missing" ? notConfigured({ id, pathOf }, "token", referTo(usualName)) : read.fault,
  );
}

/** Blank counts as unset. */
function optionalTexts(values: AccountSettings) {
  const entries = OPTIONAL_TEXTS.map((key) => [key, values[key]?.trim()] as const);
  return Object.fromEntries(entries.filter(([, text]) => text)) as Partial<Record<OptionalText, string>>;
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, RECONNECT_MS.min), RECONNECT_MS.max);
}

/** The first says it; what else is wrong with the same setting follows from it. */
function firstPerPath(faults: readonly Fault[]): Fault[] {
  return faults.filter((fault, index) => faults.findIndex(({ path }) => path === fault.path) === index);
}
