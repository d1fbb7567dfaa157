import { isPublicAddress } from "./ip-address.ts";

/** An address that a file may be fetched from, or why it may not. */
export type FetchableUrl = { ok: true; url: URL } | { ok: false; why: "malformed" | "not_public" };

/**
 * Names that lead nowhere on the public internet: RFC 6761 and 8375, what ICANN keeps out of the root for private use, and
 * what routers and companies took before it did.
 */
const PRIVATE_SUFFIXES = [
  "alt",
  "corp",
  "example",
  "home",
  "home.arpa",
  "internal",
  "intranet",
  "invalid",
  "lan",
  "local",
  "localdomain",
  "localhost",
  "onion",
  "private",
  "test",
];

/**
 * Reads the address of a file that somebody asks us to fetch: http or https, no user name or password, on a public host.
 *
 * Only what the address says is looked at. What a public name resolves to, a Worker cannot see; nor need it: its `fetch`
 * goes out to the public internet and has no private network behind it, so that a name for 10.0.0.5 leads nowhere.
 *
 * @param written as asked for, or a redirect's Location
 * @param trusted hosts that may be fetched from though they are not public, in lower case: `host:port`, or `host` for the
 *   scheme's own port
 * @param base what a relative Location is relative to
 */
export function fetchableUrl(written: string, trusted: readonly string[], base?: URL): FetchableUrl {
  const url = URL.parse(written, base?.href);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return { ok: false, why: "malformed" };
  if (url.username !== "" || url.password !== "") return { ok: false, why: "malformed" };
  return isTrusted(url, trusted) || isPublicHost(url.hostname)
    ? { ok: true, url }
    : { ok: false, why: "not_public" };
}

function isTrusted(url: URL, trusted: readonly string[]): boolean {
  const ownPort = url.protocol === "https:" ? "443" : "80";
  const names = url.port === "" ? [url.hostname, `${url.hostname}:${ownPort}`] : [url.host];
  return names.some((name) => trusted.includes(name));
}

/** @param hostname as the URL parser gives it: lower case, an IPv4 address of any notation in dots, IPv6 in brackets */
function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/\.$/, "");
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return isPublicAddress(host);
  const labels = host.split(".");
  return (
    labels.length > 1 &&
    labels.every((label) => label !== "") &&
    !PRIVATE_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`) || host === suffix)
  );
}
