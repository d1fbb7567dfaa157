import { asForbidden } from "../errors.ts";
import { type Actor, requireScope, requireWorkspace } from "../pipeline/auth.ts";
import { hangsInConversation } from "../store/attachments.ts";
import { getChannel } from "../store/channels.ts";
import { getConversation } from "../store/conversations.ts";
import { getMessage } from "../store/messages.ts";
import type { Store } from "../store/store.ts";
import type { ChannelRow, ConversationRow, MessageRow } from "../store/tables.ts";
import type { UploadRow } from "../store/upload-tables.ts";

// Where a bot asks for something that it cannot see or that does not exist, ClickClack answers 403; a person gets the
// store's 400 for the same.

/** Returns a channel that the caller may use. */
export function channelFor(store: Store, actor: Actor, channelId: string): ChannelRow {
  return forActor(actor, () => getChannel(store, channelId, actor.user.id));
}

/** Returns a conversation that the caller belongs to. */
export function conversationFor(store: Store, actor: Actor, conversationId: string): ConversationRow {
  return forActor(actor, () => getConversation(store, conversationId, actor.user.id));
}

/**
 * Returns a message that the caller may use.
 *
 * @param directScope what a bot needs as well if the message is in a direct conversation
 */
export function messageFor(store: Store, actor: Actor, messageId: string, directScope: string): MessageRow {
  const message = forActor(actor, () => getMessage(store, messageId, actor.user.id));
  if (message.direct_conversation_id !== "") requireScope(actor, directScope);
  return message;
}

/**
 * Requires of a bot that an upload is of its workspace, and the right to read direct conversations if it hangs in one.
 *
 * @param exceptMessageId a message that does not count
 * @throws ApiError 403
 */
export function requireUploadAccess(
  store: Store,
  actor: Actor,
  upload: UploadRow,
  exceptMessageId?: string,
): void {
  requireWorkspace(actor, upload.workspace_id);
  if (hangsInConversation(store, upload, exceptMessageId)) requireScope(actor, "dms:read");
}

function forActor<T extends { readonly workspace_id: string }>(actor: Actor, lookup: () => T): T {
  if (actor.token === undefined) return lookup();
  const found = asForbidden(lookup);
  requireWorkspace(actor, found.workspace_id);
  return found;
}
