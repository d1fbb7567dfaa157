import type * as z from "zod";
import type { Secret } from "../src/config/secret.ts";
import { readBaseUrl } from "../src/config/url.ts";
import { type Variables, variable } from "../src/config/variables.ts";
import { parseJson } from "../src/domain/json.ts";
import { Problem } from "./problem.ts";
import { requiredSecret } from "./variables.ts";
import * as answers from "./worker/answers.ts";
import { answeredError, notTheWorker, outOfReach } from "./worker/failure.ts";

/** Whichever token a call takes: that for sends and status, or that for actions. */
export type TokenName = "EDGE_API_TOKEN" | "EDGE_ADMIN_TOKEN";

/** Anything but a send is answered from memory and a small table. */
const REQUEST_TIMEOUT_MS = 30_000;
/** A send waits for ClickClack, and for the uploads of ten files. */
const SEND_TIMEOUT_MS = 300_000;

/** A call of the Worker. */
export interface Call<Answer> {
  method?: "GET" | "POST";
  path: string;
  /** Absent for what is open to everyone. */
  token?: TokenName;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  answer: z.ZodType<Answer>;
  /** Statuses beside 2xx whose answer has that form as well. */
  also?: readonly number[];
  timeoutMs?: number;
}

/**
 * The Worker, by its HTTP API. Every method throws a {@link Problem}: with the API's error code for an answer that is an
 * error, and with exit code 3 when there was none.
 */
export class WorkerClient {
  /** Without a trailing slash. */
  readonly url: string;
  readonly #variables: Variables;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param given the value of `--url`; `EDGE_URL` without one
   * @param variables hold the tokens, which are looked for when they are needed
   * @param signal breaks every call off
   * @throws {Problem} when neither is an address
   */
  constructor(given: string | undefined, variables: Variables, signal?: AbortSignal) {
    this.url = workerUrl(given, variables);
    this.#variables = variables;
    this.#signal = signal;
  }

  /** Whether it is ready; also when it is not. */
  ready(): Promise<answers.ReadyAnswer> {
    return this.call({ path: "/readyz", answer: answers.ReadyAnswer, also: [503] });
  }

  accounts(): Promise<answers.AccountsAnswer> {
    return this.call({ path: "/v1/accounts", token: "EDGE_API_TOKEN", answer: answers.AccountsAnswer });
  }

  account(id: string): Promise<answers.AccountAnswer> {
    return this.call({ path: accountPath(id), token: "EDGE_API_TOKEN", answer: answers.AccountAnswer });
  }

  /** What became of a message. @throws {Problem} `message_not_found` where the account was not told of it */
  story(account: string, message: string): Promise<answers.StoryAnswer> {
    const path = `${accountPath(account)}/messages/${encodeURIComponent(message)}`;
    return this.call({ path, token: "EDGE_API_TOKEN", answer: answers.StoryAnswer });
  }

  async dead(account: string): Promise<answers.DeadItem[]> {
    const path = `${accountPath(account)}/dead`;
    return (await this.call({ path, token: "EDGE_API_TOKEN", answer: answers.DeadAnswer })).dead;
  }

  actOnDead(
    account: string,
    message: string,
    action: "retry" | "discard",
  ): Promise<answers.DeadActionAnswer> {
    const path = `${accountPath(account)}/dead/${encodeURIComponent(message)}/${action}`;
    return this.call({ method: "POST", path, token: "EDGE_ADMIN_TOKEN", answer: answers.DeadActionAnswer });
  }

  /**
   * @param body as `POST /v1/messages` takes it
   * @param idempotencyKey makes it safe to ask again
   * @param isBackground is answered at once, and delivered later
   */
  send(body: object, idempotencyKey: string, isBackground: boolean): Promise<answers.SendAnswer> {
    const headers = { "idempotency-key": idempotencyKey, ...(isBackground && { prefer: "respond-async" }) };
    const call = { method: "POST", path: "/v1/messages", token: "EDGE_API_TOKEN" } as const;
    return this.call({ ...call, headers, body, answer: answers.SendAnswer, timeoutMs: SEND_TIMEOUT_MS });
  }

  sendState(id: string): Promise<answers.SendStateAnswer> {
    const path = `/v1/messages/${encodeURIComponent(id)}`;
    return this.call({ path, token: "EDGE_API_TOKEN", answer: answers.SendStateAnswer });
  }

  /**
   * An account's log, as Server-Sent Events without end.
   *
   * @param after the id of the last line that is known already
   * @param signal ends it
   */
  async log(
    account: string,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const headers = { ...(after !== undefined && { "last-event-id": after }) };
    const call = { path: `${accountPath(account)}/log`, token: "EDGE_API_TOKEN", headers } as const;
    const response = await this.fetch(call, signal);
    if (!response.ok) throw answeredError(this.url, call.token, response, await this.#bodyOf(response));
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (!isStream || response.body === null) throw notTheWorker(this.url, response);
    return response.body;
  }

  /** What it means that a call has failed on its way. */
  outOfReach(error: unknown): Problem {
    return outOfReach(this.url, error);
  }

  /** Makes any call. */
  async call<Answer>(call: Call<Answer>): Promise<Answer> {
    const response = await this.fetch(call, AbortSignal.timeout(call.timeoutMs ?? REQUEST_TIMEOUT_MS));
    const body = await this.#bodyOf(response);
    const isAsked = response.ok || call.also?.includes(response.status);
    if (!isAsked) throw answeredError(this.url, call.token, response, body);
    const parsed = call.answer.safeParse(body);
    if (parsed.success) return parsed.data;
    throw notTheWorker(this.url, response);
  }

  /**
   * Makes a call, and leaves its answer to the caller.
   *
   * @param deadline ends it, its body included
   * @throws {Problem} when no answer came
   */
  async fetch(
    { method = "GET", path, token, headers, body }: Omit<Call<unknown>, "answer">,
    deadline?: AbortSignal,
  ): Promise<Response> {
    const secret = token === undefined ? undefined : requiredSecret(this.#variables, token);
    const signals = [this.#signal, deadline].filter((signal) => signal !== undefined);
    try {
      return await fetch(this.url + path, {
        method,
        headers: { ...bearer(secret), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A token goes where it was meant to go, and nowhere else.
        redirect: "manual",
        signal: AbortSignal.any(signals),
      });
    } catch (error) {
      throw this.outOfReach(error);
    }
  }

  /** @returns undefined for what is no JSON */
  async #bodyOf(response: Response): Promise<unknown> {
    try {
      return parseJson(await response.text());
    } catch (error) {
      throw this.outOfReach(error);
    }
  }
}

function workerUrl(given: string | undefined, variables: Variables): string {
  const text = given ?? variable(variables, "EDGE_URL");
  const named = given === undefined && text !== undefined ? "EDGE_URL" : "--url";
  if (text === undefined || text.trim() === "")
    throw new Problem(
      `${named}: give the Worker's address, here or in EDGE_URL, such as https://clickclack-edge.example.workers.dev`,
    );
  const read = readBaseUrl(text);
  if ("url" in read) return read.url;
  throw new Problem(`${named}: that is ${read.found}; ${read.mend}`);
}

function accountPath(id: string): string {
  return `/v1/accounts/${encodeURIComponent(id)}`;
}

function bearer(secret: Secret | undefined): Record<string, string> {
  return secret === undefined ? {} : { authorization: `Bearer ${secret.reveal()}` };
}
