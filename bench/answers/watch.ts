import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

/** A request that one of the stand-ins has answered. Times are of the machine's clock, milliseconds. */
export interface Watched {
  method: string;
  path: string;
  /** Whose it is. */
  token: string;
  from: number;
  to: number;
}

/** Milliseconds, the same in every thread. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

/** Notes what this thread's servers are asked, from the last {@link begin} on. Costs next to nothing while nobody does. */
export function watchRequests(): { begin(): void; end(): Watched[] } {
  let seen: Watched[] | undefined;
  const open = new WeakMap<IncomingMessage, number>();
  subscribe("http.server.request.start", (message) => {
    if (seen !== undefined) open.set((message as { request: IncomingMessage }).request, clock());
  });
  subscribe("http.server.response.finish", (message) => {
    const { request } = message as { request: IncomingMessage; response: ServerResponse };
    const from = open.get(request);
    if (seen === undefined || from === undefined) return;
    const { method = "", url = "", headers } = request;
    seen.push({ method, path: url, token: headers.authorization?.slice(7) ?? "", from, to: clock() });
  });
  return {
    begin: () => {
      seen = [];
    },
    end: () => {
      const told = seen ?? [];
      seen = undefined;
      return told.sort((a, b) => a.from - b.from);
    },
  };
}
