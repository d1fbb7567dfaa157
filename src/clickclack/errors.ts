/** What a failed call to ClickClack means. ClickClack has no error codes: status and text together tell. */
export type ClickClackFailure =
  | "unauthorized"
  | "missing_scope"
  | "wrong_workspace"
  | "not_found"
  | "forbidden"
  | "no_active_recipient"
  | "nonce_conflict"
  | "quote_refused"
  | "invalid"
  | "too_large"
  | "throttled"
  | "unavailable"
  | "not_clickclack";

const NO_ROWS = "sql: no rows in result set";

/**
 * A call to ClickClack that did not succeed. Its text names the operation and is safe to print.
 *
 * One that is `retryable` may have been carried out all the same (no answer came, or the server failed while
 * answering): such a post is settled by its nonce, never by posting something else.
 */
export class ClickClackError extends Error {
  override readonly name = "ClickClackError";
  readonly operation: string;
  readonly failure: ClickClackFailure;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  /** ClickClack's own words, or the network's. */
  readonly detail: string;
  /** The missing scope, for `missing_scope`. */
  readonly scope?: string;
  /** What the server asked for, milliseconds. ClickClack itself sends none; an edge before it may. */
  readonly retryAfterMs?: number;

  constructor(
    operation: string,
    failure: ClickClackFailure,
    status: number,
    detail: string,
    more: { scope?: string; retryAfterMs?: number } = {},
  ) {
    super(`ClickClack ${operation}: ${status === 0 ? "no answer" : status} ${detail}`);
    this.operation = operation;
    this.failure = failure;
    this.status = status;
    this.detail = detail;
    if (more.scope !== undefined) this.scope = more.scope;
    if (more.retryAfterMs !== undefined) this.retryAfterMs = more.retryAfterMs;
  }

  /** Whether the same call may succeed later without anybody mending anything. */
  get retryable(): boolean {
    return this.failure === "unavailable" || this.failure === "throttled";
  }

  /** Whether it stays so until an operator mends the token, the membership or an address: then a text can wait. */
  get mendable(): boolean {
    return ["unauthorized", "missing_scope", "wrong_workspace", "not_clickclack"].includes(this.failure);
  }
}

/** A {@link ClickClackError} as plain data: RPC would keep nothing of it but its text. */
export type ErrorFacts = Pick<
  ClickClackError,
  "operation" | "failure" | "status" | "detail" | "scope" | "retryAfterMs"
>;

export function factsOf(error: ClickClackError): ErrorFacts {
  const { operation, failure, status, detail, scope, retryAfterMs } = error;
  return {
    operation,
    failure,
    status,
    detail,
    ...(scope !== undefined && { scope }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

export function errorOf({ operation, failure, status, detail, ...more }: ErrorFacts): ClickClackError {
  return new ClickClackError(operation, failure, status, detail, more);
}

/**
 * Reads an error answer.
 *
 * The odd ones are ClickClack's own: what does not exist is 403 for a bot (400 on some routes), a nonce conflict is
 * 400, and there is practically no 404 for messages, channels and direct conversations.
 *
 * @param status HTTP status, 400 or above
 * @param text the `error` text of the answer; undefined when it was not ClickClack's, but that of something before it:
 *   a proxy in the middle of a deploy answers 404 as well, and that says nothing about a message
 */
export function classify(
  status: number,
  text: string | undefined,
): { failure: ClickClackFailure; scope?: string } {
  if (status === 401) return { failure: "unauthorized" };
  if (status === 413) return { failure: "too_large" };
  if (status === 429) return { failure: "throttled" };
  if (status >= 500 || text === undefined) return { failure: "unavailable" };
  if (text === NO_ROWS) return { failure: "not_found" };
  if (status === 404) return { failure: "not_clickclack" };
  if (status === 409 && text === "direct conversation has no active recipient")
    return { failure: "no_active_recipient" };
  if (status === 403) return classifyForbidden(text);
  if (text === "client nonce was already used for a different message") return { failure: "nonce_conflict" };
  if (text.startsWith("quoted message is not in this")) return { failure: "quote_refused" };
  return { failure: "invalid" };
}

function classifyForbidden(text: string): { failure: ClickClackFailure; scope?: string } {
  const scope = /^bot token is missing scope (\S+)$/.exec(text)?.[1];
  if (scope !== undefined) return { failure: "missing_scope", scope };
  if (text === "bot token cannot access this workspace") return { failure: "wrong_workspace" };
  return { failure: "forbidden" };
}
