import { badRequest, forbidden } from "../errors.ts";
import { byCodePoint, runeCount, slashed, trimSpace } from "../rules/text.ts";
import { findMember, requireNotModerated } from "./members.ts";
import { pairKey, type Store } from "./store.ts";
import type { BotCommandRow } from "./tables.ts";

const MAX_COMMANDS = 100;
const MAX_RUNES = 100;
const COMMAND = /^\/[a-z0-9_-]{1,32}$/;

/** One entry of a bot's menu as asked for. */
export interface NewBotCommand {
  readonly command: string;
  readonly description: string;
  readonly args_hint: string;
}

/**
 * Replaces the whole menu of a bot in a workspace; entries get new ids every time. A refused menu leaves the old one.
 *
 * @returns the new menu, by command
 * @throws ApiError 400 that names the entry, 403 when the bot is blocked or gone
 */
export function setBotCommands(
  store: Store,
  workspaceId: string,
  botUserId: string,
  commands: readonly NewBotCommand[],
): BotCommandRow[] {
  const menu = normalize(commands);
  if (findMember(store, workspaceId, botUserId) === undefined) throw forbidden("moderation restriction");
  requireNotModerated(store, workspaceId, botUserId);
  const now = store.now();
  const rows = menu
    .map((entry) => ({
      id: store.newId("botcmd"),
      workspace_id: workspaceId,
      bot_user_id: botUserId,
      ...entry,
      created_at: now,
      updated_at: now,
    }))
    .sort((a, b) => byCodePoint(a.command, b.command));
  store.botCommands.set(pairKey(workspaceId, botUserId), rows);
  return rows;
}

/** Returns the menus of a workspace's bots, by bot handle and command. */
export function workspaceBotCommands(store: Store, workspaceId: string): BotCommandRow[] {
  const handleOf = (row: BotCommandRow) => store.users.get(row.bot_user_id)?.handle ?? "";
  return [...store.botCommands.values()]
    .flat()
    .filter((row) => row.workspace_id === workspaceId)
    .sort((a, b) => byCodePoint(handleOf(a), handleOf(b)) || byCodePoint(a.command, b.command));
}

function normalize(commands: readonly NewBotCommand[]): NewBotCommand[] {
  if (commands.length > MAX_COMMANDS)
    throw badRequest(`commands must contain at most ${MAX_COMMANDS} entries`);
  const seen = new Set<string>();
  return commands.map((input, index) => {
    const at = `commands[${index}]`;
    const command = slashed(input.command);
    if (!COMMAND.test(command))
      throw badRequest(`${at}.command must match ^/[a-z0-9_-]{1,32}$ after normalization`);
    const description = trimSpace(input.description);
    if (description === "") throw badRequest(`${at}.description is required`);
    if (runeCount(description) > MAX_RUNES)
      throw badRequest(`${at}.description must be at most ${MAX_RUNES} characters`);
    const argsHint = trimSpace(input.args_hint);
    if (runeCount(argsHint) > MAX_RUNES)
      throw badRequest(`${at}.args_hint must be at most ${MAX_RUNES} characters`);
    if (seen.has(command)) throw badRequest(`${at}.command duplicates ${command}`);
    seen.add(command);
    return { command, description, args_hint: argsHint };
  });
}
