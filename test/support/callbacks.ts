import type { CallbackKind } from "../../src/config/types.ts";
import { signingSecret } from "./accounts.ts";
import { eventLog, type LoggedEvent } from "./events.ts";
import { callWorker, type World } from "./world.ts";

/** What of a callback is other than it should be. */
export interface Oddities {
  /** Unix seconds as text. */
  timestamp?: string;
  secret?: string;
  /** In place of what was signed. */
  body?: string;
  signature?: string;
  headers?: Record<string, string>;
}

/** `sha256=…` over a timestamp and a body, as ClickClack makes it. */
export async function signatureOf(secret: string, timestamp: string, body: string): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(secret), algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, bytes(`${timestamp}.${body}`));
  return `sha256=${[...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Calls the Worker as ClickClack does. */
export async function callBack(
  account: string,
  kind: CallbackKind,
  body: string,
  { timestamp = nowSeconds(), secret = signingSecret(account, kind), ...odd }: Oddities = {},
): Promise<Response> {
  const signature = odd.signature ?? (await signatureOf(secret, timestamp, body));
  return callWorker(`/clickclack/${account}/${kind}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-clickclack-timestamp": timestamp,
      "x-clickclack-signature": signature,
      ...odd.headers,
    },
    body: odd.body ?? body,
  });
}

export function nowSeconds(): string {
  return String(Math.floor(Date.now() / 1000));
}

/** Delivers what ClickClack's log has of a message, as a subscription to it would. */
export async function deliverEvent(
  account: string,
  event: object,
  { subscription = "sub_1", ...odd }: Oddities & { subscription?: string } = {},
): Promise<Response> {
  return callBack(account, "events", JSON.stringify({ event, subscription_id: subscription }), odd);
}

/** The event of a message, as ClickClack's log has it. */
export async function loggedEvent(world: World, message: string): Promise<LoggedEvent> {
  const { events } = await eventLog(world);
  const isIts = ({ type, payload }: LoggedEvent) =>
    payload.message_id === message && ["message.created", "thread.reply_created"].includes(type);
  const found = events.find(isIts);
  if (found === undefined) throw new Error(`the log has no event of ${message}`);
  return found;
}

/** A slash command as ClickClack tells of it. */
export function commandOf(world: World, text: string, more: Record<string, string> = {}) {
  return {
    bot_user_id: world.bot.id,
    channel_id: world.general,
    command: "/ask",
    command_id: "cmd_1",
    text,
    trigger_id: `sci_${crypto.randomUUID().replaceAll("-", "")}`,
    user_id: world.ada.id,
    workspace_id: world.room.workspaceId,
    ...more,
  };
}
