import type { Loaded } from "../config/types.ts";
import type { Env } from "../env.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import { readinessOf } from "./readiness.ts";

/**
 * Brings up every account that the configuration lets answer or send: what waits to be sent shall not depend on an alarm
 * that was set under another configuration. One that fails does not keep the others down.
 */
export async function startAccounts(loaded: Loaded, env: Env): Promise<void> {
  if (!loaded.ok)
    return log({
      event: "config:broken",
      faults: loaded.faults.length,
      paths: loaded.faults.map(({ path }) => path),
    });
  const ids = [...loaded.config.accounts.keys()].filter((id) => readinessOf(loaded, id).send);
  await Promise.all(
    ids.map((id) =>
      env.BOT_ACCOUNT.getByName(id)
        .ensure()
        .catch((error: unknown) => log({ event: "account:failed", account: id, error: errorText(error) })),
    ),
  );
}
