import type { Context } from "hono";
import type { Refusal } from "../account/refusals.ts";
import type { CallbackKind } from "../config/types.ts";
import type { Env } from "../env.ts";
import { REFUSALS_INTERVAL_MS } from "../limits.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import type { AppEnv } from "./app-env.ts";

/** What this isolate has counted for an account and not handed on, and when it last did, Unix ms. */
interface Bundle {
  handedOnAt: number;
  refusals: Refusal[];
}

const bundles = new Map<string, Bundle>();

/**
 * Has a refused callback counted by the account's object: the first at once, and those that follow together, with one of
 * them a minute later or after that. So whoever sends rubbish wakes no object with every request. What an isolate takes
 * into its grave is in the log.
 *
 * @param accountId of an account that is there
 */
export function countRefusal(
  c: Context<AppEnv>,
  accountId: string,
  kind: CallbackKind,
  reason: string,
): void {
  const bundle = bundles.get(accountId) ?? { handedOnAt: 0, refusals: [] };
  bundles.set(accountId, bundle);
  const counted = bundle.refusals.find((one) => one.kind === kind && one.reason === reason);
  if (counted === undefined) bundle.refusals.push({ kind, reason, count: 1 });
  else counted.count++;
  const now = Date.now();
  if (now - bundle.handedOnAt < REFUSALS_INTERVAL_MS) return;
  bundle.handedOnAt = now;
  c.executionCtx.waitUntil(handOn(c.env, accountId, bundle.refusals.splice(0)));
}

async function handOn(env: Env, accountId: string, refusals: readonly Refusal[]): Promise<void> {
  try {
    await env.BOT_ACCOUNT.getByName(accountId).callbacksRefused(refusals);
  } catch (error) {
    log({ event: "account:failed", account: accountId, error: errorText(error) });
  }
}
