import { ApiError, badRequest, noRows } from "../errors.ts";
import { newRouteId } from "../rules/ids.ts";
import { compactStrings } from "../rules/text.ts";
import { findMember, requireMember, requireWriter } from "./members.ts";
import type { Store } from "./store.ts";
import type { ConversationRow } from "./tables.ts";

const MAX_MEMBERS = 32;

/**
 * Opens a direct conversation between the caller and others.
 *
 * Between two there is one per workspace, and it is given again; with three or more a new one comes every time. No event
 * tells of it.
 *
 * @throws ApiError 400 for fewer than two or more than 32 members or an id that is no member, 403 for a blocked one
 */
export function openConversation(
  store: Store,
  workspaceId: string,
  userId: string,
  memberIds: readonly string[],
): ConversationRow {
  const members = compactStrings([userId, ...memberIds]);
  if (members.length < 2) throw badRequest("direct conversation needs at least two members");
  if (members.length > MAX_MEMBERS) throw badRequest("direct conversation has too many members");
  for (const member of members) requireWriter(store, workspaceId, member);
  const existing = members.length === 2 ? findPair(store, workspaceId, members) : undefined;
  existing?.hidden_for.delete(userId);
  if (existing !== undefined) return existing;
  const conversation: ConversationRow = {
    id: store.newId("dm"),
    route_id: newRouteId("D"),
    workspace_id: workspaceId,
    created_at: store.now(),
    member_ids: members,
    hidden_for: new Set(),
  };
  store.conversations.set(conversation.id, conversation);
  return conversation;
}

/**
 * Returns a conversation that the user belongs to.
 *
 * @throws ApiError 400 when there is none, or the user has left its workspace
 */
export function getConversation(store: Store, conversationId: string, userId: string): ConversationRow {
  const conversation = store.conversations.get(conversationId);
  if (conversation?.member_ids.includes(userId) !== true) throw noRows();
  requireMember(store, conversation.workspace_id, userId);
  return conversation;
}

/**
 * Returns the user's conversations in a workspace, oldest first, without those that they closed.
 *
 * @throws ApiError 400 when the user is no member
 */
export function listConversations(store: Store, workspaceId: string, userId: string): ConversationRow[] {
  requireMember(store, workspaceId, userId);
  return [...store.conversations.values()].filter(
    (conversation) =>
      conversation.workspace_id === workspaceId &&
      conversation.member_ids.includes(userId) &&
      !conversation.hidden_for.has(userId),
  );
}

/** Returns the members of a conversation that are still in its workspace: those who get its events. */
export function recipientsOf(store: Store, conversation: ConversationRow): string[] {
  return conversation.member_ids.filter(
    (id) => findMember(store, conversation.workspace_id, id) !== undefined,
  );
}

/** Says whether anyone but the user is left to read what they write. */
export function hasActivePeer(store: Store, conversation: ConversationRow, userId: string): boolean {
  return recipientsOf(store, conversation).some(
    (id) => id !== userId && store.users.get(id)?.deleted_at === "",
  );
}

/**
 * Requires a reader besides the writer.
 *
 * @throws ApiError 409
 */
export function requireActivePeer(store: Store, conversation: ConversationRow, userId: string): void {
  if (!hasActivePeer(store, conversation, userId))
    throw new ApiError(409, "direct conversation has no active recipient");
}

function findPair(
  store: Store,
  workspaceId: string,
  members: readonly string[],
): ConversationRow | undefined {
  for (const conversation of store.conversations.values()) {
    const same =
      conversation.workspace_id === workspaceId &&
      conversation.member_ids.length === 2 &&
      members.every((member) => conversation.member_ids.includes(member));
    if (same) return conversation;
  }
  return undefined;
}
