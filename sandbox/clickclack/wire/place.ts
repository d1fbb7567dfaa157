import { byCodePoint } from "../rules/text.ts";
import { type Counters, countersOf } from "../store/channels.ts";
import { hasActivePeer } from "../store/conversations.ts";
import type { Store } from "../store/store.ts";
import type { ChannelRow, ConversationRow, Role, WorkspaceRow } from "../store/tables.ts";
import { getUser } from "../store/users.ts";
import { userView } from "./user.ts";

const NO_COUNTERS: Counters = { last_seq: 0, last_read_seq: 0, unread_count: 0 };

/** A workspace, with the caller's role in it. */
export function workspaceView(workspace: WorkspaceRow, role: Role) {
  return {
    id: workspace.id,
    route_id: workspace.route_id,
    name: workspace.name,
    slug: workspace.slug,
    icon_url: workspace.icon_url,
    created_at: workspace.created_at,
    role,
  };
}

/** A channel. The counters are real in lists only; where a channel is created or changed they are 0. */
export function channelView(channel: ChannelRow, counters: Counters = NO_COUNTERS) {
  return {
    id: channel.id,
    route_id: channel.route_id,
    workspace_id: channel.workspace_id,
    name: channel.name,
    display_title: channel.display_title || undefined,
    kind: channel.kind,
    created_at: channel.created_at,
    archived_at: channel.archived_at || undefined,
    external_managed: channel.external_managed,
    external_ref: channel.external_ref || undefined,
    external_url: channel.external_url || undefined,
    sidebar_section: channel.sidebar_section || undefined,
    ...counters,
  };
}

/** A direct conversation as one of its members sees it. */
export function conversationView(store: Store, conversation: ConversationRow, readerId: string) {
  const members = conversation.member_ids.map((id) => getUser(store, id));
  members.sort((a, b) => byCodePoint(a.display_name, b.display_name));
  return {
    id: conversation.id,
    route_id: conversation.route_id,
    workspace_id: conversation.workspace_id,
    created_at: conversation.created_at,
    members: members.map(userView),
    ...countersOf(store, conversation.id, readerId),
    can_send: hasActivePeer(store, conversation, readerId),
  };
}
