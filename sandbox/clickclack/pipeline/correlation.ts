import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { trimSpace } from "../rules/text.ts";

const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * Returns the correlation id of a request: the caller's own, or a new one if there is none or it is not acceptable.
 *
 * It goes back on every answer, and with `message.created` and `thread.reply_created` to everybody who gets the event.
 */
export function correlationIdOf(request: IncomingMessage): string {
  const given = trimSpace(String(request.headers["x-correlation-id"] ?? ""));
  return CORRELATION_ID.test(given) ? given : `corr_${randomBytes(16).toString("hex")}`;
}
