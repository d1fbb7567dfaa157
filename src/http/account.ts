import { createMiddleware } from "hono/factory";
import type { BotAccount } from "../account/bot-account.ts";
import { type Readiness, readinessOf } from "../account/readiness.ts";
import { normalizeAccountId } from "../config/account-ids.ts";
import { configOf } from "../config/current.ts";
import type { Env } from "../env.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import type { AppEnv } from "./app-env.ts";
import { brokenConfig, problem } from "./problem.ts";

/** The account that a path names, once it is known that there is one. */
export interface NamedAccount {
  id: string;
  readiness: Readiness;
  stub: DurableObjectStub<BotAccount>;
}

/** Asks one account's object. One that cannot answer hides no other: then it is logged, and there is no answer. */
export async function askObject<Result>(
  env: Env,
  id: string,
  ask: (object: DurableObjectStub<BotAccount>) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask(env.BOT_ACCOUNT.getByName(id));
  } catch (error) {
    log({ event: "account:failed", account: id, error: errorText(error) });
    return undefined;
  }
}

/** Finds the account that `:id` names, as OpenClaw writes ids; answers for one that there is not. */
export const namedAccount = createMiddleware<AppEnv & { Variables: { account: NamedAccount } }>(
  async (c, next) => {
    const loaded = configOf(c.env);
    if (!loaded.ok) return problem(c, brokenConfig(loaded.faults));
    const written = c.req.param("id") ?? "";
    const id = normalizeAccountId(written);
    if (!loaded.config.accounts.has(id))
      return problem(c, { code: "account_not_found", detail: `there is no account "${written}"` });
    c.set("account", { id, readiness: readinessOf(loaded, id), stub: c.env.BOT_ACCOUNT.getByName(id) });
    return next();
  },
);

/** The same, and the configuration has to let it do something. */
export const usableAccount = createMiddleware<AppEnv & { Variables: { account: NamedAccount } }>(
  async (c, next) => {
    const { readiness } = c.var.account;
    if (readiness.send) return next();
    return problem(c, { code: "not_configured", detail: readiness.reason, faults: readiness.faults });
  },
);
