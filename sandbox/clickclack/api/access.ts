import { asForbidden } from "../errors.ts";
import { type Actor, requireScope, requireWorkspace } from "../pipeline/auth.ts";
import { getChannel } from "../store/channels.ts";
import { getConversation } from "../store/conversations.ts";
import { getMessage } from "../store/messages.ts";
import type { Store } from "../store/store.ts";
import type { ChannelRow, ConversationRow, MessageRow } from "../store/tables.ts";

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

function forActor<T extends { readonly workspace_id: string }>(actor: Actor, lookup: () => T): T {
  if (actor.token === undefined) return lookup();
  const found = asForbidden(lookup);
  requireWorkspace(actor, found.workspace_id);
  return found;
}
