import { createHmac } from "node:crypto";
import { goJson, sortedKeys } from "../json.ts";
import type { CallbackOwner, EventSubscriptionRow, SlashCommandRow } from "../store/callback-tables.ts";
import type { EventRow } from "../store/tables.ts";
import { eventView } from "../wire/event.ts";

/** A callback, ready to be sent: the signature is over these very bytes. */
export interface CallbackRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an invocation tells the command's callback, but for its own id. */
export interface SlashPayload {
  readonly command_id: string;
  readonly command: string;
  readonly text: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  readonly user_id: string;
  readonly bot_user_id: string;
}

/**
 * Returns the callback that tells a subscription of an event.
 *
 * @param timestamp seconds since 1970
 */
export function eventCallback(
  subscription: Pick<EventSubscriptionRow, "id" | "callback_url" | "signing_secret">,
  event: EventRow,
  timestamp: number,
): CallbackRequest {
  const body = goJson({ event: eventView(event), subscription_id: subscription.id });
  return signed(subscription, body, timestamp, { "X-Clickclack-Event-Id": event.id });
}

/**
 * Returns the callback that tells a command that somebody invoked it. It has no header that names an event.
 *
 * @param triggerId the id of the invocation
 * @param timestamp seconds since 1970
 */
export function slashCallback(
  command: Pick<SlashCommandRow, "callback_url" | "signing_secret">,
  payload: SlashPayload,
  triggerId: string,
  timestamp: number,
): CallbackRequest {
  const body = goJson(sortedKeys({ ...payload, trigger_id: triggerId }));
  return signed(command, body, timestamp, {});
}

/** The headers are those of Go's client, which also says that it understands gzip. */
function signed(
  { callback_url, signing_secret }: Pick<CallbackOwner, "callback_url" | "signing_secret">,
  body: string,
  timestamp: number,
  more: Readonly<Record<string, string>>,
): CallbackRequest {
  const signature = createHmac("sha256", signing_secret).update(`${timestamp}.${body}`).digest("hex");
  return {
    url: callback_url,
    headers: {
      "User-Agent": "Go-http-client/1.1",
      "Content-Length": String(Buffer.byteLength(body)),
      "Content-Type": "application/json",
      ...more,
      "X-Clickclack-Signature": `sha256=${signature}`,
      "X-Clickclack-Timestamp": String(timestamp),
      "Accept-Encoding": "gzip",
    },
    body,
  };
}
