import { badRequest } from "../errors.ts";
import { normalizeNonce } from "../rules/nonce.ts";
import { trimSpace } from "../rules/text.ts";
import { requireActivePeer } from "./conversations.ts";
import { appendEvent } from "./events.ts";
import { requireMember, requireWriter } from "./members.ts";
import { findByNonce, insertMessage, mentionedUserIds, messageRecipients } from "./messages.ts";
import { type Quote, quoteFrom } from "./quotes.ts";
import type { Store } from "./store.ts";
import type { ChannelRow, ConversationRow, EventRow, MessageKind, MessageRow } from "./tables.ts";

/** A root message as asked for, by whom and under which correlation id. */
export interface Post {
  readonly authorId: string;
  readonly body: string;
  readonly quotedMessageId: string;
  readonly nonce: string;
  readonly kind: MessageKind;
  readonly turnId: string;
  readonly correlationId: string;
}

/** A new message with its event, or, when the nonce was used for the very same request, the old message alone. */
export interface Posted {
  readonly message: MessageRow;
  readonly event?: EventRow;
}

const NONCE_CONFLICT = "client nonce was already used for a different message";

/** Returns the refusal of a nonce that already stands for another message: a 400, not a 409. */
export function nonceConflict(): Error {
  return badRequest(NONCE_CONFLICT);
}

/**
 * Posts into a channel.
 *
 * The order of the checks shows: body, nonce, replay, then the right to post and the quote. So a blocked member can
 * still replay a nonce.
 *
 * @throws ApiError 400 or 403 in that order
 */
export function postToChannel(store: Store, channel: ChannelRow, post: Post): Posted {
  requireMember(store, channel.workspace_id, post.authorId);
  const { body, nonce } = requireContent(post);
  const replay = findReplay(store, post, channel.id, body, nonce);
  if (replay !== undefined) return { message: replay };
  requireWriter(store, channel.workspace_id, post.authorId);
  const quote = quoteFrom(store, post.quotedMessageId, (quoted) => isRootIn(quoted, channel.id));
  const message = insertRoot(
    store,
    channel.workspace_id,
    { channelId: channel.id },
    { ...post, body, nonce },
    quote,
  );
  return { message, event: appendCreated(store, message, post.correlationId) };
}

/**
 * Posts into a direct conversation.
 *
 * Here the right to post comes first: once the other side has left, even a replay is answered 409.
 *
 * @throws ApiError 400, 403 or 409
 */
export function postToConversation(store: Store, conversation: ConversationRow, post: Post): Posted {
  requireWriter(store, conversation.workspace_id, post.authorId);
  requireActivePeer(store, conversation, post.authorId);
  const { body, nonce } = requireContent(post);
  const replay = findReplay(store, post, conversation.id, body, nonce);
  if (replay !== undefined) return { message: replay };
  const quote = quoteFrom(store, post.quotedMessageId, (quoted) => isRootIn(quoted, conversation.id));
  const place = { conversationId: conversation.id };
  const message = insertRoot(store, conversation.workspace_id, place, { ...post, body, nonce }, quote);
  conversation.hidden_for.clear();
  return { message, event: appendCreated(store, message, post.correlationId) };
}

function requireContent(post: Post): { body: string; nonce: string } {
  const body = trimSpace(post.body);
  if (body === "") throw badRequest("message body is required");
  return { body, nonce: normalizeNonce(post.nonce) };
}

/** Returns the message to replay, if the nonce was used before; it must have been for this very request. */
function findReplay(
  store: Store,
  post: Post,
  scopeId: string,
  body: string,
  nonce: string,
): MessageRow | undefined {
  const existing = findByNonce(store, post.authorId, nonce);
  if (existing === undefined) return undefined;
  const same =
    isRootIn(existing, scopeId) &&
    existing.body === body &&
    existing.kind === post.kind &&
    existing.turn_id === post.turnId &&
    existing.quoted_message_id === post.quotedMessageId;
  if (!same) throw nonceConflict();
  return existing;
}

function isRootIn(message: MessageRow, scopeId: string): boolean {
  return (
    message.parent_message_id === "" && (message.channel_id || message.direct_conversation_id) === scopeId
  );
}

function insertRoot(
  store: Store,
  workspaceId: string,
  place: { channelId?: string; conversationId?: string },
  post: Post,
  quote: Quote,
): MessageRow {
  const id = store.newId("msg");
  const scopeId = place.channelId ?? place.conversationId ?? "";
  const message: MessageRow = {
    id,
    route_id: "",
    workspace_id: workspaceId,
    channel_id: place.channelId ?? "",
    direct_conversation_id: place.conversationId ?? "",
    author_id: post.authorId,
    parent_message_id: "",
    thread_root_id: id,
    channel_seq: (store.roots.get(scopeId)?.at(-1)?.channel_seq ?? 0) + 1,
    thread_seq: undefined,
    body: post.body,
    created_at: store.now(),
    edited_at: "",
    deleted_at: "",
    kind: post.kind,
    turn_id: post.turnId,
    ...quote,
    nonce: post.nonce,
    reactions: [],
  };
  insertMessage(store, message);
  return message;
}

/** Tells of a new root message. Mentions are computed in channels only: a message in a conversation is for its members. */
function appendCreated(store: Store, message: MessageRow, correlationId: string): EventRow {
  return appendEvent(store, {
    type: "message.created",
    workspaceId: message.workspace_id,
    channelId: message.channel_id,
    seq: message.channel_seq,
    payload: {
      message_id: message.id,
      author_id: message.author_id,
      direct_conversation_id: message.direct_conversation_id || undefined,
      kind: message.kind === "message" ? undefined : message.kind,
      turn_id: message.turn_id || undefined,
      nonce: message.nonce || undefined,
      correlation_id: correlationId,
    },
    recipients: messageRecipients(store, message),
    mentions: message.channel_id === "" ? [] : mentionedUserIds(store, message.workspace_id, message.body),
  });
}
