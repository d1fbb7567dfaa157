import { badRequest } from "../errors.ts";
import { goQuoted } from "../json.ts";
import { normalizeCallbackUrl } from "../rules/callback-url.ts";
import { DURABLE_EVENT_TYPES } from "../rules/event-types.ts";
import { compactStrings } from "../rules/text.ts";
import { activeIn, requireNoInstallation } from "./callback-owners.ts";
import type { EventSubscriptionRow } from "./callback-tables.ts";
import { requireManager, requireMember } from "./members.ts";
import type { Store } from "./store.ts";
import type { EventRow } from "./tables.ts";

const EVERYTHING = "*";

/** A subscription as asked for. */
export interface NewEventSubscription {
  readonly eventTypes: readonly string[];
  readonly callbackUrl: string;
  readonly appInstallationId: string;
}

/**
 * Subscribes a URL to events of a workspace.
 *
 * @throws ApiError 400 for bad event types or a bad URL, then 403 when the caller is no manager
 */
export function createEventSubscription(
  store: Store,
  workspaceId: string,
  callerId: string,
  input: NewEventSubscription,
): EventSubscriptionRow {
  const eventTypes = normalizeEventTypes(input.eventTypes);
  const callbackUrl = normalizeCallbackUrl(input.callbackUrl);
  requireManager(store, workspaceId, callerId);
  requireNoInstallation(input.appInstallationId);
  const row: EventSubscriptionRow = {
    id: store.newId("sub"),
    workspace_id: workspaceId,
    event_types: eventTypes,
    callback_url: callbackUrl,
    signing_secret: store.newId("ccs"),
    created_by: callerId,
    created_at: store.now(),
    revoked_at: "",
  };
  store.eventSubscriptions.set(row.id, row);
  return row;
}

/**
 * Returns the subscriptions of a workspace that are in force, oldest first.
 *
 * @throws ApiError 400 when the caller is no member
 */
export function listEventSubscriptions(
  store: Store,
  workspaceId: string,
  callerId: string,
): EventSubscriptionRow[] {
  requireMember(store, workspaceId, callerId);
  return activeIn(store.eventSubscriptions, workspaceId);
}

/**
 * Returns the subscriptions that an event goes to, oldest first.
 *
 * Events that only some may see go to none, whatever a subscription asks for: all of direct conversations, read marks
 * and moderation.
 */
export function subscriptionsTo(store: Store, event: EventRow): EventSubscriptionRow[] {
  if (event.recipient_user_ids.length > 0) return [];
  return activeIn(store.eventSubscriptions, event.workspace_id).filter(
    ({ event_types }) => event_types.includes(EVERYTHING) || event_types.includes(event.type),
  );
}

function normalizeEventTypes(values: readonly string[]): string[] {
  const types = compactStrings(values);
  const unknown = types.find((type) => type !== EVERYTHING && !DURABLE_EVENT_TYPES.includes(type));
  if (unknown !== undefined) throw badRequest(`unknown event type ${goQuoted(unknown)}`);
  if (types.length === 0) throw badRequest("event_types is required");
  return types;
}
