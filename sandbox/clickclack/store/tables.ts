import type { DeliveryRow, EventSubscriptionRow, SlashCommandRow } from "./callback-tables.ts";
import type { UploadReservation, UploadRow } from "./upload-tables.ts";

/** A person or a bot. Rows keep ClickClack's own field names, so that they can be read beside its answers. */
export interface UserRow {
  readonly id: string;
  readonly kind: "human" | "bot";
  /** Set for a bot that belongs to a person; a service bot has none. */
  readonly owner_user_id: string;
  display_name: string;
  handle: string;
  former_handle: string;
  avatar_url: string;
  readonly created_at: string;
  deleted_at: string;
}

export interface WorkspaceRow {
  readonly id: string;
  readonly route_id: string;
  name: string;
  slug: string;
  readonly icon_url: string;
  readonly created_at: string;
}

export type Role = "owner" | "moderator" | "member" | "bot" | "guest";

export interface MemberRow {
  readonly workspace_id: string;
  readonly user_id: string;
  role: Role;
  readonly joined_at: string;
  /** Empty while the member is not blocked. */
  blocked_at: string;
  /** Empty while the member is not timed out. */
  timeout_until: string;
}

export interface ChannelRow {
  readonly id: string;
  readonly route_id: string;
  readonly workspace_id: string;
  name: string;
  display_title: string;
  kind: string;
  readonly created_at: string;
  archived_at: string;
  external_managed: boolean;
  external_ref: string;
  external_url: string;
  sidebar_section: string;
}

export interface ConversationRow {
  readonly id: string;
  readonly route_id: string;
  readonly workspace_id: string;
  readonly created_at: string;
  readonly member_ids: readonly string[];
  readonly hidden_for: Set<string>;
}

export type MessageKind = "message" | "agent_commentary" | "agent_tool";

export interface MessageRow {
  readonly id: string;
  /** Empty until someone opens or answers the thread. */
  route_id: string;
  readonly workspace_id: string;
  /** Exactly one of `channel_id` and `direct_conversation_id` is set. */
  readonly channel_id: string;
  readonly direct_conversation_id: string;
  readonly author_id: string;
  /** The root's id in a reply, empty in a root. */
  readonly parent_message_id: string;
  readonly thread_root_id: string;
  readonly channel_seq: number | undefined;
  readonly thread_seq: number | undefined;
  body: string;
  readonly created_at: string;
  edited_at: string;
  deleted_at: string;
  readonly kind: MessageKind;
  readonly turn_id: string;
  readonly quoted_message_id: string;
  readonly quoted_body_snapshot: string;
  readonly quoted_author_id: string;
  readonly nonce: string;
  readonly reactions: ReactionRow[];
}

export interface ReactionRow {
  readonly user_id: string;
  readonly emoji: string;
}

export interface ThreadRow {
  readonly root_message_id: string;
  reply_count: number;
  last_reply_at: string;
  last_reply_author_ids: readonly string[];
}

/** An event as it is kept: the frame that goes out, and who may see it. */
export interface EventRow {
  readonly id: string;
  readonly cursor: string;
  readonly type: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  readonly seq: number | undefined;
  readonly created_at: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly mentioned_user_ids: readonly string[];
  /** Empty means that the whole workspace may see it. */
  readonly recipient_user_ids: readonly string[];
}

export interface BotTokenRow {
  readonly id: string;
  token: string;
  readonly bot_user_id: string;
  readonly workspace_id: string;
  readonly owner_user_id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_by: string;
  readonly created_at: string;
  last_used_at: string;
  revoked_at: string;
}

export interface SetupDefaults {
  readonly defaultTo?: string | undefined;
  readonly allowFrom?: readonly string[] | undefined;
  readonly agentActivity?: boolean | undefined;
}

export interface SetupCodeRow {
  readonly id: string;
  readonly code: string;
  readonly bot_user_id: string;
  readonly workspace_id: string;
  readonly token_name: string;
  readonly scopes: readonly string[];
  readonly defaults: SetupDefaults;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly expires_at_ms: number;
  claimed: boolean;
}

export interface BotCommandRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly bot_user_id: string;
  readonly command: string;
  readonly description: string;
  readonly args_hint: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ReadRow {
  readonly last_read_seq: number;
  readonly last_read_at: string;
}

/** Everything the server knows, in memory. Keys are ids unless said otherwise. */
export interface Tables {
  readonly users: Map<string, UserRow>;
  readonly workspaces: Map<string, WorkspaceRow>;
  /** By workspace id, then user id. */
  readonly members: Map<string, Map<string, MemberRow>>;
  readonly channels: Map<string, ChannelRow>;
  readonly conversations: Map<string, ConversationRow>;
  readonly messages: Map<string, MessageRow>;
  /** Root messages in the order of `channel_seq`, by channel or conversation id. */
  readonly roots: Map<string, MessageRow[]>;
  /** Replies in the order of `thread_seq`, by root id. */
  readonly replies: Map<string, MessageRow[]>;
  /** By author id and nonce, which together are unique over everything and for ever. */
  readonly nonces: Map<string, MessageRow>;
  readonly threads: Map<string, ThreadRow>;
  /** By channel or conversation id and user id. */
  readonly reads: Map<string, ReadRow>;
  /** In the order of cursors, by workspace id. */
  readonly events: Map<string, EventRow[]>;
  /** By token. ClickClack keeps hashes only. */
  readonly botTokens: Map<string, BotTokenRow>;
  /** User id by session token. */
  readonly sessions: Map<string, string>;
  /** By code, without its dashes. */
  readonly setupCodes: Map<string, SetupCodeRow>;
  /** By workspace id and bot user id. */
  readonly botCommands: Map<string, BotCommandRow[]>;
  /** In the order in which they were made, revoked ones as well. */
  readonly eventSubscriptions: Map<string, EventSubscriptionRow>;
  /** Oldest first, by subscription id. */
  readonly deliveries: Map<string, DeliveryRow[]>;
  /** In the order in which they were made, revoked ones as well. */
  readonly slashCommands: Map<string, SlashCommandRow>;
  readonly uploads: Map<string, UploadRow>;
  readonly uploadReservations: Set<UploadReservation>;
  /** In the order in which they were attached, by message id. */
  readonly attachments: Map<string, UploadRow[]>;
}
