import type { Place } from "../clickclack/client.ts";
import { ClickClackError, type ClickClackFailure } from "../clickclack/errors.ts";
import type { MediaProblem } from "../clickclack/media-fault.ts";
import { formatTarget, placeKind, type Target } from "../domain/target.ts";
import { WorkspaceNotFound } from "./directory.ts";
import type { SendProblem, SendProblemCode } from "./send-outcome.ts";

/** A target that leads nowhere, found before anything was posted. Its text is safe to log: it names no target. */
export class Unsendable extends Error {
  override readonly name = "Unsendable";
  readonly problem: SendProblem;
  /** Whether it stays so, however often it is tried again. */
  readonly isFinal: boolean;

  constructor(
    code: SendProblemCode,
    detail: string,
    { isFinal = true, ...more }: Omit<SendProblem, "code" | "detail"> & { isFinal?: boolean } = {},
  ) {
    super(code);
    this.problem = { code, detail, ...more };
    this.isFinal = isFinal;
  }
}

/** A file that cannot be brought along. Its text is safe to log: it tells nothing of the address. */
export class Unfit extends Unsendable {
  /** @param index of the file in its send */
  constructor({ code, detail, ...more }: MediaProblem, index: number) {
    const field = `media.${index}`;
    super(code, `${field}: ${detail}`, { field, ...more });
    this.message = this.problem.detail;
  }
}

const NOT_FOUND: Record<Place["kind"], SendProblemCode> = {
  channel: "channel_not_found",
  dm: "user_not_found",
  thread: "thread_not_found",
};

/**
 * What a failure on the way to a send means to its caller.
 *
 * @param error anything thrown while the target was looked up or posted to
 * @param target as asked for, which tells what was not found
 * @returns undefined for what nobody expected
 */
export function problemOf(error: ClickClackError, target: Target): SendProblem;
export function problemOf(error: unknown, target: Target): SendProblem | undefined;
export function problemOf(error: unknown, target: Target): SendProblem | undefined {
  if (error instanceof Unsendable) return error.problem;
  if (error instanceof WorkspaceNotFound) return { code: "workspace_not_found", detail: error.message };
  return error instanceof ClickClackError ? problemOfCall(error, target) : undefined;
}

/** Whether a failure stays what it is, however often and whenever the send is tried again. */
export function isFinal(error: unknown): boolean {
  if (error instanceof ClickClackError) return !error.retryable && !error.mendable;
  return error instanceof Unsendable && error.isFinal;
}

function problemOfCall(error: ClickClackError, target: Target): SendProblem {
  const place = placeKind(target);
  const code = codeOf(error.failure, place);
  return {
    code,
    detail:
      code === NOT_FOUND[place] ? `ClickClack has no ${formatTarget(target)} for this bot` : detailOf(error),
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
    case "upload_quota":
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
    case "upload_quota":
      return "ClickClack takes no more files of this bot in this workspace: 64 and 512 MiB are all that it may ever upload";
    case "quote_refused":
      return "replyTo names no message that can be quoted there";
    default:
      return error.detail;
  }
}
