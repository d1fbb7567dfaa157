import type { IncomingMessage } from "node:http";
import type { Json } from "./go-json.ts";
import type { Target } from "./target.ts";

const ENTRIES_MAX = 20_000;
const BODY_MAX_CHARACTERS = 65_536;
const HEADERS = ["x-correlation-id", "content-type", "user-agent"];

/** A request to the API as it is kept for tests: whose, what and how it ended. It holds no credentials. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The correlation id that the caller sent, the content type and the user agent. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body, or its text if it is no JSON; absent when none was read, and when it was too long to keep. */
  body?: Json;
  /** Absent while the request runs, and when it was never answered. */
  status?: number;
  /** The kind of fault that was thrown in its way. */
  fault?: string;
  readonly user_id: string;
  readonly at: string;
}

/** Returns the entry of a request that has just come. */
export function newLoggedRequest(request: IncomingMessage, target: Target, userId: string): LoggedRequest {
  const headers = HEADERS.flatMap((name) => {
    const value = request.headers[name];
    return value === undefined ? [] : [[name, String(value)]];
  });
  return {
    method: target.method,
    path: target.path,
    query: Object.fromEntries(target.query),
    headers: Object.fromEntries(headers),
    user_id: userId,
    at: new Date().toISOString(),
  };
}

/** Keeps a body in a request's entry, unless it is so long that many of them would fill the memory. */
export function logBody(entry: LoggedRequest, body: Json, length: number): void {
  if (length <= BODY_MAX_CHARACTERS) entry.body = body;
}

/** What to pick from the log; everything given must hold. */
export interface LogFilter {
  readonly userId?: string | undefined;
  readonly method?: string | undefined;
  /** A regular expression over the path. */
  readonly path?: string | undefined;
}

/** The requests that came, in the order in which they came; the oldest fall out of it. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];

  /** Adds a request. Its end is written into it later. */
  add(entry: LoggedRequest): LoggedRequest {
    this.#entries.push(entry);
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
    return entry;
  }

  /** Returns the requests that a filter lets through. */
  find({ userId, method, path }: LogFilter): LoggedRequest[] {
    const pattern = path === undefined ? undefined : new RegExp(path);
    return this.#entries.filter(
      (entry) =>
        (userId === undefined || entry.user_id === userId) &&
        (method === undefined || entry.method === method) &&
        (pattern === undefined || pattern.test(entry.path)),
    );
  }
}
