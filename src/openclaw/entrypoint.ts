import { WorkerEntrypoint } from "cloudflare:workers";
import { configOf } from "../config/current.ts";
import type { Remote } from "../remote/headers.ts";
import { type CompletionOutcome, complete } from "./completion.ts";
import { failure } from "./errors.ts";
import type { Question } from "./question.ts";
import { type AgentOutcome, onlyAgent, type RecoverOutcome, recoverRun, runFailed } from "./read.ts";

/**
 * Calls to the OpenClaw gateway, outside the Durable Object on purpose: a streaming body that ends within it can take
 * its realtime socket down (cloudflare/workerd#6774), and connections count per object. Stateless; the gateway's token
 * is read here and never crosses RPC.
 */
export class Completion extends WorkerEntrypoint<object> {
  /**
   * A completion whose silence, where a session can tell, is not that of a run that failed. @see {@link complete}
   *
   * @param untilStopped asked once; when its answer comes, the run is cancelled
   */
  async complete(
    question: Question,
    onRun: (runId: string) => void | Promise<void>,
    untilStopped: () => Promise<void>,
  ): Promise<CompletionOutcome> {
    const gateway = this.#gateway(question.correlationId);
    if (gateway === undefined) return NOT_CONFIGURED;
    const stop = new AbortController();
    // Of a caller that is lost, the run goes on: the next one finds its answer in the session's history.
    untilStopped().then(
      () => stop.abort(),
      () => undefined,
    );
    let run: string | undefined;
    const noteRun = (runId: string) => {
      run = runId;
      return onRun(runId);
    };
    const answer = complete(gateway, question, noteRun, stop.signal);
    // It is on its way: what would be kept until there is an answer is its images.
    question.messages = [];
    const outcome = await answer;
    const unclear = outcome.kind === "silent" && outcome.reason === "no_text";
    if (!unclear || question.sessionKey === undefined || run === undefined) return outcome;
    const hasFailed = await runFailed(gateway, question.sessionKey, run);
    return hasFailed ? { kind: "failed", failure: failure("run_failed", "the run failed", 200) } : outcome;
  }

  /** @see {@link onlyAgent} */
  async onlyAgent(correlationId?: string): Promise<AgentOutcome> {
    const gateway = this.#gateway(correlationId);
    return gateway === undefined ? NOT_CONFIGURED : onlyAgent(gateway);
  }

  /** @see {@link recoverRun} */
  async recoverRun(sessionKey: string, runId: string, correlationId?: string): Promise<RecoverOutcome> {
    const gateway = this.#gateway(correlationId);
    return gateway === undefined ? NOT_CONFIGURED : recoverRun(gateway, sessionKey, runId);
  }

  /** @param correlationId of the event that the calls follow from */
  #gateway(correlationId: string | undefined): Remote | undefined {
    const loaded = configOf(this.env);
    if (!loaded.ok || loaded.config.gateway === undefined) return undefined;
    return { ...loaded.config.gateway, access: loaded.config.access.gateway, correlationId };
  }
}

const NOT_CONFIGURED = {
  kind: "failed",
  failure: failure("unreachable", "gateway.remote is not configured"),
} as const;
