import type { IncomingMessage } from "node:http";
import { Refusal } from "./respond.ts";

/** The gateway's limit for the body of a chat completion: 20 MiB. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/**
 * Reads a request's body as text.
 *
 * @throws {Refusal} 413 `Payload too large` above 20 MiB. A declared length is refused unread, and the connection
 *   closes, because the rest of the body is still under way on it.
 */
export async function readBody(req: IncomingMessage): Promise<string> {
  if (Number(req.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
    req.resume();
    throw payloadTooLarge();
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > MAX_BODY_BYTES) throw payloadTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function payloadTooLarge(): Refusal {
  const error = { message: "Payload too large", type: "invalid_request_error" };
  return new Refusal(413, { error }, { Connection: "close" });
}
