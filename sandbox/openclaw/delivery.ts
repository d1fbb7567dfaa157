import type { ServerResponse } from "node:http";
import { NO_RESPONSE } from "./output.ts";
import { send } from "./respond.ts";
import type { RunFailure } from "./run-failure.ts";
import type { Usage } from "./sessions.ts";

/** Names one run to its caller. */
export interface RunIdentity {
  /** `chatcmpl_<uuid>`, in every frame and, as `runId`, in the session's history. */
  readonly runId: string;
  /** Unix seconds. */
  readonly created: number;
  /** The target as the caller wrote it. */
  readonly model: string;
}

/** How a run reaches its caller. `open` comes first; then text; then one of `finish` and `fail`. */
export interface Delivery {
  /** Called at once, before the run waits for its turn. */
  open(): void;
  /** The next piece of visible text. */
  text(piece: string): void;
  /** Text that only a stream shows, told before a tool is called. */
  commentary(text: string): void;
  finish(content: string, usage: Usage): void;
  fail(failure: RunFailure): void;
}

/**
 * Server-sent events: headers and role frame at once, one frame for each piece, a frame with `finish_reason`, optional
 * usage, `[DONE]`. A failure is an error frame and `[DONE]`, with no `finish_reason`; the status stays 200. Nothing is
 * sent to keep the connection alive.
 */
export class StreamDelivery implements Delivery {
  readonly #res: ServerResponse;
  readonly #identity: RunIdentity;
  readonly #includeUsage: boolean;
  #separator = "";
  #hasText = false;

  constructor(res: ServerResponse, identity: RunIdentity, includeUsage: boolean) {
    this.#res = res;
    this.#identity = identity;
    this.#includeUsage = includeUsage;
  }

  open(): void {
    this.#res.statusCode = 200;
    this.#res.setHeader("Content-Type", "text/event-stream; charset=utf-8");
    this.#res.setHeader("Cache-Control", "no-cache");
    this.#res.setHeader("Connection", "keep-alive");
    this.#res.flushHeaders();
    this.#chunk({ choices: [{ index: 0, delta: { role: "assistant" }, finish_reason: null }] });
  }

  text(piece: string): void {
    const content = this.#separator + piece;
    this.#separator = "";
    this.#hasText = true;
    this.#chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
  }

  commentary(text: string): void {
    this.text(text);
    this.#hasText = false;
    this.#separator = "\n\n";
  }

  finish(content: string, usage: Usage): void {
    if (!this.#hasText) this.text(content || NO_RESPONSE);
    this.#chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    if (this.#includeUsage) this.#chunk({ choices: [], usage: usageBody(usage) });
    this.#done();
  }

  fail(failure: RunFailure): void {
    this.#frame({ error: failure.streamError ?? failure.error });
    this.#done();
  }

  #chunk(body: object): void {
    const { runId, created, model } = this.#identity;
    this.#frame({ id: runId, object: "chat.completion.chunk", created, model, ...body });
  }

  #frame(body: object): void {
    this.#res.write(`data: ${JSON.stringify(body)}\n\n`);
  }

  #done(): void {
    this.#res.write("data: [DONE]\n\n");
    this.#res.end();
  }
}

/** One JSON answer: nothing is sent, not even headers, until the run ends. */
export class WholeDelivery implements Delivery {
  readonly #res: ServerResponse;
  readonly #identity: RunIdentity;

  constructor(res: ServerResponse, identity: RunIdentity) {
    this.#res = res;
    this.#identity = identity;
  }

  open(): void {}
  text(): void {}
  commentary(): void {}

  finish(content: string, usage: Usage): void {
    const { runId, created, model } = this.#identity;
    const message = { role: "assistant", content: content || NO_RESPONSE };
    send(this.#res, 200, {
      id: runId,
      object: "chat.completion",
      created,
      model,
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: usageBody(usage),
    });
  }

  fail(failure: RunFailure): void {
    send(this.#res, failure.status, { error: failure.error });
  }
}

function usageBody({ prompt, completion }: Usage): object {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
