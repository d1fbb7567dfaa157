import type { IncomingMessage } from "node:http";
import { waitFor } from "./wait.ts";

/**
 * How far a request has come: `received`; `queued` behind its session's other turns; `running`; `held` by a test; then
 * one of `finished`, `failed`, `cancelled` (the caller went away) and `refused` (no run began).
 */
export const REQUEST_STATES = [
  "received",
  "queued",
  "running",
  "held",
  "finished",
  "failed",
  "cancelled",
  "refused",
] as const;

export type RequestState = (typeof REQUEST_STATES)[number];

/** What the model saw: what was added to the system prompt, the session so far, and the user message of this turn. */
export interface SeenPrompt {
  readonly system: string | null;
  readonly history: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  readonly user: string;
}

/** One request that a gateway let in. Fields are null until they are known. */
export interface RequestRecord {
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** All headers but `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly at: number;
  body: unknown;
  agent: string | null;
  /** The stored session key. */
  session: string | null;
  prompt: SeenPrompt | null;
  runId: string | null;
  status: number | null;
  state: RequestState;
}

/** The requests of one gateway, in order of arrival, with a way to wait for them. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  #changed = Promise.withResolvers<void>();

  open(req: IncomingMessage): RequestRecord {
    const { authorization: _secret, ...headers } = req.headers;
    const record: RequestRecord = {
      method: req.method ?? "GET",
      path: req.url ?? "/",
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      at: Date.now(),
      body: null,
      agent: null,
      session: null,
      prompt: null,
      runId: null,
      status: null,
      state: "received",
    };
    this.#records.push(record);
    this.#announce();
    return record;
  }

  /** Notes what became known about a request, and tells those who wait. */
  update(record: RequestRecord, known: Partial<RequestRecord>): void {
    Object.assign(record, known);
    this.#announce();
  }

  /** @param path only requests of that path (without query); `*` stands for every path */
  list(path: string, state?: RequestState): RequestRecord[] {
    return this.#records.filter(
      (record) =>
        (path === "*" || record.path.split("?")[0] === path) &&
        (state === undefined || record.state === state),
    );
  }

  /**
   * Waits until there are so many requests of that path and state.
   *
   * @throws the signal's reason when it aborts first
   */
  async waitFor(
    atLeast: number,
    path: string,
    state: RequestState | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    while (this.list(path, state).length < atLeast) await waitFor(this.#changed.promise, signal);
  }

  #announce(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
