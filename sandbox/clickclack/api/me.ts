import { json } from "../pipeline/answer.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { DURABLE_EVENT_TYPES } from "../rules/event-types.ts";
import { updateUser } from "../store/users.ts";
import { ownUserView } from "../wire/user.ts";

/** Who the caller is, and what the server can tell of. */
export const meRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/me",
    scope: "profile:read",
    handle: ({ actor }) => json(200, { user: ownUserView(actor.user) }),
  }),
  route({
    method: "PATCH",
    path: "/api/me",
    refuseBots: "bot tokens cannot update profiles",
    body: { display_name: "string?", handle: "string?" },
    handle: ({ world, actor, body }) => {
      updateUser(world.store, actor.user, { displayName: body.display_name, handle: body.handle });
      return json(200, { user: ownUserView(actor.user) });
    },
  }),
  route({
    method: "GET",
    path: "/api/event-types",
    handle: () => json(200, { event_types: DURABLE_EVENT_TYPES }),
  }),
];
