import { parseJson } from "../../src/domain/json.ts";
import { networkReason } from "./trouble.ts";

const TIMEOUT_MS = 15_000;
/** Enough for any answer that is looked at; a page may be longer. */
const TEXT_MAX_CHARS = 65_536;

/** An answer to a look at an address. */
export interface Seen {
  status: number;
  contentType: string;
  headers: Headers;
  text: string;
  /** Undefined when it is no JSON. */
  body: unknown;
  /** How long it took, milliseconds. */
  ms: number;
  /** Our time when it came, Unix ms. */
  at: number;
}

/**
 * Looks at what stands at an address. Redirects are shown, not followed.
 *
 * @returns why there was no answer, when there was none
 */
export async function look(url: string, headers: Headers, signal: AbortSignal): Promise<Seen | string> {
  const begun = Date.now();
  try {
    const response = await fetch(url, {
      headers,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const at = Date.now();
    const text = (await response.text()).slice(0, TEXT_MAX_CHARS);
    return {
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      headers: response.headers,
      text,
      body: parseJson(text),
      ms: at - begun,
      at,
    };
  } catch (error) {
    return networkReason(error);
  }
}

/** What speaks for something else that stands before a server: Cloudflare Access, or a login. */
export function doorBefore({ status, headers }: Seen): string | undefined {
  const location = headers.get("location");
  if (status < 300 || status >= 400 || location === null) return undefined;
  return /cloudflareaccess\.com/.test(location) ? "Cloudflare Access" : "a redirect";
}
