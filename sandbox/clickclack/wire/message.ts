import { attachmentsOf } from "../store/attachments.ts";
import { reactionSummaries } from "../store/reactions.ts";
import type { Store } from "../store/store.ts";
import type { MessageRow, ThreadRow } from "../store/tables.ts";
import { getUser } from "../store/users.ts";
import { attachmentView } from "./upload.ts";
import { userView } from "./user.ts";

/** What an answer shows of a message beyond the message itself. */
export interface MessageExtras {
  /**
   * Who reads it, so that their reactions are marked as their own. Answers to create, edit and delete show neither
   * reactions nor attachments.
   */
  readonly hydratedFor?: string;
  /** Lists show the thread of every root message. */
  readonly thread?: ThreadRow | undefined;
}

/** A message. */
export function messageView(store: Store, message: MessageRow, extras: MessageExtras = {}) {
  const reader = extras.hydratedFor;
  const reactions = reader === undefined ? [] : reactionSummaries(message, reader);
  const attachments = reader === undefined ? [] : attachmentsOf(store, message);
  const quotedAuthor = store.users.get(message.quoted_author_id);
  return {
    id: message.id,
    route_id: message.route_id || undefined,
    workspace_id: message.workspace_id,
    channel_id: message.channel_id || undefined,
    direct_conversation_id: message.direct_conversation_id || undefined,
    author_id: message.author_id,
    parent_message_id: message.parent_message_id || undefined,
    thread_root_id: message.thread_root_id,
    channel_seq: message.channel_seq,
    thread_seq: message.thread_seq,
    body: message.body,
    body_format: "markdown",
    created_at: message.created_at,
    edited_at: message.edited_at || undefined,
    deleted_at: message.deleted_at || undefined,
    kind: message.kind,
    turn_id: message.turn_id || undefined,
    author: userView(getUser(store, message.author_id)),
    attachments: attachments.length === 0 ? undefined : attachments.map(attachmentView),
    quoted_message_id: message.quoted_message_id || undefined,
    quoted_body_snapshot: message.quoted_body_snapshot || undefined,
    quoted_author_id: message.quoted_author_id || undefined,
    quoted_author: quotedAuthor && userView(quotedAuthor),
    thread_state: extras.thread && threadView(extras.thread),
    nonce: message.nonce || undefined,
    reactions: reactions.length === 0 ? undefined : reactions,
  };
}

/** What stands for the message where none was made. */
export const ZERO_MESSAGE = {
  id: "",
  workspace_id: "",
  author_id: "",
  thread_root_id: "",
  body: "",
  body_format: "",
  created_at: "",
};

/** What is kept of a thread. The count does not shrink when a reply is deleted. */
export function threadView(thread: ThreadRow) {
  return {
    root_message_id: thread.root_message_id,
    reply_count: thread.reply_count,
    last_reply_at: thread.last_reply_at || undefined,
    last_reply_author_ids: thread.last_reply_author_ids,
  };
}
