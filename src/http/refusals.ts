import type { Context } from "hono";
import type { Refusal } from "../account/refusals.ts";
import type { Env } from "../env.ts";
import { REFUSALS_FLUSH_MS } from "../limits.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import type { AppEnv } from "./app-env.ts";

/** Refusals of this isolate that no account's object has been told of, and when they began to gather, Unix ms. */
const waiting = new Map<string, { since: number; refusals: Refusal[] }>();

/**
 * Has a refused callback counted by the account's object: in bundles, so that whoever sends rubbish wakes no object with
 * every request. A bundle that an isolate takes into its grave is in the log.
 *
 * @param accountId of an account that is there
 */
export function countRefusal(
  c: Context<AppEnv>,
  accountId: string,
  kind: Refusal["kind"],
  reason: string,
): void {
  const now = Date.now();
  const bundle = waiting.get(accountId);
  const counted = bundle?.refusals.find((one) => one.kind === kind && one.reason === reason);
  if (counted !== undefined) counted.count++;
  else if (bundle !== undefined) bundle.refusals.push({ kind, reason, count: 1 });
  else waiting.set(accountId, { since: now, refusals: [{ kind, reason, count: 1 }] });
  if (bundle !== undefined) {
    // One that should have been handed on by now belonged to a request that was cut off.
    if (now - bundle.since <= 2 * REFUSALS_FLUSH_MS) return;
    bundle.since = now;
  }
  c.executionCtx.waitUntil(handOnLater(c.env, accountId));
}

async function handOnLater(env: Env, accountId: string): Promise<void> {
  await scheduler.wait(REFUSALS_FLUSH_MS);
  const bundle = waiting.get(accountId);
  waiting.delete(accountId);
  if (bundle === undefined) return;
  try {
    await env.BOT_ACCOUNT.getByName(accountId).callbacksRefused(bundle.refusals);
  } catch (error) {
    log({ event: "account:failed", account: accountId, error: errorText(error) });
  }
}
