import type { Store } from "../store/store.ts";
import type { BotCommandRow, BotTokenRow, SetupCodeRow } from "../store/tables.ts";
import { getUser } from "../store/users.ts";

/** A token's description; the secret is shown only where the token is made. */
export function botTokenView(token: BotTokenRow, secret?: string) {
  return {
    id: token.id,
    bot_user_id: token.bot_user_id,
    workspace_id: token.workspace_id,
    owner_user_id: token.owner_user_id || undefined,
    name: token.name,
    scopes: token.scopes,
    created_by: token.created_by || undefined,
    created_at: token.created_at,
    last_used_at: token.last_used_at || undefined,
    revoked_at: token.revoked_at || undefined,
    token: secret,
  };
}

/** A setup code as its maker sees it, with where to claim it. */
export function setupCodeView(row: SetupCodeRow, baseUrl: string | undefined) {
  return {
    id: row.id,
    bot_user_id: row.bot_user_id,
    workspace_id: row.workspace_id,
    token_name: row.token_name,
    scopes: row.scopes,
    defaults: row.defaults,
    created_by: row.created_by,
    created_at: row.created_at,
    expires_at: row.expires_at,
    code: row.code,
    contract_version: baseUrl && 1,
    claim_url: baseUrl && `${baseUrl}/api/bot-setup-codes/claim`,
    api_base_url: baseUrl,
  };
}

/** An entry of a workspace's menus, with the bot that it belongs to. */
export function workspaceBotCommandView(store: Store, row: BotCommandRow) {
  const bot = getUser(store, row.bot_user_id);
  return {
    id: row.id,
    command: row.command,
    description: row.description,
    args_hint: row.args_hint,
    bot: { id: bot.id, handle: bot.handle, display_name: bot.display_name, avatar_url: bot.avatar_url },
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
