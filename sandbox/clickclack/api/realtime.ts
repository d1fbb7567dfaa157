import { asForbidden, badRequest } from "../errors.ts";
import { json } from "../pipeline/answer.ts";
import { requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { upgrade } from "../realtime/upgrade.ts";
import { eventsAfter, tailCursor } from "../store/events.ts";
import { requireMember } from "../store/members.ts";
import { getWorkspace } from "../store/workspaces.ts";
import { eventView } from "../wire/event.ts";
import { limitOf } from "./query.ts";

/** The event log, asked for or listened to. */
export const realtimeRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/realtime/events",
    scope: "realtime:read",
    handle: ({ world, actor, query }) => {
      const workspaceId = query.get("workspace_id") ?? "";
      requireWorkspace(actor, workspaceId);
      requireMember(world.store, workspaceId, actor.user.id);
      // The tail is read before the page, so a page may hold events that are newer.
      const tail =
        query.get("include_tail") === "true"
          ? tailCursor(world.store, workspaceId, actor.user.id)
          : undefined;
      const cursor = query.get("after_cursor") ?? "";
      const events = eventsAfter(world.store, workspaceId, actor.user.id, cursor, limitOf(query, 200, 500));
      return json(200, { events: events.map(eventView), tail_cursor: tail });
    },
  }),
  route({
    method: "GET",
    path: "/api/realtime/ws",
    scope: "realtime:read",
    handle: ({ world, actor, query, request }) => {
      const workspaceId = query.get("workspace_id") ?? "";
      if (workspaceId === "") throw badRequest("workspace_id is required");
      requireWorkspace(actor, workspaceId);
      asForbidden(() => getWorkspace(world.store, workspaceId, actor.user.id));
      return upgrade(world, request, actor.user.id, workspaceId, query.get("after_cursor") ?? "");
    },
  }),
];
