import { ClickClackError } from "../../src/clickclack/errors.ts";
import { reasonWords } from "../../src/domain/reasons.ts";
import { errorText } from "../../src/observe/redact.ts";
import { type Finding, fail } from "./finding.ts";

/**
 * A failed call to ClickClack.
 *
 * @throws what is no failed call to ClickClack
 */
export function troubleOf(error: unknown): Finding {
  if (!(error instanceof ClickClackError)) throw error;
  if (error.failure === "missing_scope") return missingScope(error);
  return fail(error.message, reasonWords(error.failure)?.[1] ?? "see ClickClack's log, and try again");
}

function missingScope({ operation, scope }: ClickClackError): Finding {
  return fail(`the token lacks ${scope}, which ${operation} needs`, BOT_WRITE);
}

/** Scopes are fixed when a token is made. */
export const BOT_WRITE =
  "make the bot a new token with bot:write, which has all of them, and set it in place of the old one";

/** Why there is no answer. Node's fetch says "fetch failed" and keeps the reason behind it. */
export function networkReason(error: unknown): string {
  const { name, cause } = error as Error;
  if (name === "TimeoutError") return "it took too long";
  if (cause instanceof Error) return "code" in cause ? `${cause.code}` : errorText(cause);
  return errorText(error);
}
