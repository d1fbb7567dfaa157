import { ClickClackError, type ClickClackFailure } from "../clickclack/errors.ts";
import { errorText } from "../observe/redact.ts";
import type { GatewayFailure, GatewayReason } from "../openclaw/errors.ts";

/** Why something failed: a word to count by, and the whole of it for the operator. Both are safe to store and to show. */
export interface Cause {
  reason: GatewayReason | ClickClackFailure | "attempts" | "internal";
  error: string;
  /** What the remote asked for, milliseconds. */
  retryAfterMs?: number | undefined;
}

/** The cause of anything thrown; what is not ClickClack's is a fault of ours. */
export function causeOf(error: unknown): Cause {
  const known = error instanceof ClickClackError;
  return {
    reason: known ? error.failure : "internal",
    error: errorText(error),
    retryAfterMs: known ? error.retryAfterMs : undefined,
  };
}

/** The cause of a completion that failed, with how to mend it. */
export function causeOfFailure({ reason, detail, mend, retryAfterMs }: GatewayFailure): Cause {
  const error = `${reason}: ${detail}${mend === undefined ? "" : ` (${mend})`}`;
  return { reason, error, retryAfterMs };
}
