import { ApiError, badRequest, forbidden, NO_ROWS, noRows } from "../errors.ts";
import { trimSpace } from "../rules/text.ts";
import { findMember, insertMember, requireManager, requireMember } from "./members.ts";
import { revokeSlashCommandsOf } from "./slash-commands.ts";
import { pairKey, type Store } from "./store.ts";
import type { BotTokenRow, UserRow } from "./tables.ts";
import { insertBotToken, revokeBotToken } from "./tokens.ts";
import { getUser, insertUser, requireFreeHandle, requireProfile } from "./users.ts";

/** What a bot is made of. */
export interface NewBot {
  readonly displayName: string;
  readonly handle: string;
  readonly avatarUrl: string;
  /** The person that the bot belongs to; none for a service bot. */
  readonly ownerUserId: string;
  /** The bot's first token; a bot may be made without one, to get its token by a setup code. */
  readonly firstToken: { readonly name: string; readonly scopes: readonly string[] } | undefined;
}

/**
 * Adds a bot to a workspace.
 *
 * @throws ApiError 400 for a bad name, handle or avatar; 403 when the caller is no manager, or makes a bot for somebody
 * else
 */
export function createBot(
  store: Store,
  workspaceId: string,
  callerId: string,
  input: NewBot,
): { bot: UserRow; token?: BotTokenRow } {
  requireProfile(input);
  requireMember(store, workspaceId, callerId);
  const ownerUserId = trimSpace(input.ownerUserId);
  if (ownerUserId === "") requireManager(store, workspaceId, callerId);
  else if (ownerUserId !== callerId) throw forbidden("only the bot owner can create a user-owned bot");
  requireFreeHandle(store, input.handle);
  const bot = insertUser(store, { ...input, kind: "bot", ownerUserId });
  insertMember(store, workspaceId, bot.id, "bot", bot.created_at);
  if (input.firstToken === undefined) return { bot };
  const token = { ...input.firstToken, bot, workspaceId, createdBy: callerId, createdAt: bot.created_at };
  return { bot, token: insertBotToken(store, token) };
}

/**
 * Returns a bot that is a member of the workspace.
 *
 * @throws ApiError 400 when there is none
 */
export function getWorkspaceBot(store: Store, workspaceId: string, botUserId: string): UserRow {
  const bot = getUser(store, botUserId);
  if (bot.kind !== "bot") throw badRequest("bot_user_id must refer to a bot");
  if (findMember(store, workspaceId, bot.id) === undefined) throw noRows();
  return bot;
}

/** Returns the bots of a workspace, by name. */
export function workspaceBots(store: Store, workspaceId: string): UserRow[] {
  return [...(store.members.get(workspaceId)?.keys() ?? [])]
    .map((id) => getUser(store, id))
    .filter((user) => user.kind === "bot")
    .sort((a, b) => a.display_name.toLowerCase().localeCompare(b.display_name.toLowerCase()));
}

/**
 * Requires somebody who may make and revoke a bot's tokens: its owner, or for a service bot a manager.
 *
 * @throws ApiError 403
 */
export function requireTokenManager(store: Store, workspaceId: string, bot: UserRow, callerId: string): void {
  if (bot.owner_user_id === "") {
    requireManager(store, workspaceId, callerId);
    return;
  }
  if (bot.owner_user_id !== callerId) throw forbidden("only the bot owner can manage this bot");
  if (findMember(store, workspaceId, callerId) === undefined)
    throw forbidden("bot owner must be a workspace member");
}

/**
 * Returns the one workspace that a bot is in.
 *
 * @throws ApiError 400 when it is no bot, or in none or several
 */
export function onlyWorkspaceOf(store: Store, botUserId: string): string {
  if (getUser(store, botUserId).kind !== "bot") throw badRequest("bot_user_id must refer to a bot");
  const ids = [...store.members].filter(([, members]) => members.has(botUserId)).map(([id]) => id);
  if (ids.length > 1) throw badRequest("workspace_id is required for bots installed in multiple workspaces");
  if (ids[0] === undefined) throw noRows();
  return ids[0];
}

/**
 * Takes a bot out of a workspace, with its menu and its tokens there.
 *
 * @throws ApiError 403 when the caller is no manager, 404 when the bot is no member
 */
export function removeBot(store: Store, workspaceId: string, botUserId: string, callerId: string): void {
  requireManager(store, workspaceId, callerId);
  if (!dropMember(store, workspaceId, botUserId)) throw new ApiError(404, NO_ROWS);
}

/** Ends a membership and what hangs on it; says whether there was one. */
export function dropMember(store: Store, workspaceId: string, userId: string): boolean {
  store.botCommands.delete(pairKey(workspaceId, userId));
  for (const token of store.botTokens.values()) {
    if (token.bot_user_id === userId && token.workspace_id === workspaceId) revokeBotToken(store, token);
  }
  for (const [code, row] of store.setupCodes) {
    if (row.bot_user_id === userId && row.workspace_id === workspaceId) store.setupCodes.delete(code);
  }
  return store.members.get(workspaceId)?.delete(userId) === true;
}

/**
 * Deletes a bot: it leaves every workspace and gives up its handle and its slash commands; its messages stay.
 *
 * @returns the ids of the workspaces that it was in
 * @throws ApiError 404 when there is no such bot, 403 when the caller may not
 */
export function deleteBot(
  store: Store,
  botUserId: string,
  callerId: string,
): { bot: UserRow; workspaceIds: string[] } {
  const bot = store.users.get(botUserId);
  if (bot?.kind !== "bot" || bot.deleted_at !== "") throw new ApiError(404, NO_ROWS);
  const workspaceIds = [...store.members].filter(([, members]) => members.has(bot.id)).map(([id]) => id);
  if (bot.owner_user_id !== "" && bot.owner_user_id !== callerId)
    throw forbidden("only the bot owner can manage this bot");
  if (bot.owner_user_id === "") for (const id of workspaceIds) requireManager(store, id, callerId);
  for (const id of workspaceIds) dropMember(store, id, bot.id);
  revokeSlashCommandsOf(store, bot.id);
  bot.former_handle = bot.handle;
  bot.handle = "";
  bot.deleted_at = store.now();
  return { bot, workspaceIds };
}
