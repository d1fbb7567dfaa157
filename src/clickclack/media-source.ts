import { essenceOf } from "../domain/file-type.ts";
import type { UrlFile } from "../domain/media.ts";
import { fetchableUrl } from "../domain/public-url.ts";
import { retryAfterMs } from "../domain/retry-after.ts";
import { MEDIA_HEADERS_TIMEOUT_MS, MEDIA_REDIRECTS_MAX } from "../limits-media.ts";
import { Deadline } from "../remote/deadline.ts";
import { MediaFault } from "./media-fault.ts";

/** What may be fetched. */
export interface MediaRules {
  /** @see {@link fetchableUrl} */
  trustedHosts: readonly string[];
  maxBytes: number;
}

/** A file that is about to come. */
export interface MediaSource {
  /** Without parameters. */
  contentType: string;
  /** Absent when its server does not say. */
  bytes?: number;
  body: ReadableStream<Uint8Array>;
  /** Lets the connection go. */
  close(): void;
}

const REDIRECTS = [301, 302, 303, 307, 308];
/** An error that is told as a page, or the way to log in: not the file. */
const WEB_PAGES = ["text/html", "application/xhtml+xml"];

/**
 * Asks for a file, and follows its redirects by hand: each address is checked before it is asked. Nothing that is ours goes
 * along, neither a token nor one for an access proxy.
 *
 * @throws {MediaFault}
 */
export async function openMedia(file: UrlFile, rules: MediaRules): Promise<MediaSource> {
  const deadline = new Deadline(MEDIA_HEADERS_TIMEOUT_MS);
  try {
    const response = await fetchFollowing(file.url, rules, deadline);
    return sourceOf(response, file, rules, () => deadline.abort());
  } catch (error) {
    deadline.abort();
    throw error;
  } finally {
    deadline.end();
  }
}

async function fetchFollowing(written: string, rules: MediaRules, deadline: Deadline): Promise<Response> {
  let [location, base]: [string, URL | undefined] = [written, undefined];
  for (let hops = 0; hops <= MEDIA_REDIRECTS_MAX; hops++) {
    const checked = fetchableUrl(location, rules.trustedHosts, base);
    if (!checked.ok) throw notAllowed(hops);
    const response = await get(checked.url, deadline);
    const next = REDIRECTS.includes(response.status) ? response.headers.get("location") : null;
    if (next === null) return response;
    await response.body?.cancel();
    [location, base] = [next, checked.url];
  }
  throw new MediaFault("media_unavailable", `its server redirects more than ${MEDIA_REDIRECTS_MAX} times`);
}

async function get(url: URL, deadline: Deadline): Promise<Response> {
  try {
    return await fetch(url.href, {
      // With another encoding Content-Length would not be the file's.
      headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "clickclack-edge" },
      redirect: "manual",
      signal: deadline.signal,
    });
  } catch {
    // What is thrown may quote the address.
    const why =
      deadline.expired === undefined
        ? "its server cannot be reached"
        : `its server has not answered within ${MEDIA_HEADERS_TIMEOUT_MS} ms`;
    throw new MediaFault("media_unavailable", why, { isFinal: false });
  }
}

function sourceOf(response: Response, file: UrlFile, rules: MediaRules, close: () => void): MediaSource {
  if (response.status !== 200) throw refusedWith(response);
  const contentType = essenceOf(response.headers.get("content-type") ?? "");
  checkType(contentType, file.contentType);
  const bytes = lengthOf(response);
  if (bytes !== undefined && bytes > rules.maxBytes) throw tooLarge(rules.maxBytes);
  const body = response.body ?? new Blob().stream();
  return { contentType, body, close, ...(bytes !== undefined && { bytes }) };
}

function refusedWith(response: Response): MediaFault {
  const { status } = response;
  const mayPass = status >= 500 || [408, 425, 429].includes(status);
  const wait = retryAfterMs(response.headers.get("retry-after"));
  return new MediaFault("media_unavailable", `its server answered ${status}`, {
    isFinal: !mayPass,
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

function checkType(contentType: string, wanted: string | undefined): void {
  if (contentType === "") throw new MediaFault("media_type", "its server does not say of what type it is");
  if (WEB_PAGES.includes(contentType))
    throw new MediaFault("media_type", "its server answered a web page instead of a file");
  if (wanted !== undefined && essenceOf(wanted) !== contentType)
    throw new MediaFault("media_type", "its server says that it is of another type than contentType");
}

/** The file's length where it can be relied upon: what comes decoded is longer than was said. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  const isEncoded = (headers.get("content-encoding") ?? "identity") !== "identity";
  return length !== null && /^\d+$/.test(length) && !isEncoded ? Number(length) : undefined;
}

function notAllowed(hops: number): MediaFault {
  return new MediaFault(
    "media_not_allowed",
    hops === 0
      ? "its address is not public; edge.mediaHosts can name its host"
      : "its server redirects to an address that is not public",
  );
}

export function tooLarge(maxBytes: number): MediaFault {
  return new MediaFault("media_too_large", `it has more than ${maxBytes} bytes`);
}
