import { badRequest, noRows } from "../errors.ts";
import { normalizeCallbackUrl } from "../rules/callback-url.ts";
import { byCodePoint, slashed, trimSpace } from "../rules/text.ts";
import { activeIn, requireNoInstallation } from "./callback-owners.ts";
import type { SlashCommandRow } from "./callback-tables.ts";
import { findMember, requireManager, requireMember } from "./members.ts";
import type { Store } from "./store.ts";

const DESCRIPTION_MAX_BYTES = 500;
const TAKEN =
  "constraint failed: UNIQUE constraint failed: slash_commands.workspace_id, slash_commands.command (2067)";

/** A slash command as asked for. */
export interface NewSlashCommand {
  readonly command: string;
  readonly description: string;
  readonly callbackUrl: string;
  readonly botUserId: string;
  readonly appInstallationId: string;
}

/**
 * Registers a command in a workspace. What a command may be made of is left open: after trimming and lowercasing it only
 * gets its slash.
 *
 * @throws ApiError 400 for what is missing or bad, 403 when the caller is no manager, then 400 when the bot is none of
 * the workspace's, or when the command is taken (in the words of the database)
 */
export function createSlashCommand(
  store: Store,
  workspaceId: string,
  callerId: string,
  input: NewSlashCommand,
): SlashCommandRow {
  const command = slashed(input.command);
  if (command === "") throw badRequest("command is required");
  const callbackUrl = normalizeCallbackUrl(input.callbackUrl);
  const botUserId = trimSpace(input.botUserId);
  if (botUserId === "") throw badRequest("bot_user_id is required");
  const description = trimSpace(input.description);
  if (Buffer.byteLength(description) > DESCRIPTION_MAX_BYTES) throw badRequest("description is too long");
  requireManager(store, workspaceId, callerId);
  requireBotOf(store, workspaceId, botUserId);
  requireNoInstallation(input.appInstallationId);
  if (findSlashCommand(store, workspaceId, command) !== undefined) throw badRequest(TAKEN);
  const row: SlashCommandRow = {
    id: store.newId("cmd"),
    workspace_id: workspaceId,
    command,
    description,
    callback_url: callbackUrl,
    signing_secret: store.newId("ccs"),
    bot_user_id: botUserId,
    created_by: callerId,
    created_at: store.now(),
    revoked_at: "",
  };
  store.slashCommands.set(row.id, row);
  return row;
}

/**
 * Returns the commands of a workspace that are in force, by command.
 *
 * @throws ApiError 400 when the caller is no member
 */
export function listSlashCommands(store: Store, workspaceId: string, callerId: string): SlashCommandRow[] {
  requireMember(store, workspaceId, callerId);
  return activeIn(store.slashCommands, workspaceId).sort((a, b) => byCodePoint(a.command, b.command));
}

/** Returns the command that is registered in a workspace under this name, however it is written. */
export function findSlashCommand(
  store: Store,
  workspaceId: string,
  name: string,
): SlashCommandRow | undefined {
  const command = slashed(name);
  return activeIn(store.slashCommands, workspaceId).find((row) => row.command === command);
}

/** Revokes the commands of a bot in every workspace: a deleted bot has nothing to say. */
export function revokeSlashCommandsOf(store: Store, botUserId: string): void {
  for (const row of store.slashCommands.values()) {
    if (row.bot_user_id === botUserId) row.revoked_at ||= store.now();
  }
}

function requireBotOf(store: Store, workspaceId: string, userId: string): void {
  if (findMember(store, workspaceId, userId) === undefined) throw noRows();
  if (store.users.get(userId)?.kind !== "bot") {
    throw badRequest("bot_user_id must refer to a bot in the workspace");
  }
}
