import { COMPLETION_LOST_AFTER_MS, GATEWAY_CALL_LOST_AFTER_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import type { Completion } from "../openclaw/entrypoint.ts";
import { failure, type GatewayFailure } from "../openclaw/errors.ts";
import type { Question } from "../openclaw/question.ts";
import type { AgentOutcome, RecoverOutcome } from "../openclaw/read.ts";
import { unlessLost } from "./unless-lost.ts";

/** Its answer is not wanted any more. */
export type Stopped = { kind: "stopped" };

type Entrypoint = Pick<Service<Completion>, "complete" | "onlyAgent" | "recoverRun">;
type Failed = { kind: "failed"; failure: GatewayFailure };

/**
 * The gateway's agents as an account sees them, behind the stateless entrypoint. That keeps the deadlines of each call;
 * should it be lost itself, in the middle of an update for example, the wait for it ends here as well. Nothing throws.
 */
export class Agents {
  readonly #entrypoint: Entrypoint;
  readonly #correlationId: string | undefined;

  constructor(entrypoint: Entrypoint, correlationId?: string) {
    this.#entrypoint = entrypoint;
    this.#correlationId = correlationId;
  }

  /** The same, for what follows from one event: each call bears its correlation id. */
  correlated(id: string): Agents {
    return new Agents(this.#entrypoint, id);
  }

  /**
   * @param stop ends the run at once; what becomes of it then is of no interest
   */
  complete(
    question: Question,
    onRun: (runId: string) => void,
    stop: AbortSignal,
  ): Promise<CompletionOutcome | Stopped> {
    if (stop.aborted) return Promise.resolve({ kind: "stopped" });
    const correlated = { ...question, correlationId: this.#correlationId };
    const stopped = Promise.withResolvers<Stopped>();
    const over = Promise.withResolvers<void>();
    const end = () => stopped.resolve({ kind: "stopped" });
    stop.addEventListener("abort", end);
    const untilStopped = async () => void (await Promise.race([stopped.promise, over.promise]));
    const outcome = bounded<CompletionOutcome>(
      this.#entrypoint.complete(correlated, onRun, untilStopped),
      COMPLETION_LOST_AFTER_MS,
    );
    return Promise.race([outcome, stopped.promise]).finally(() => {
      // Answers the entrypoint's question, which else would be waited for by an object that could go.
      over.resolve();
      stop.removeEventListener("abort", end);
    });
  }

  onlyAgent(): Promise<AgentOutcome> {
    return bounded<AgentOutcome>(this.#entrypoint.onlyAgent(this.#correlationId), GATEWAY_CALL_LOST_AFTER_MS);
  }

  recoverRun(sessionKey: string, runId: string): Promise<RecoverOutcome> {
    return bounded<RecoverOutcome>(
      this.#entrypoint.recoverRun(sessionKey, runId, this.#correlationId),
      GATEWAY_CALL_LOST_AFTER_MS,
    );
  }
}

async function bounded<Outcome>(
  outcome: PromiseLike<Outcome>,
  lostAfterMs: number,
): Promise<Outcome | Failed> {
  try {
    return await unlessLost(outcome, lostAfterMs);
  } catch (error) {
    return broken(errorText(error));
  }
}

function broken(why: string): Failed {
  return { kind: "failed", failure: failure("broken_stream", why) };
}
