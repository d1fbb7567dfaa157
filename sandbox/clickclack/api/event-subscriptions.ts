import { json } from "../pipeline/answer.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { revokeOwner, rotateSecret } from "../store/callback-owners.ts";
import { deliveryPage } from "../store/deliveries.ts";
import { createEventSubscription, listEventSubscriptions } from "../store/event-subscriptions.ts";
import { deliveryView, eventSubscriptionView } from "../wire/callback.ts";
import { clampedLimitOf } from "./query.ts";

/** Event subscriptions, as managers set them up; every member may look at them. */
export const eventSubscriptionRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id/event-subscriptions",
    refuseBots: "bot tokens cannot manage event subscriptions",
    handle: ({ world, actor, params }) => {
      const rows = listEventSubscriptions(world.store, params.workspace_id ?? "", actor.user.id);
      return json(200, { event_subscriptions: rows.map((row) => eventSubscriptionView(row)) });
    },
  }),
  route({
    method: "POST",
    path: "/api/workspaces/:workspace_id/event-subscriptions",
    refuseBots: "bot tokens cannot create event subscriptions",
    body: { app_installation_id: "string", event_types: "strings", callback_url: "string" },
    handle: ({ world, actor, params, body }) => {
      const row = createEventSubscription(world.store, params.workspace_id ?? "", actor.user.id, {
        eventTypes: body.event_types ?? [],
        callbackUrl: body.callback_url,
        appInstallationId: body.app_installation_id,
      });
      return json(201, { event_subscription: eventSubscriptionView(row, row.signing_secret) });
    },
  }),
  route({
    method: "POST",
    path: "/api/event-subscriptions/:subscription_id/revoke",
    refuseBots: "bot tokens cannot revoke event subscriptions",
    handle: ({ world: { store }, actor, params }) => {
      const row = revokeOwner(store, store.eventSubscriptions, params.subscription_id ?? "", actor.user.id);
      return json(200, { event_subscription: eventSubscriptionView(row) });
    },
  }),
  route({
    method: "POST",
    path: "/api/event-subscriptions/:subscription_id/rotate-secret",
    refuseBots: "bot tokens cannot rotate event subscription secrets",
    handle: ({ world: { store }, actor, params }) => {
      const id = params.subscription_id ?? "";
      const row = rotateSecret(store, store.eventSubscriptions, id, actor.user.id, "event subscription");
      return json(200, { event_subscription: eventSubscriptionView(row, row.signing_secret) });
    },
  }),
  route({
    method: "GET",
    path: "/api/event-subscriptions/:subscription_id/deliveries",
    refuseBots: "bot tokens cannot list event delivery attempts",
    handle: deliveries,
  }),
];

function deliveries({ world, actor, params, query }: Call) {
  const page = deliveryPage(
    world.store,
    params.subscription_id ?? "",
    actor.user.id,
    clampedLimitOf(query, 50, 200),
    query.get("before") ?? "",
  );
  return json(200, { deliveries: page.deliveries.map(deliveryView), next_cursor: page.nextCursor });
}
