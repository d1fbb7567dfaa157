import { ApiError, forbidden, noRows } from "../errors.ts";
import type { Store } from "./store.ts";
import type { MemberRow, Role } from "./tables.ts";

/** Makes a user a member of a workspace. */
export function insertMember(
  store: Store,
  workspaceId: string,
  userId: string,
  role: Role,
  joinedAt = store.now(),
): MemberRow {
  const row: MemberRow = {
    workspace_id: workspaceId,
    user_id: userId,
    role,
    joined_at: joinedAt,
    blocked_at: "",
    timeout_until: "",
  };
  const members = store.members.get(workspaceId) ?? new Map<string, MemberRow>();
  members.set(userId, row);
  store.members.set(workspaceId, members);
  return row;
}

/** Returns a membership, if the user is a member. */
export function findMember(store: Store, workspaceId: string, userId: string): MemberRow | undefined {
  return store.members.get(workspaceId)?.get(userId);
}

/**
 * Returns a membership.
 *
 * @throws ApiError 400 with ClickClack's no-rows text when there is none
 */
export function requireMember(store: Store, workspaceId: string, userId: string): MemberRow {
  const member = findMember(store, workspaceId, userId);
  if (member === undefined) throw noRows();
  return member;
}

/**
 * Requires an owner or a moderator.
 *
 * @throws ApiError 403
 */
export function requireManager(store: Store, workspaceId: string, userId: string): void {
  const role = findMember(store, workspaceId, userId)?.role;
  if (role !== "owner" && role !== "moderator") throw forbidden("workspace manager permission required");
}

/**
 * Requires that moderation does not keep a member from writing. Who is no member is not moderated.
 *
 * @throws ApiError 403 when the member is blocked or timed out
 */
export function requireNotModerated(store: Store, workspaceId: string, userId: string): void {
  const member = findMember(store, workspaceId, userId);
  if (member === undefined) return;
  if (member.blocked_at !== "") throw forbidden("moderation restriction: member is blocked");
  if (member.timeout_until !== "" && Date.parse(member.timeout_until) > Date.now()) {
    throw forbidden(`moderation restriction: member is timed out until ${member.timeout_until}`);
  }
}

/**
 * Requires a member who may write.
 *
 * @throws ApiError 400 when not a member, 403 when moderated
 */
export function requireWriter(store: Store, workspaceId: string, userId: string): MemberRow {
  const member = requireMember(store, workspaceId, userId);
  requireNotModerated(store, workspaceId, userId);
  if (member.role === "guest") throw new ApiError(403, "moderation restriction");
  return member;
}
