import type { Store } from "../store/store.ts";
import type { EventRow, UserRow } from "../store/tables.ts";
import { ephemeral } from "./ephemeral.ts";

/** Returns what tells a workspace that a bot has been taken out of it, and ends the bot's sockets there. */
export function membershipRemoved(store: Store, workspaceId: string, botUserId: string): EventRow {
  return ephemeral(store, {
    type: "bot.membership_removed",
    workspaceId,
    payload: { bot_user_id: botUserId },
  });
}

/** Returns what tells a workspace that a bot has been deleted, and ends the bot's sockets there. */
export function botDeleted(
  store: Store,
  workspaceId: string,
  bot: Pick<UserRow, "id" | "display_name" | "former_handle" | "deleted_at">,
): EventRow {
  const { display_name, former_handle, deleted_at } = bot;
  const payload = { bot_user_id: bot.id, display_name, former_handle, deleted_at };
  return ephemeral(store, { type: "bot.deleted", workspaceId, payload });
}
