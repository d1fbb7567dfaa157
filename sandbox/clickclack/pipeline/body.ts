import type { IncomingMessage } from "node:http";
import { ApiError } from "../errors.ts";

const BODY_MAX_BYTES = 1_048_576;

/**
 * Reads a request's body as text.
 *
 * @throws ApiError 413 over 1 MiB
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request, BODY_MAX_BYTES)).toString();
}

/**
 * Reads a request's body. What is over the limit is let run out unread, so that the caller gets the answer.
 *
 * @throws ApiError 413 over the limit
 */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes) throw new ApiError(413, "http: request body too large");
  return Buffer.concat(chunks);
}
