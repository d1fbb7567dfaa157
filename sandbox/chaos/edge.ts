import type { Send } from "./plan-sends.ts";

/** An account, as far as a run looks at it. */
export interface AccountView {
  readonly link?: { readonly state: string };
  readonly turns?: { readonly waiting: number; readonly running: number };
}

/** How the Worker answered a request for a send. */
export interface SendAnswer {
  readonly status: number;
  /** Of one that was taken on or made. */
  readonly id?: string;
  /** Of one that was refused. */
  readonly code?: string;
}

/** Longest wait for an answer of the Worker about itself. */
const STATUS_TIMEOUT_MS = 5_000;

/** The Worker's API, as those call it who run it, or have its bots say something. */
export class Edge {
  readonly #worker: { readonly url: string | undefined };
  readonly #token: string;

  constructor(worker: { readonly url: string | undefined }, apiToken: string) {
    this.#worker = worker;
    this.#token = apiToken;
  }

  /** Whether there is anybody to ask. */
  get isThere(): boolean {
    return this.#worker.url !== undefined;
  }

  /** What the Worker says of itself; undefined while it is not there to say anything. */
  async accounts(): Promise<AccountView[] | undefined> {
    const answer = await this.#call("/v1/accounts", {}, STATUS_TIMEOUT_MS);
    return answer?.status === 200 ? (answer.body as { accounts: AccountView[] }).accounts : undefined;
  }

  /**
   * Asks for a send.
   *
   * @param to the target
   * @param patienceMs how long to wait for an answer
   * @returns undefined when the connection broke, or nobody was there or answered in time
   */
  async send(send: Send, to: string, patienceMs: number): Promise<SendAnswer | undefined> {
    const order = {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": send.idempotencyKey,
        ...(send.inBackground && { prefer: "respond-async" }),
      },
      body: JSON.stringify({ account: send.lane.bot, to, text: send.text }),
    };
    const answer = await this.#call("/v1/messages", order, patienceMs);
    return answer && { ...(answer.body as { id?: string; code?: string }), status: answer.status };
  }

  /** Whether a send is settled, one way or the other; undefined when that cannot be said just now. */
  async isSettled(id: string): Promise<boolean | undefined> {
    const answer = await this.#call(`/v1/messages/${id}`, {}, STATUS_TIMEOUT_MS);
    if (answer?.status === 404) return true;
    return answer?.status === 200 ? (answer.body as { state: string }).state !== "pending" : undefined;
  }

  async #call(
    path: string,
    { headers, ...more }: { method?: string; headers?: Record<string, string>; body?: string },
    timeoutMs: number,
  ): Promise<{ status: number; body: unknown } | undefined> {
    const { url } = this.#worker;
    if (url === undefined) return undefined;
    try {
      const response = await fetch(url + path, {
        ...more,
        headers: { authorization: `Bearer ${this.#token}`, ...headers },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return { status: response.status, body: parse(text) };
    } catch {
      return undefined;
    }
  }
}

/** What stands before a Worker answers in no JSON when the Worker fails. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
