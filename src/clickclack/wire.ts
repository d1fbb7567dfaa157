import * as z from "zod";

/**
 * What we read of ClickClack's resources. Only the fields that are used; everything else may come and go. ClickClack
 * leaves empty optional fields out, it never sends null for them.
 */

export const User = z.object({
  id: z.string(),
  kind: z.string().default("human"),
  display_name: z.string().default(""),
  handle: z.string().default(""),
  /** Of a person's own bot: whose it is. */
  owner_user_id: z.string().optional(),
});
export type User = z.infer<typeof User>;

export const Workspace = z.object({ id: z.string(), name: z.string(), slug: z.string() });
export type Workspace = z.infer<typeof Workspace>;

export const Channel = z.object({ id: z.string(), name: z.string() });
export type Channel = z.infer<typeof Channel>;

/** A file, as it hangs on a message. Its bytes are read apart from it. */
export const Upload = z.object({
  id: z.string(),
  filename: z.string().default(""),
  content_type: z.string().default("application/octet-stream"),
  byte_size: z.number().default(0),
});
export type Upload = z.infer<typeof Upload>;

export const Message = z.object({
  id: z.string(),
  channel_id: z.string().optional(),
  direct_conversation_id: z.string().optional(),
  author_id: z.string(),
  parent_message_id: z.string().optional(),
  thread_root_id: z.string(),
  channel_seq: z.number().optional(),
  thread_seq: z.number().optional(),
  body: z.string(),
  created_at: z.string(),
  deleted_at: z.string().optional(),
  kind: z.string().default("message"),
  /** The author's; shown to every reader. */
  nonce: z.string().optional(),
  author: User.optional(),
  /** Absent from events' messages that the web client attaches to a moment later. */
  attachments: z.array(Upload).optional(),
  quoted_message_id: z.string().optional(),
  /** The beginning of the quoted text, as it was when it was quoted. */
  quoted_body_snapshot: z.string().optional(),
  quoted_author_id: z.string().optional(),
  quoted_author: User.optional(),
  /** In list pages only, of root messages. */
  thread_state: z.object({ last_reply_at: z.string().optional() }).optional(),
});
export type Message = z.infer<typeof Message>;

export const DirectConversation = z.object({ id: z.string(), members: z.array(User) });
export type DirectConversation = z.infer<typeof DirectConversation>;

/** One event, from the socket or a page. Ephemeral ones have an empty cursor, and their payload is anyone's. */
export const Event = z.object({
  cursor: z.string(),
  type: z.string(),
  workspace_id: z.string().optional(),
  channel_id: z.string().optional(),
  /** Of a root message: its number in its channel or direct conversation. */
  seq: z.number().optional().catch(undefined),
  mentioned_user_ids: z.array(z.string()).optional().catch(undefined),
  payload: z.record(z.string(), z.unknown()).nullable(),
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
  has_older: z.boolean().default(true),
});
export const ThreadAnswer = z.object({ root: Message, replies: z.array(Message) });
export const ConversationsAnswer = z.object({ conversations: z.array(DirectConversation) });
export const ConversationAnswer = z.object({ conversation: DirectConversation });
/** Events are read one by one, so that one that cannot be read hides no other. */
export const EventsAnswer = z.object({ events: z.array(z.unknown()), tail_cursor: z.string().optional() });
export const MembersAnswer = z.object({
  members: z.array(z.object({ user: User })),
  has_more: z.boolean().default(false),
  next_cursor: z.string().nullish(),
});
export const AnyAnswer = z.unknown();
export const ErrorAnswer = z.object({ error: z.string() });
