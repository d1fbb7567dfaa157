import { ApiError, badRequest } from "../errors.ts";
import { newSetupCode } from "../rules/ids.ts";
import { AGENT_ACTIVITY, expandScopes } from "../rules/scopes.ts";
import { runeCount, trimSpace } from "../rules/text.ts";
import { rfc3339 } from "../rules/time.ts";
import { getWorkspaceBot, requireTokenManager } from "./bots.ts";
import { findMember } from "./members.ts";
import type { Store } from "./store.ts";
import type { BotTokenRow, SetupCodeRow, SetupDefaults, UserRow, WorkspaceRow } from "./tables.ts";
import { insertBotToken } from "./tokens.ts";
import { getUser } from "./users.ts";

const CODE_TTL_MS = 10 * 60 * 1000;
const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/;
const DEFAULT_MAX_RUNES = 256;
const ALLOW_FROM_MAX_ENTRIES = 500;

/** What a setup code is to grant. */
export interface NewSetupCode {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly defaults: SetupDefaults;
}

/**
 * Mints a code that can be exchanged, once and within ten minutes, for a bot token. A new one for the same bot and token
 * name replaces the old.
 *
 * @throws ApiError 400 or 403
 */
export function mintSetupCode(
  store: Store,
  workspaceId: string,
  botUserId: string,
  callerId: string,
  input: NewSetupCode,
): SetupCodeRow {
  const scopes = expandScopes(input.scopes);
  const defaults = normalizeDefaults(input.defaults, scopes);
  const bot = getWorkspaceBot(store, workspaceId, botUserId);
  requireTokenManager(store, workspaceId, bot, callerId);
  const tokenName = trimSpace(input.name) || "default";
  for (const [key, row] of store.setupCodes) {
    if (row.bot_user_id === bot.id && row.workspace_id === workspaceId && row.token_name === tokenName) {
      store.setupCodes.delete(key);
    }
  }
  const code = newSetupCode();
  const now = store.clock();
  const expires = now + BigInt(CODE_TTL_MS) * 1_000_000n;
  const row: SetupCodeRow = {
    id: store.newId("bsc"),
    code,
    bot_user_id: bot.id,
    workspace_id: workspaceId,
    token_name: tokenName,
    scopes,
    defaults,
    created_by: callerId,
    created_at: rfc3339(now),
    expires_at: rfc3339(expires),
    expires_at_ms: Number(expires / 1_000_000n),
    claimed: false,
  };
  store.setupCodes.set(code.replaceAll("-", ""), row);
  return row;
}

/** What a code was exchanged for. */
export interface Claim {
  readonly token: BotTokenRow;
  readonly bot: UserRow;
  readonly workspace: WorkspaceRow;
  readonly defaults: SetupDefaults;
}

/**
 * Exchanges a setup code for a new token. Case, dashes and spaces do not matter.
 *
 * @throws ApiError 404, the same for every reason why a code is no good
 */
export function claimSetupCode(store: Store, code: string): Claim {
  const normalized = trimSpace(code).toUpperCase().replace(/[- ]/g, "");
  const row = CODE.test(normalized) ? store.setupCodes.get(normalized) : undefined;
  if (row === undefined || row.claimed || row.expires_at_ms <= Date.now()) throw invalidCode();
  const workspace = store.workspaces.get(row.workspace_id);
  if (workspace === undefined || findMember(store, row.workspace_id, row.bot_user_id) === undefined)
    throw invalidCode();
  const bot = getUser(store, row.bot_user_id);
  const token = insertBotToken(store, {
    bot,
    workspaceId: row.workspace_id,
    name: row.token_name,
    scopes: row.scopes,
    createdBy: row.created_by,
  });
  row.claimed = true;
  const defaultTo = row.defaults.defaultTo || defaultTarget(store, row.workspace_id);
  return { token, bot, workspace, defaults: { ...row.defaults, defaultTo } };
}

function invalidCode(): ApiError {
  return new ApiError(404, "setup code is invalid or expired");
}

/** Returns where a bot writes if nothing else is said: `general`, else the oldest channel that is not archived. */
function defaultTarget(store: Store, workspaceId: string): string | undefined {
  const open = [...store.channels.values()].filter(
    (c) => c.workspace_id === workspaceId && c.archived_at === "",
  );
  const channel = open.find((candidate) => candidate.name === "general") ?? open[0];
  return channel && `channel:${channel.name}`;
}

function normalizeDefaults(defaults: SetupDefaults, scopes: readonly string[]): SetupDefaults {
  const defaultTo = trimSpace(defaults.defaultTo ?? "");
  requireShort("defaultTo", defaultTo);
  const allowFrom = defaults.allowFrom?.map(trimSpace) ?? [];
  if (allowFrom.length > ALLOW_FROM_MAX_ENTRIES) throw badRequest("defaults.allowFrom has too many entries");
  if (allowFrom.includes("")) throw badRequest("defaults.allowFrom entries must not be empty");
  for (const entry of allowFrom) requireShort("defaults.allowFrom entry", entry);
  if (defaults.agentActivity === true && !scopes.includes(AGENT_ACTIVITY)) {
    throw badRequest("defaults.agentActivity requires agent_activity:write");
  }
  return {
    defaultTo: defaultTo || undefined,
    allowFrom: allowFrom.length === 0 ? undefined : [...new Set(allowFrom)],
    agentActivity: defaults.agentActivity,
  };
}

function requireShort(name: string, value: string): void {
  if (value.includes("\0")) throw badRequest(`${name} must not contain NUL`);
  if (runeCount(value) > DEFAULT_MAX_RUNES) throw badRequest(`${name} is too long`);
}
