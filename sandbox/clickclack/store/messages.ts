import { badRequest, forbidden, noRows } from "../errors.ts";
import { mentionedHandles } from "../rules/mentions.ts";
import { trimSpace } from "../rules/text.ts";
import { getConversation, recipientsOf } from "./conversations.ts";
import { appendEvent } from "./events.ts";
import { findMember, requireMember, requireNotModerated } from "./members.ts";
import { listUnder, pairKey, type Store } from "./store.ts";
import type { EventRow, MessageRow } from "./tables.ts";

/**
 * Returns a message that the user may see; deleted ones as well.
 *
 * @throws ApiError 400 when there is none
 */
export function getMessage(store: Store, messageId: string, userId: string): MessageRow {
  const message = store.messages.get(messageId);
  if (message === undefined) throw noRows();
  if (message.direct_conversation_id !== "") getConversation(store, message.direct_conversation_id, userId);
  else requireMember(store, message.workspace_id, userId);
  return message;
}

/** Returns the message that an author sent under a nonce, wherever it is. A blank nonce is none. */
export function findByNonce(store: Store, authorId: string, nonce: string): MessageRow | undefined {
  return nonce === "" ? undefined : store.nonces.get(pairKey(authorId, nonce));
}

/** Puts a message into the tables. */
export function insertMessage(store: Store, message: MessageRow): void {
  store.messages.set(message.id, message);
  if (message.nonce !== "") store.nonces.set(pairKey(message.author_id, message.nonce), message);
  if (message.parent_message_id !== "") {
    listUnder(store.replies, message.parent_message_id).push(message);
    return;
  }
  listUnder(store.roots, scopeOf(message)).push(message);
  store.threads.set(message.id, {
    root_message_id: message.id,
    reply_count: 0,
    last_reply_at: "",
    last_reply_author_ids: [],
  });
}

/** Returns the id of the channel or conversation that a message is in. */
export function scopeOf(message: MessageRow): string {
  return message.channel_id || message.direct_conversation_id;
}

/** Returns the ids of the workspace's members that a message mentions. */
export function mentionedUserIds(store: Store, workspaceId: string, body: string): string[] {
  const handles = mentionedHandles(body);
  if (handles.length === 0) return [];
  const members = [...(store.members.get(workspaceId)?.keys() ?? [])].map((id) => store.users.get(id));
  return members
    .flatMap((user) => (user !== undefined && handles.includes(user.handle) ? [user.id] : []))
    .sort();
}

/**
 * Changes the body of an own message. It is told even if nothing changed; mentions are not looked for again.
 *
 * @throws ApiError 400 when not the author (not 403), when deleted, when empty; 403 when moderated
 */
export function editMessage(
  store: Store,
  messageId: string,
  userId: string,
  text: string,
): { message: MessageRow; event: EventRow } {
  const message = getMessage(store, messageId, userId);
  requireNotModerated(store, message.workspace_id, userId);
  if (message.author_id !== userId) throw badRequest("only the author can edit a message");
  if (message.deleted_at !== "") throw badRequest("deleted messages cannot be edited");
  const body = trimSpace(text);
  if (body === "") throw badRequest("message body is required");
  message.body = body;
  message.edited_at = store.now();
  return { message, event: appendMessageChange(store, message, "message.updated") };
}

/**
 * Empties a message and marks it deleted; deleting it again changes nothing and tells nothing.
 *
 * @throws ApiError 403 when neither the author nor, in a channel, the workspace's owner
 */
export function deleteMessage(
  store: Store,
  messageId: string,
  userId: string,
): { message: MessageRow; event?: EventRow } {
  const message = getMessage(store, messageId, userId);
  requireNotModerated(store, message.workspace_id, userId);
  const isOwner = findMember(store, message.workspace_id, userId)?.role === "owner";
  if (message.author_id !== userId && (message.direct_conversation_id !== "" || !isOwner)) {
    throw forbidden("message is not writable");
  }
  if (message.deleted_at !== "") return { message };
  message.body = "";
  message.deleted_at = store.now();
  store.attachments.delete(message.id);
  return { message, event: appendMessageChange(store, message, "message.deleted") };
}

/** Returns who alone may see the events of a message: the members of its conversation, or nobody in particular. */
export function messageRecipients(store: Store, message: MessageRow): string[] {
  const conversation = store.conversations.get(message.direct_conversation_id);
  return conversation === undefined ? [] : recipientsOf(store, conversation);
}

/** Tells that a message is not what it was. */
export function appendMessageChange(store: Store, message: MessageRow, type: string): EventRow {
  return appendEvent(store, {
    type,
    workspaceId: message.workspace_id,
    channelId: message.channel_id,
    seq: message.channel_seq,
    payload: {
      message_id: message.id,
      root_message_id: message.thread_root_id,
      direct_conversation_id: message.direct_conversation_id || undefined,
    },
    recipients: messageRecipients(store, message),
  });
}
