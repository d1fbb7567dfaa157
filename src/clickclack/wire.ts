import * as z from "zod/mini";

/**
 * What we read of ClickClack's resources. Only the fields that are used; everything else may come and go. ClickClack
 * leaves empty optional fields out, it never sends null for them.
 */

export const User = z.object({
  id: z.string(),
  kind: z._default(z.string(), "human"),
  display_name: z._default(z.string(), ""),
  handle: z._default(z.string(), ""),
  /** Of a person's own bot: whose it is. */
  owner_user_id: z.optional(z.string()),
});
export type User = z.infer<typeof User>;

export const Workspace = z.object({ id: z.string(), name: z.string(), slug: z.string() });
export type Workspace = z.infer<typeof Workspace>;

export const Channel = z.object({ id: z.string(), name: z.string() });
export type Channel = z.infer<typeof Channel>;

/** A file, as it hangs on a message. Its bytes are read apart from it. */
export const Upload = z.object({
  id: z.string(),
  filename: z._default(z.string(), ""),
  content_type: z._default(z.string(), "application/octet-stream"),
  byte_size: z._default(z.number(), 0),
});
export type Upload = z.infer<typeof Upload>;

export const Message = z.object({
  id: z.string(),
  channel_id: z.optional(z.string()),
  direct_conversation_id: z.optional(z.string()),
  author_id: z.string(),
  parent_message_id: z.optional(z.string()),
  thread_root_id: z.string(),
  channel_seq: z.optional(z.number()),
  thread_seq: z.optional(z.number()),
  body: z.string(),
  created_at: z.string(),
  deleted_at: z.optional(z.string()),
  kind: z._default(z.string(), "message"),
  /** The author's; shown to every reader. */
  nonce: z.optional(z.string()),
  author: z.optional(User),
  /** Absent from events' messages that the web client attaches to a moment later. */
  attachments: z.optional(z.array(Upload)),
  quoted_message_id: z.optional(z.string()),
  /** The beginning of the quoted text, as it was when it was quoted. */
  quoted_body_snapshot: z.optional(z.string()),
  quoted_author_id: z.optional(z.string()),
  quoted_author: z.optional(User),
  /** In list pages only, of root messages. */
  thread_state: z.optional(z.object({ last_reply_at: z.optional(z.string()) })),
});
export type Message = z.infer<typeof Message>;

export const DirectConversation = z.object({ id: z.string(), members: z.array(User) });
export type DirectConversation = z.infer<typeof DirectConversation>;

/** One event, from the socket or a page. Ephemeral ones have an empty cursor, and their payload is anyone's. */
export const Event = z.object({
  cursor: z.string(),
  type: z.string(),
  workspace_id: z.optional(z.string()),
  channel_id: z.optional(z.string()),
  /** Of a root message: its number in its channel or direct conversation. */
  seq: z.catch(z.optional(z.number()), undefined),
  mentioned_user_ids: z.catch(z.optional(z.array(z.string())), undefined),
  payload: z.nullable(z.record(z.string(), z.unknown())),
});
export type Event = z.infer<typeof Event>;

/** Whether an event tells of something that was said. Agents' activity rows say what they are; messages say nothing. */
export function tellsOfMessage({ type, payload }: Event): boolean {
  const { kind = "message" } = payload ?? {};
  return (type === "message.created" || type === "thread.reply_created") && kind === "message";
}

export const MeAnswer = z.object({ user: User });
export const WorkspacesAnswer = z.object({ workspaces: z.array(Workspace) });
export const ChannelsAnswer = z.object({ channels: z.array(Channel) });
export const MessageAnswer = z.object({ message: Message });
/** All that a post is asked for: a commit whose answer lacks anything else is still a commit. */
export const PostedAnswer = z.object({ message: z.object({ id: z.string() }) });
/** All that an upload is asked for, likewise. */
export const UploadAnswer = z.object({ upload: z.object({ id: z.string() }) });
/** A page that does not say whether there are older messages is taken for one that has some; the page after it tells. */
export const MessagesAnswer = z.object({
  messages: z.array(Message),
  has_older: z._default(z.boolean(), true),
});
export const ThreadAnswer = z.object({ root: Message, replies: z.array(Message) });
export const ConversationsAnswer = z.object({ conversations: z.array(DirectConversation) });
export const ConversationAnswer = z.object({ conversation: DirectConversation });
/** Events are read one by one, so that one that cannot be read hides no other. */
export const EventsAnswer = z.object({ events: z.array(z.unknown()), tail_cursor: z.optional(z.string()) });
export const MembersAnswer = z.object({
  members: z.array(z.object({ user: User })),
  has_more: z._default(z.boolean(), false),
  next_cursor: z.nullish(z.string()),
});
export const AnyAnswer = z.unknown();
export const ErrorAnswer = z.object({ error: z.string() });
