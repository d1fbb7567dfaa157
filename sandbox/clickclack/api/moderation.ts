import { struct } from "../pipeline/answer.ts";
import { requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { moderate } from "../store/moderation.ts";
import { getUser } from "../store/users.ts";
import { eventView } from "../wire/event.ts";
import { userView } from "../wire/user.ts";
import { publish } from "../world.ts";

/** What managers may do to members. */
export const moderationRoutes: readonly AnyRoute[] = [
  route({
    method: "PATCH",
    path: "/api/workspaces/:workspace_id/moderation/members/:user_id",
    // No bot can have this scope.
    scope: "workspaces:write",
    body: { blocked: "bool?" },
    handle: async ({ world, actor, params, body, signal }) => {
      const { workspace_id: workspaceId = "", user_id: userId = "" } = params;
      requireWorkspace(actor, workspaceId);
      const { member, moderatedAt, event } = moderate(
        world.store,
        workspaceId,
        actor.user.id,
        userId,
        body.blocked,
      );
      await publish(world, signal, event);
      const shown = {
        workspace_id: workspaceId,
        user: userView(getUser(world.store, userId)),
        role: member.role,
        posts_remaining: 0,
        post_limit: 0,
        blocked_at: member.blocked_at || undefined,
        moderation_by: actor.user.id,
        moderation_at: moderatedAt,
      };
      return struct(200, { event: eventView(event), member: shown });
    },
  }),
];
