import type { IncomingMessage } from "node:http";

/** What a request asks for. */
export interface Target {
  readonly method: string;
  /** The path as it is on the wire: nothing decoded, nothing resolved. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Returns what a request asks for. */
export function targetOf(request: IncomingMessage): Target {
  const [path = "/", ...rest] = (request.url ?? "/").split("?");
  return { method: request.method ?? "GET", path, query: new URLSearchParams(rest.join("?")) };
}
