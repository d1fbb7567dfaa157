import { Hono } from "hono/tiny";
import { isUp } from "../account/link-state.ts";
import { readinessOf } from "../account/readiness.ts";
import { configOf } from "../config/current.ts";
import type { Loaded } from "../config/types.ts";
import type { Env } from "../env.ts";
import type { AppEnv } from "./app-env.ts";

/** One account's part of readiness. */
export interface AccountReadiness {
  ready: boolean;
  reason?: string;
}

/** Liveness and readiness, for probes; open to everyone, so ids, reason words and what the configuration lacks. */
export const health = new Hono<AppEnv>()
  .get("/healthz", (c) => c.json({ status: "ok" }))
  .get("/readyz", async (c) => {
    const loaded = configOf(c.env);
    if (!loaded.ok) return c.json({ ready: false, faults: loaded.faults }, 503);
    if (!loaded.config.activation.on)
      return c.json({ ready: false, reason: loaded.config.activation.reason, accounts: {} }, 503);
    const accounts = await accountsReadiness(loaded, c.env);
    const ready = Object.values(accounts).every((account) => account.ready);
    const { faults } = loaded.config;
    return c.json({ ready, accounts, ...(faults.length > 0 && { faults }) }, ready ? 200 : 503);
  });

async function accountsReadiness(
  loaded: Extract<Loaded, { ok: true }>,
  env: Env,
): Promise<Record<string, AccountReadiness>> {
  const enabled = [...loaded.config.accounts.values()].filter((account) => account.enabled);
  const entries = enabled.map(async ({ id }) => [id, await accountReadiness(loaded, env, id)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function accountReadiness(loaded: Loaded, env: Env, id: string): Promise<AccountReadiness> {
  const readiness = readinessOf(loaded, id);
  if (!readiness.link) return { ready: false, reason: readiness.reason };
  const [fault] = readiness.account.callbacks.faults;
  if (fault !== undefined) return { ready: false, reason: `callbacks: ${fault.found}` };
  try {
    const link = await env.BOT_ACCOUNT.getByName(id).link();
    if (link !== undefined && isUp(link)) return { ready: true };
    const reason = [link?.state ?? "down", ...(link?.reason === undefined ? [] : [link.reason])].join(": ");
    return { ready: false, reason };
  } catch {
    return { ready: false, reason: "no answer" };
  }
}
