import { Hono } from "hono/tiny";
import type { BotAccount } from "../account/bot-account.ts";
import { readinessOf } from "../account/readiness.ts";
import type { AccountStatus } from "../account/status.ts";
import { configOf } from "../config/current.ts";
import type { Fault, Loaded } from "../config/types.ts";
import type { Env } from "../env.ts";
import { askObject, namedAccount } from "./account.ts";
import type { AppEnv } from "./app-env.ts";
import { requireApiToken } from "./auth.ts";
import { brokenConfig, problem } from "./problem.ts";

/** An account as an operator sees it. */
export interface AccountView extends Partial<AccountStatus> {
  id: string;
  name?: string;
  /** Whether it has all that it needs to talk to ClickClack. */
  configured: boolean;
  enabled: boolean;
  /** Why it does not answer, when the configuration is why. */
  reason?: string;
  faults: readonly Fault[];
  /** What of its configuration is passed over. */
  warnings: readonly Fault[];
}

/** What the accounts are doing. */
export const accounts = new Hono<AppEnv>()
  .get("/v1/accounts", requireApiToken, async (c) => {
    const loaded = configOf(c.env);
    if (!loaded.ok) return problem(c, brokenConfig(loaded.faults));
    const ids = [...loaded.config.accounts.keys()];
    const views = await Promise.all(ids.map((id) => viewOf(loaded, c.env, id)));
    return c.json({ defaultAccount: loaded.config.defaultAccountId, accounts: views });
  })
  .get("/v1/accounts/:id", requireApiToken, namedAccount, async (c) =>
    c.json(await viewOf(configOf(c.env), c.env, c.var.account.id)),
  );

async function viewOf(loaded: Loaded, env: Env, id: string): Promise<AccountView> {
  const account = loaded.ok ? loaded.config.accounts.get(id) : undefined;
  const readiness = readinessOf(loaded, id);
  const status = readiness.send ? await askObject(env, id, statusOf) : {};
  return {
    id,
    ...(account?.name !== undefined && { name: account.name }),
    configured: account !== undefined && account.faults.length === 0,
    enabled: account?.enabled ?? false,
    ...(!readiness.link && { reason: readiness.reason }),
    faults: readiness.link ? readiness.account.callbacks.faults : readiness.faults,
    warnings: account?.warnings ?? [],
    ...(status ?? { reason: "no answer" }),
  };
}

async function statusOf(object: DurableObjectStub<BotAccount>): Promise<Partial<AccountStatus>> {
  return (await object.status()) ?? {};
}
