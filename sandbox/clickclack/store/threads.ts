import { badRequest } from "../errors.ts";
import { newRouteId } from "../rules/ids.ts";
import { normalizeNonce } from "../rules/nonce.ts";
import { trimSpace } from "../rules/text.ts";
import { getConversation, requireActivePeer } from "./conversations.ts";
import { appendEvent } from "./events.ts";
import { requireWriter } from "./members.ts";
import { findByNonce, getMessage, insertMessage, mentionedUserIds, messageRecipients } from "./messages.ts";
import { nonceConflict, type Post } from "./posting.ts";
import { type Quote, quoteFrom } from "./quotes.ts";
import type { Store } from "./store.ts";
import type { EventRow, MessageRow, ThreadRow } from "./tables.ts";

const LAST_AUTHORS_MAX = 3;

/** A reply as asked for. */
export type ReplyPost = Omit<Post, "kind" | "turnId">;

/** A new reply with its two events, or the old one without, when its nonce was replayed. */
export interface Replied {
  readonly message: MessageRow;
  readonly thread: ThreadRow;
  readonly events: readonly EventRow[];
}

/**
 * Answers in the thread of a root message. A root that was deleted can still be answered.
 *
 * @throws ApiError 400 for a reply to a reply, an empty body, a bad nonce or quote; 403 and 409 as for a root message
 */
export function reply(store: Store, rootId: string, post: ReplyPost): Replied {
  const root = getMessage(store, rootId, post.authorId);
  if (root.parent_message_id !== "") throw badRequest("nested thread replies are not supported");
  const body = trimSpace(post.body);
  if (body === "") throw badRequest("reply body is required");
  const nonce = normalizeNonce(post.nonce);
  const thread = threadOf(store, root);
  const replay = findReplay(store, root, { ...post, body, nonce });
  if (replay !== undefined) return { message: replay, thread, events: [] };
  requireWriter(store, root.workspace_id, post.authorId);
  if (root.direct_conversation_id !== "") {
    requireActivePeer(
      store,
      getConversation(store, root.direct_conversation_id, post.authorId),
      post.authorId,
    );
  }
  const quote = quoteFrom(store, post.quotedMessageId, (quoted) => quoted.thread_root_id === root.id);
  ensureRouteId(root);
  const message = insertReply(store, root, { ...post, body, nonce }, quote);
  thread.reply_count++;
  thread.last_reply_at = message.created_at;
  thread.last_reply_author_ids = [...new Set([post.authorId, ...thread.last_reply_author_ids])].slice(
    0,
    LAST_AUTHORS_MAX,
  );
  return { message, thread, events: appendReplied(store, root, message, post.correlationId) };
}

/** A window of a thread. */
export interface ThreadPage {
  readonly root: MessageRow;
  readonly replies: readonly MessageRow[];
  readonly thread: ThreadRow;
}

/**
 * Returns the oldest or the newest replies of a thread, ascending either way. There is no cursor to go on from. Reading
 * gives the root its route id.
 *
 * @throws ApiError 400 when the message is a reply or is not there
 */
export function readThread(
  store: Store,
  rootId: string,
  userId: string,
  limit: number,
  latest: boolean,
): ThreadPage {
  const root = getMessage(store, rootId, userId);
  if (root.parent_message_id !== "") throw badRequest("thread root must be a root message");
  ensureRouteId(root);
  const replies = store.replies.get(root.id) ?? [];
  const page = latest ? replies.slice(-limit) : replies.slice(0, limit);
  return { root, replies: page, thread: threadOf(store, root) };
}

/** Gives a root message the id of its public URL, once. */
export function ensureRouteId(root: MessageRow): void {
  if (root.route_id === "") root.route_id = newRouteId("M");
}

/** Returns what is kept of a root message's thread. */
export function threadOf(store: Store, root: MessageRow): ThreadRow {
  const thread = store.threads.get(root.id);
  if (thread === undefined) throw new Error(`root message ${root.id} has no thread state`);
  return thread;
}

function findReplay(store: Store, root: MessageRow, post: ReplyPost): MessageRow | undefined {
  const existing = findByNonce(store, post.authorId, post.nonce);
  if (existing === undefined) return undefined;
  const same =
    existing.parent_message_id === root.id &&
    existing.body === post.body &&
    existing.quoted_message_id === post.quotedMessageId;
  if (!same) throw nonceConflict();
  return existing;
}

function insertReply(store: Store, root: MessageRow, post: ReplyPost, quote: Quote): MessageRow {
  const message: MessageRow = {
    id: store.newId("msg"),
    route_id: "",
    workspace_id: root.workspace_id,
    channel_id: root.channel_id,
    direct_conversation_id: root.direct_conversation_id,
    author_id: post.authorId,
    parent_message_id: root.id,
    thread_root_id: root.id,
    channel_seq: undefined,
    thread_seq: (store.replies.get(root.id)?.at(-1)?.thread_seq ?? 0) + 1,
    body: post.body,
    created_at: store.now(),
    edited_at: "",
    deleted_at: "",
    kind: "message",
    turn_id: "",
    ...quote,
    nonce: post.nonce,
    reactions: [],
  };
  insertMessage(store, message);
  return message;
}

function appendReplied(
  store: Store,
  root: MessageRow,
  message: MessageRow,
  correlationId: string,
): EventRow[] {
  const common = {
    workspaceId: root.workspace_id,
    channelId: root.channel_id,
    recipients: messageRecipients(store, root),
  };
  const place = {
    root_message_id: root.id,
    direct_conversation_id: root.direct_conversation_id || undefined,
  };
  const created = appendEvent(store, {
    ...common,
    type: "thread.reply_created",
    payload: {
      ...place,
      message_id: message.id,
      nonce: message.nonce || undefined,
      correlation_id: correlationId,
    },
    mentions: mentionedUserIds(store, root.workspace_id, message.body),
  });
  return [created, appendEvent(store, { ...common, type: "thread.state_updated", payload: place })];
}
