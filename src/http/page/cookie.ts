import { SESSION_MAX_AGE_MS } from "../../limits-page.ts";

/**
 * Where the page may be opened: over https; over http only on this very machine, in development. There browsers take no
 * `__Host-` cookie, and Safari no `Secure` one, so that it has another name and leaves both out.
 */
export function isSafePlace({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Reads the session's mark. */
export function markIn(cookies: string | undefined, url: URL): string | undefined {
  const prefix = `${nameAt(url)}=`;
  return cookies
    ?.split(/; */)
    .find((cookie) => cookie.startsWith(prefix))
    ?.slice(prefix.length);
}

/** Sets the session's mark. @param mark "" ends it */
export function markCookie(mark: string, url: URL): string {
  const secure = url.protocol === "https:" ? "; Secure" : "";
  const age = mark === "" ? 0 : SESSION_MAX_AGE_MS / 1_000;
  return `${nameAt(url)}=${mark}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}

function nameAt({ protocol }: URL): string {
  return protocol === "https:" ? "__Host-edge-session" : "edge-session";
}
