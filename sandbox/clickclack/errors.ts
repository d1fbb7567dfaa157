/**
 * A refusal, as ClickClack answers it: a status and `{"error": text}`.
 *
 * ClickClack has no error codes; clients can only go by status and text, so the texts here are the contract.
 */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = "ApiError";
    this.status = status;
  }
}

/**
 * ClickClack's answer for a row that does not exist or that the caller may not see: the database driver's own text.
 *
 * Its status is 400 out of the store, and 403 where a bot's access to a resource is checked. It is 404 practically never.
 */
export const NO_ROWS = "sql: no rows in result set";

/** Returns the store's "not found", a 400. */
export function noRows(): ApiError {
  return new ApiError(400, NO_ROWS);
}

/** Returns a 400 with a validation text. */
export function badRequest(text: string): ApiError {
  return new ApiError(400, text);
}

/** Returns a 403 with its reason. */
export function forbidden(text: string): ApiError {
  return new ApiError(403, text);
}

/**
 * Runs a lookup and turns every refusal of it into a 403: where ClickClack checks a bot's access to a channel, a
 * message or a conversation, "does not exist" and "not yours" are the same 403.
 */
export function asForbidden<T>(lookup: () => T): T {
  return withStatus(403, lookup);
}

/** Runs something and gives every refusal of it another status; the text stays. */
export function withStatus<T>(status: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ApiError) throw new ApiError(status, error.message);
    throw error;
  }
}

/** Runs a lookup, and gives nothing where it is refused. */
export function orUndefined<T>(lookup: () => T): T | undefined {
  try {
    return lookup();
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
