import type { Place } from "../clickclack/client.ts";
import type { ClickClackError, ClickClackFailure } from "../clickclack/errors.ts";

/** A send that somebody asked for. Plain data, because it crosses RPC. */
export interface SendRequest {
  /** A target; absent for the account's `defaultTo`. */
  to?: string | undefined;
  text: string;
  /** Message to quote. */
  replyTo?: string | undefined;
  /** The caller's `Idempotency-Key`. */
  idempotencyKey?: string | undefined;
}

/** Why a send was not made. The words are the API's error codes and stable. */
export type SendProblemCode =
  | "invalid_target"
  | "invalid_request"
  | "workspace_not_found"
  | "channel_not_found"
  | "user_not_found"
  | "thread_not_found"
  | "missing_scope"
  | "token_rejected"
  | "refused"
  | "no_active_recipient"
  | "too_large"
  | "idempotency_key_reused"
  | "clickclack_unavailable"
  | "not_configured";

export interface SendProblem {
  code: SendProblemCode;
  /** For the caller to read; safe. */
  detail: string;
  /** The request's field, for `invalid_request`. */
  field?: string;
  /** The token's missing scope, for `missing_scope`. */
  scope?: string;
  retryAfterMs?: number;
}

export type SendOutcome =
  | { kind: "sent"; id: string; to: string; messageId: string; replayed: boolean }
  | { kind: "refused"; problem: SendProblem };

const NOT_FOUND: Record<Place["kind"], SendProblemCode> = {
  channel: "channel_not_found",
  dm: "user_not_found",
  thread: "thread_not_found",
};

/**
 * What a refusal by ClickClack means to the caller.
 *
 * @param place what was being looked up or posted to, which tells what was not found
 * @param to the target as asked for
 */
export function problemOf(error: ClickClackError, place: Place["kind"], to: string): SendProblem {
  const code = codeOf(error.failure, place);
  return {
    code,
    detail: code === NOT_FOUND[place] ? `ClickClack has no ${to} for this bot` : detailOf(error),
    ...(error.failure === "quote_refused" && { field: "replyTo" }),
    ...(error.scope !== undefined && { scope: error.scope }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  };
}

function codeOf(failure: ClickClackFailure, place: Place["kind"]): SendProblemCode {
  switch (failure) {
    case "not_found":
      return NOT_FOUND[place];
    case "unauthorized":
      return "token_rejected";
    case "wrong_workspace":
      return "workspace_not_found";
    case "missing_scope":
    case "no_active_recipient":
    case "too_large":
      return failure;
    case "forbidden":
      return "refused";
    case "quote_refused":
    case "invalid":
      return "invalid_request";
    case "nonce_conflict":
    case "throttled":
    case "unavailable":
    case "not_clickclack":
      return "clickclack_unavailable";
  }
}

function detailOf(error: ClickClackError): string {
  switch (error.failure) {
    case "unauthorized":
      return "ClickClack does not accept the bot's token; set a valid one";
    case "missing_scope":
      return `the bot's token lacks the scope ${error.scope}; a token with bot:write has it`;
    case "quote_refused":
      return "replyTo names no message that can be quoted there";
    default:
      return error.detail;
  }
}
