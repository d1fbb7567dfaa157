import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Moment } from "./plan-kills.ts";

/** What the Worker does at this moment, as the stand-ins and callers see it. */
export type Step = Exclude<Moment, "any" | "starting">;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const BEGINS = "http.server.request.start";
const ENDS = "http.server.response.finish";

/**
 * Listens in on the requests that reach the stand-ins, which run in this process, without standing in their way: it is
 * told of a step before the stand-in has done anything about it.
 */
export class Traffic {
  readonly #bearers: ReadonlySet<string>;
  readonly #gatewayToken: string;
  readonly #watchers = new Set<(step: Step) => void>();
  /** Requests that the gateway refused because it was draining. */
  drained = 0;

  /**
   * @param botTokens tell the Worker's requests to ClickClack from people's
   * @param gatewayToken tells its requests to the gateway
   */
  constructor(botTokens: readonly string[], gatewayToken: string) {
    this.#bearers = new Set(botTokens.map((token) => `Bearer ${token}`));
    this.#gatewayToken = `Bearer ${gatewayToken}`;
    subscribe(BEGINS, this.#onBegin);
    subscribe(ENDS, this.#onEnd);
  }

  /**
   * Acts at the next step of that kind, at once.
   *
   * @param timeoutMs how long to wait for it before acting all the same
   * @returns once `act` has been called, whether the step had come
   */
  at(step: Step, timeoutMs: number, act: () => void): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (came: boolean) => {
        this.#watchers.delete(watch);
        clearTimeout(timer);
        act();
        resolve(came);
      };
      const watch = (seen: Step) => {
        if (seen === step) end(true);
      };
      const timer = setTimeout(() => end(false), timeoutMs);
      this.#watchers.add(watch);
    });
  }

  /** Tells of a step that the stand-ins do not see. */
  tell(step: Step): void {
    for (const watcher of [...this.#watchers]) watcher(step);
  }

  close(): void {
    unsubscribe(BEGINS, this.#onBegin);
    unsubscribe(ENDS, this.#onEnd);
  }

  readonly #onBegin = (message: unknown): void => {
    const { request } = message as Exchange;
    if (this.#isCompletion(request)) this.tell("asking");
    else if (this.#isPost(request)) this.tell("posting");
    else if (this.#isOfBot(request) && /^\/api\/messages\/msg_[^/]+$/.test(request.url ?? ""))
      this.tell("reading");
  };

  readonly #onEnd = (message: unknown): void => {
    const { request, response } = message as Exchange;
    if (request.headers.authorization === this.#gatewayToken && isDraining(response)) this.drained++;
    else if (this.#isCompletion(request) && response.statusCode === 200) this.tell("answered");
    else if (this.#isPost(request)) this.tell("posted");
  };

  #isCompletion({ headers, url }: IncomingMessage): boolean {
    return headers.authorization === this.#gatewayToken && url === "/v1/chat/completions";
  }

  #isPost(request: IncomingMessage): boolean {
    const { method, url } = request;
    return method === "POST" && this.#isOfBot(request) && /\/(messages|thread\/replies)$/.test(url ?? "");
  }

  #isOfBot({ headers }: IncomingMessage): boolean {
    return this.#bearers.has(headers.authorization ?? "");
  }
}

/** A gateway that starts refuses with 503 as well, but in plain text. */
function isDraining(response: ServerResponse): boolean {
  return response.statusCode === 503 && response.getHeader("cache-control") === "no-store";
}
