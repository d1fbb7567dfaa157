import { badRequest, forbidden } from "../errors.ts";
import { appendEvent } from "./events.ts";
import { requireMember, requireNotModerated } from "./members.ts";
import type { Store } from "./store.ts";
import type { EventRow, MemberRow, Role } from "./tables.ts";

const RANKS: Readonly<Record<Role, number>> = { owner: 5, bot: 4, moderator: 3, member: 2, guest: 1 };

/**
 * Blocks a member from writing, or lets it write again. Reading and open sockets are not touched.
 *
 * @throws ApiError 403 when the caller is no manager, 400 when the target ranks as high or is the caller
 */
export function moderate(
  store: Store,
  workspaceId: string,
  callerId: string,
  targetId: string,
  blocked: boolean | undefined,
): { member: MemberRow; moderatedAt: string; event: EventRow } {
  const caller = requireMember(store, workspaceId, callerId);
  if (caller.role !== "owner" && caller.role !== "moderator") throw forbidden("moderation restriction");
  requireNotModerated(store, workspaceId, callerId);
  if (targetId === callerId) throw badRequest("moderators cannot moderate themselves");
  const target = requireMember(store, workspaceId, targetId);
  if (target.role === "owner") throw badRequest("owners cannot be moderated");
  if (RANKS[target.role] >= RANKS[caller.role])
    throw badRequest("target role is too high for this moderator");
  const moderatedAt = store.now();
  if (blocked !== undefined) target.blocked_at = blocked ? moderatedAt : "";
  const event = appendEvent(store, {
    type: "member.moderation_updated",
    workspaceId,
    payload: { user_id: targetId, role: target.role },
    recipients: [targetId, ...managersOf(store, workspaceId)],
  });
  return { member: target, moderatedAt, event };
}

function managersOf(store: Store, workspaceId: string): string[] {
  const members = [...(store.members.get(workspaceId)?.values() ?? [])];
  return members
    .filter((member) => (member.role === "owner" || member.role === "moderator") && member.blocked_at === "")
    .map((member) => member.user_id);
}
