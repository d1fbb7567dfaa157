import { insertDelivery } from "../store/deliveries.ts";
import { subscriptionsTo } from "../store/event-subscriptions.ts";
import type { EventRow } from "../store/tables.ts";
import type { World } from "../world.ts";
import { eventCallback } from "./request.ts";
import { sendCallback } from "./send.ts";

/**
 * Tells the subscriptions of an event, one after the other, each waiting for the one before.
 *
 * Whoever caused the event waits for all of them. When they go away, the callback that runs is broken off, the rest is
 * never made, and no delivery is noted: nobody can see later that there should have been one.
 *
 * @param signal fires when whoever caused the event is gone
 */
export async function deliver(
  world: Pick<World, "store" | "callbackTimeoutMs">,
  event: EventRow,
  signal: AbortSignal,
): Promise<void> {
  for (const subscription of subscriptionsTo(world.store, event)) {
    if (signal.aborted) return;
    const request = eventCallback(subscription, event, Math.floor(Date.now() / 1000));
    const outcome = await sendCallback(request, {
      timeoutMs: world.callbackTimeoutMs,
      signal,
      failure: "event subscription callback failed",
    });
    if (signal.aborted) return;
    insertDelivery(world.store, {
      subscription_id: subscription.id,
      event_id: event.id,
      workspace_id: event.workspace_id,
      event_type: event.type,
      request_json: request.body,
      response_status: outcome.status,
      response_body: outcome.body,
      error: outcome.error,
    });
  }
}
