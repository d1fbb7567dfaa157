import { essenceOf } from "../domain/file-type.ts";
import { type Remote, remoteHeaders } from "../remote/headers.ts";
import { ClickClackError } from "./errors.ts";
import { readText, refusal, urlOf } from "./request.ts";

const OPERATION = "download";

/** The beginning of a file. */
export interface Download {
  bytes: Uint8Array;
  /** Whether the file goes on. */
  isCut: boolean;
}

/**
 * Reads a file, or its beginning.
 *
 * @param maxBytes what is read of it; the connection is dropped then
 * @param signal the caller's deadline
 * @throws {ClickClackError} when ClickClack refuses; whatever the network throws
 */
export async function download(
  remote: Remote,
  uploadId: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Download> {
  const response = await fetch(urlOf(remote, `/api/uploads/${encodeURIComponent(uploadId)}`), {
    headers: remoteHeaders(remote),
    redirect: "manual",
    signal,
  });
  if (!response.ok) throw refusal(OPERATION, response, await readText(response, OPERATION));
  // ClickClack hands out no file as HTML: it is its web app, or the login of a proxy.
  if (essenceOf(response.headers.get("content-type") ?? "") === "text/html") {
    await response.body?.cancel();
    const what = "answered a page instead of a file; check apiBaseUrl";
    throw new ClickClackError(OPERATION, "not_clickclack", response.status, what);
  }
  return beginningOf(response.body, maxBytes);
}

async function beginningOf(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Download> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (body !== null) {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > maxBytes) break;
    }
  }
  const bytes = new Uint8Array(Math.min(size, maxBytes));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - offset), offset);
    offset += chunk.byteLength;
  }
  return { bytes, isCut: size > maxBytes };
}
