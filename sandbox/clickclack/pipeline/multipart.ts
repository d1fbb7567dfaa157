import type { IncomingMessage } from "node:http";
import { MIMEType } from "node:util";
import { ApiError, badRequest } from "../errors.ts";
import { readBytes } from "./body.ts";

const MULTIPART = "multipart/form-data";

/** A part of a form in the order in which it came: a text, or a file with its bytes. */
export type Part = readonly [name: string, value: string | File];

/**
 * Reads a form with files.
 *
 * A body without a single boundary is a form without parts, as it is for Go. One that ends too early is a failure of the
 * storage there, which was reading the file. What differs is what Node's parser hides: content types are in lower case, a
 * part without one is `text/plain`, and a file without a name is a text. Nor does it take what stands before the first
 * boundary.
 *
 * @param maxBytes the most that the whole body may have
 * @throws ApiError 400 when it is no form with files, 413 when too large, 500 when it ends too early
 */
export async function readParts(request: IncomingMessage, maxBytes: number): Promise<readonly Part[]> {
  const contentType = request.headers["content-type"] ?? "";
  const boundary = boundaryOf(contentType);
  const body = await readBytes(request, maxBytes);
  if (!body.includes(`--${boundary}`)) return [];
  try {
    return [...(await new Response(body, { headers: { "content-type": contentType } }).formData())];
  } catch {
    throw new ApiError(500, "unexpected EOF");
  }
}

function boundaryOf(contentType: string): string {
  let type: MIMEType;
  try {
    type = new MIMEType(contentType);
  } catch {
    throw notMultipart();
  }
  if (type.essence !== MULTIPART) throw notMultipart();
  const boundary = type.params.get("boundary");
  if (boundary === null) throw badRequest("no multipart boundary param in Content-Type");
  return boundary;
}

function notMultipart(): Error {
  return badRequest("request Content-Type isn't multipart/form-data");
}
