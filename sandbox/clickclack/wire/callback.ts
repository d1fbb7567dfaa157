import type { SlashPayload } from "../callbacks/request.ts";
import { goJson, sortedKeys } from "../json.ts";
import type { DeliveryRow, EventSubscriptionRow, SlashCommandRow } from "../store/callback-tables.ts";

/** An event subscription; the secret is shown only where it is made. */
export function eventSubscriptionView(row: EventSubscriptionRow, secret?: string) {
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    event_types: row.event_types,
    callback_url: row.callback_url,
    signing_secret: secret,
    created_by: row.created_by,
    created_at: row.created_at,
    revoked_at: row.revoked_at || undefined,
  };
}

/** A slash command; the secret is shown only where it is made. */
export function slashCommandView(row: SlashCommandRow, secret?: string) {
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    command: row.command,
    description: row.description,
    callback_url: row.callback_url,
    signing_secret: secret,
    bot_user_id: row.bot_user_id,
    created_by: row.created_by,
    created_at: row.created_at,
    revoked_at: row.revoked_at || undefined,
  };
}

/** A delivery. It is noted when it is over, so both of its times are that one. */
export function deliveryView(row: DeliveryRow) {
  return {
    id: row.id,
    subscription_id: row.subscription_id,
    event_id: row.event_id,
    workspace_id: row.workspace_id,
    event_type: row.event_type,
    attempt: 1,
    request_json: row.request_json,
    response_status: row.response_status,
    response_body: row.response_body || undefined,
    error: row.error || undefined,
    created_at: row.created_at,
    completed_at: row.created_at,
  };
}

/** An invocation as whoever made it sees it: as it was before the callback, so the status is always 0. */
export function invocationView(
  id: string,
  { command, bot_user_id, ...payload }: SlashPayload,
  createdAt: string,
) {
  return {
    id,
    command_id: payload.command_id,
    workspace_id: payload.workspace_id,
    channel_id: payload.channel_id,
    user_id: payload.user_id,
    text: payload.text,
    payload_json: goJson(sortedKeys({ command, bot_user_id, ...payload })),
    response_status: 0,
    created_at: createdAt,
  };
}
