/** A base URL that can have paths appended, or what keeps a text from being one. */
export type BaseUrl = { url: string } | { found: string; mend: string };

const WEB = ["http:", "https:"];
const WEB_OR_SOCKET = [...WEB, "ws:", "wss:"];

/**
 * Reads a base URL: http or https, nothing after the path. Plain http is allowed, for a server beside the Worker.
 *
 * @param text the configured URL, not blank; never quoted, since it may hold a password
 * @param socket takes ws:// and wss:// for http:// and https://, as OpenClaw documents write their gateway
 * @returns the URL without a trailing slash
 */
export function readBaseUrl(text: string, { socket = false } = {}): BaseUrl {
  const mend = "use an address such as https://chat.example.com";
  const url = URL.parse(text.trim());
  if (url === null) return { found: "a text that is no URL", mend };
  if (!(socket ? WEB_OR_SOCKET : WEB).includes(url.protocol)) {
    return { found: `a URL that does not begin with ${socket ? "https:// or wss://" : "https://"}`, mend };
  }
  if (url.username !== "" || url.password !== "") {
    return { found: "a URL with a user name or password in it", mend: "take them out: the token is enough" };
  }
  if (url.search !== "" || url.hash !== "") {
    return { found: "a URL with a query or fragment", mend: "end it with the path" };
  }
  return { url: `${url.origin}${url.pathname}`.replace(/\/$/, "").replace(/^ws/, "http") };
}
