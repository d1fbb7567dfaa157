import { ClickClackError } from "../clickclack/errors.ts";
import { refusalMend, type TokenRefusal, whyRefused } from "../clickclack/refused-token.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";

/** ClickClack refuses the token. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  readonly reason: TokenRefusal;

  /** @param said by ClickClack */
  constructor(reason: TokenRefusal, said: string, mend: string) {
    super(`${said}; ${mend}`);
    this.reason = reason;
  }
}

/**
 * Says of a refused token why it is refused.
 *
 * @param error of a call to ClickClack
 * @param identity of the account, if it was ever up
 * @returns the error itself when it is about anything else
 */
export async function explained(
  { witnesses }: AccountContext,
  error: unknown,
  identity: Identity | undefined,
): Promise<unknown> {
  if (!(error instanceof ClickClackError) || error.failure !== "unauthorized") return error;
  const reason = identity === undefined ? "unauthorized" : await whyRefused(identity, witnesses());
  return new TokenRefused(reason, error.message, refusalMend(reason, identity?.owner));
}
