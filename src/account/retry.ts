import { backoffMs } from "../domain/backoff.ts";
import { RETRY_AFTER_MAX_MS, RETRY_MAX_MS, RETRY_MIN_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";

/**
 * When to try a piece of work again.
 *
 * @param attempts how many have failed, from 1
 * @param askedMs what the remote asked for, milliseconds; not earlier than that, within reason
 * @returns Unix ms
 */
export function retryAt(
  context: Pick<AccountContext, "now" | "random">,
  attempts: number,
  askedMs: number | undefined,
): number {
  const wait = backoffMs(attempts, RETRY_MIN_MS, RETRY_MAX_MS, context.random());
  return context.now() + Math.max(wait, Math.min(askedMs ?? 0, RETRY_AFTER_MAX_MS));
}
