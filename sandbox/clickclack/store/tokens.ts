import { badRequest, noRows } from "../errors.ts";
import { findMember } from "./members.ts";
import type { Store } from "./store.ts";
import type { BotTokenRow, UserRow } from "./tables.ts";

/** What a bot token is made of. */
export interface NewBotToken {
  readonly bot: UserRow;
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  /** A fixed secret; a new one is made if none is given. */
  readonly token?: string | undefined;
  /** Now, if nothing else is said. */
  readonly createdAt?: string;
}

/**
 * Adds a token for a bot, bound to one workspace.
 *
 * @throws ApiError 400 when a fixed secret is given that is already in use
 */
export function insertBotToken(store: Store, input: NewBotToken): BotTokenRow {
  requireFreeSecret(store, input.token);
  const row: BotTokenRow = {
    token: input.token ?? store.newId("ccb"),
    id: store.newId("btok"),
    bot_user_id: input.bot.id,
    workspace_id: input.workspaceId,
    owner_user_id: input.bot.owner_user_id,
    name: input.name,
    scopes: input.scopes,
    created_by: input.createdBy,
    created_at: input.createdAt ?? store.now(),
    last_used_at: "",
    revoked_at: "",
  };
  store.botTokens.set(row.token, row);
  return row;
}

/**
 * Returns the token that a secret stands for, while it is good: not revoked, its bot neither deleted nor out of the
 * token's workspace, and the bot's owner, if it has one, still in it as well.
 */
export function findValidBotToken(store: Store, secret: string): BotTokenRow | undefined {
  const token = store.botTokens.get(secret);
  if (token === undefined || token.revoked_at !== "") return undefined;
  if (store.users.get(token.bot_user_id)?.deleted_at !== "") return undefined;
  const needed = [token.bot_user_id, token.owner_user_id].filter((id) => id !== "");
  return needed.every((id) => findMember(store, token.workspace_id, id) !== undefined) ? token : undefined;
}

/**
 * Returns a token by its id, whatever its state.
 *
 * @throws ApiError 400 when there is none
 */
export function getBotTokenById(store: Store, tokenId: string): BotTokenRow {
  for (const token of store.botTokens.values()) if (token.id === tokenId) return token;
  throw noRows();
}

/** Returns a bot's tokens in a workspace, newest first. */
export function botTokensOf(store: Store, workspaceId: string, botUserId: string): BotTokenRow[] {
  return [...store.botTokens.values()]
    .filter((token) => token.bot_user_id === botUserId && token.workspace_id === workspaceId)
    .reverse();
}

/** Revokes a token, once. Its open sockets stay open: ClickClack looks at tokens when a socket opens, not later. */
export function revokeBotToken(store: Store, token: BotTokenRow): void {
  token.revoked_at ||= store.now();
}

/**
 * Adds a session for a person and returns its token.
 *
 * @throws ApiError 400 when a fixed token is given that is already in use
 */
export function insertSession(store: Store, userId: string, fixedToken?: string): string {
  requireFreeSecret(store, fixedToken);
  const token = fixedToken ?? store.newId("sst");
  store.sessions.set(token, userId);
  return token;
}

function requireFreeSecret(store: Store, secret: string | undefined): void {
  if (secret !== undefined && (store.botTokens.has(secret) || store.sessions.has(secret))) {
    throw badRequest("a token that was given is already in use");
  }
}
