import { badRequest } from "../errors.ts";
import { trimSpace } from "../rules/text.ts";
import { getOwner } from "./callback-owners.ts";
import type { DeliveryRow } from "./callback-tables.ts";
import { requireMember } from "./members.ts";
import { listUnder, type Store } from "./store.ts";
import type { EventRow } from "./tables.ts";

/** What came of a callback; its id and time are added. */
export type NewDelivery = Omit<DeliveryRow, "id" | "created_at">;

/** Notes that a callback came to its end. */
export function insertDelivery(store: Store, delivery: NewDelivery): void {
  const row: DeliveryRow = { ...delivery, id: store.newId("eda"), created_at: store.now() };
  listUnder(store.deliveries, row.subscription_id).push(row);
}

/** Some deliveries, newest first, and where to go on. */
export interface DeliveryPage {
  readonly deliveries: readonly DeliveryRow[];
  /** The id of the oldest on the page; `null` when there is nothing before it. */
  readonly nextCursor: string | null;
}

/**
 * Returns the deliveries of a subscription, revoked or not.
 *
 * @param before the id of a delivery, which is left out; blank begins with the newest
 * @throws ApiError 400 when there is no such subscription, the caller is no member of its workspace, or `before` is not
 * one of its deliveries
 */
export function deliveryPage(
  store: Store,
  subscriptionId: string,
  callerId: string,
  limit: number,
  before: string,
): DeliveryPage {
  const subscription = getOwner(store.eventSubscriptions, subscriptionId);
  requireMember(store, subscription.workspace_id, callerId);
  const newestFirst = (store.deliveries.get(subscription.id) ?? []).toReversed();
  const cursor = trimSpace(before);
  const found = newestFirst.findIndex(({ id }) => id === cursor);
  if (cursor !== "" && found < 0) throw badRequest("invalid or stale event delivery cursor");
  const deliveries = newestFirst.slice(found + 1, found + 1 + limit);
  const hasMore = newestFirst.length > found + 1 + limit;
  return { deliveries, nextCursor: hasMore ? (deliveries.at(-1)?.id ?? null) : null };
}

/** Forgets the deliveries of events that are gone: to the database they hang on the event. */
export function dropDeliveriesOf(store: Store, events: readonly EventRow[]): void {
  const gone = new Set(events.map(({ id }) => id));
  for (const [subscriptionId, rows] of store.deliveries) {
    store.deliveries.set(
      subscriptionId,
      rows.filter(({ event_id }) => !gone.has(event_id)),
    );
  }
}
