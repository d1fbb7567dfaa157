/** An error of a run, as it stands in the answer's `error`. */
export interface RunError {
  readonly message: string;
  readonly type: string;
}

/** A run that failed: the status of the whole answer, or the error frame of a stream. */
export interface RunFailure {
  readonly kind: "run";
  readonly status: number;
  readonly error: RunError;
  /** What a stream says where it differs: some texts reach only streams, and name the provider. */
  readonly streamError?: RunError;
  readonly trace?: Trace;
}

/**
 * What a failed run leaves in its session's transcript, under its run id: an assistant item in the place of the answer,
 * or, when the model was never reached, a note in the place of the whole turn.
 */
export type Trace =
  | {
      readonly kind: "item";
      readonly stopReason: "error" | "aborted";
      readonly text: string;
      readonly errorMessage?: string;
    }
  | { readonly kind: "note"; readonly text: string };

/** The answer to anything that OpenClaw has no better name for. */
export const INTERNAL_ERROR: RunFailure = {
  kind: "run",
  status: 500,
  error: { message: "internal error", type: "api_error" },
};

/** A run that reached the model and failed there. */
export function failed(status: number, type: string, message: string, words: string): RunFailure {
  return {
    kind: "run",
    status,
    error: { message, type },
    trace: { kind: "item", stopReason: "error", text: words },
  };
}

/** A provider's own error: OpenClaw passes its text on, after the status. */
export function providerError(status: number, type: string, cause: string, advice = ""): RunFailure {
  return failed(status, type, `${status} fake ${status}`, llmFailed(cause, status, advice));
}

/** A run that failed before the model was reached. Some texts reach only streams. */
function unreached(failure: Pick<RunFailure, "status" | "error">, message: string): RunFailure {
  const type = failure.error.type;
  const text = `This turn ended before a reply: ${message}`;
  return { kind: "run", ...failure, streamError: { message, type }, trace: { kind: "note", text } };
}

/** OpenClaw's words about a failed call of the model, as they stand in the transcript. */
export function llmFailed(cause: string, status: number, advice = ""): string {
  return `⚠️ LLM request failed (${cause}, HTTP ${status}).${advice && ` ${advice}`}`;
}

/** Its words about a provider that cannot be reached or hung up. */
export const CONNECTION_FAILED = "LLM request failed: network connection error.";

/** Its advice where waiting helps. */
export const TRANSIENT = "This is usually temporary — try again shortly.";

/** A key put on cool-down after a provider refused it: only a stream says so, and it names the provider. */
export function cooldown(providerName: string): RunFailure {
  const message = `Inline API key for provider "${providerName}" is temporarily disabled after a provider auth/billing failure. Retry after about 1 minute, or switch to a different auth profile/API key.`;
  return unreached(INTERNAL_ERROR, message);
}

/** A backend model whose provider was never given a key. */
export function noCredentials(providerName: string): RunFailure {
  const message = `No route-compatible authentication source is configured for ${providerName}.`;
  return unreached({ status: 401, error: { message, type: "authentication_error" } }, message);
}
