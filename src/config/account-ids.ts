import type { ChannelSettings } from "./document.ts";
import { isConfigured } from "./merge.ts";
import { normalizeId } from "./normalize.ts";
import type { Fault } from "./types.ts";
import { type Variables, variable } from "./variables.ts";

/** The account that `channels.clickclack` itself describes. */
export const DEFAULT_ACCOUNT_ID = "default";

/** The default account's token when the document has none. */
export const DEFAULT_TOKEN_VARIABLE = "CLICKCLACK_BOT_TOKEN";

const PROTOTYPE_KEYS = ["__proto__", "constructor", "prototype"];

/** One account of the document. */
export interface ListedAccount {
  id: string;
  /** Its key in `accounts`; absent for an account that only `channels.clickclack` describes. */
  key?: string;
  /** Other keys that come to the same id. */
  rivals: readonly string[];
}

/**
 * OpenClaw's account id for what an operator or a caller wrote: lower case, other characters as dashes, at most 64.
 *
 * @returns `default` for what leaves nothing, and for names that objects have by nature
 */
export function normalizeAccountId(written: string): string {
  const id = normalizeId(written);
  return id === "" || PROTOTYPE_KEYS.includes(id) ? DEFAULT_ACCOUNT_ID : id;
}

/** The Worker secret to keep an account's token in. */
export function tokenVariable(id: string): string {
  if (id === DEFAULT_ACCOUNT_ID) return DEFAULT_TOKEN_VARIABLE;
  return `CLICKCLACK_${id.toUpperCase().replaceAll("-", "_")}_BOT_TOKEN`;
}

/**
 * The accounts of the document in alphabetical order: those in `accounts`, and the default account when the channel
 * itself has an address, a workspace and a token. With none of them the default account stands alone.
 *
 * @param channel `channels.clickclack`
 * @param variables the Worker's environment, which may hold the default account's token
 */
export function listAccounts(channel: ChannelSettings, variables: Variables): ListedAccount[] {
  const keys = new Map<string, string[]>();
  for (const key of Object.keys(channel.accounts ?? {})) {
    const id = normalizeAccountId(key);
    keys.set(id, [...(keys.get(id) ?? []), key]);
  }
  if (keys.size === 0 || hasImplicitAccount(channel, variables)) {
    keys.set(DEFAULT_ACCOUNT_ID, keys.get(DEFAULT_ACCOUNT_ID) ?? []);
  }
  return [...keys]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([id, [first, ...others]]) =>
      first === undefined ? { id, rivals: [] } : { id, key: first, rivals: others },
    );
}

/**
 * @param written `channels.clickclack.defaultAccount`
 * @param ids the listed accounts in order; at least one
 */
export function defaultAccountId(written: string | undefined, ids: readonly string[]): string {
  const wanted = written?.trim() ? normalizeAccountId(written) : DEFAULT_ACCOUNT_ID;
  const candidates = [wanted, DEFAULT_ACCOUNT_ID, ...ids];
  return candidates.find((id) => ids.includes(id)) ?? DEFAULT_ACCOUNT_ID;
}

/** OpenClaw passes over an unlisted default in silence, and sends go out as another bot. */
export function defaultAccountFaults(written: string | undefined, ids: readonly string[]): Fault[] {
  if (!written?.trim() || ids.includes(normalizeAccountId(written))) return [];
  const path = "channels.clickclack.defaultAccount";
  return [{ path, found: "an account that is not there", mend: `use one of: ${ids.join(", ")}` }];
}

function hasImplicitAccount(channel: ChannelSettings, variables: Variables): boolean {
  const hasToken =
    isConfigured(channel.token) ||
    isConfigured(channel.tokenFile) ||
    variable(variables, DEFAULT_TOKEN_VARIABLE) !== undefined;
  return hasToken && isConfigured(channel.baseUrl) && isConfigured(channel.workspace);
}
