import type { Loaded } from "../config/types.ts";
import type { Env } from "../env.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import { readinessOf } from "./readiness.ts";

/** Configurations whose warnings stand in the log. */
const told = new WeakSet<Loaded>();

/** Says once in an isolate's life what of the configuration is passed over. */
function warnOnce(loaded: Extract<Loaded, { ok: true }>): void {
  if (told.has(loaded)) return;
  told.add(loaded);
  for (const { path, found, mend } of loaded.config.warnings)
    log({ event: "config:warned", path, found, mend });
}

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
  warnOnce(loaded);
  const ids = [...loaded.config.accounts.keys()].filter((id) => readinessOf(loaded, id).send);
  await Promise.all(
    ids.map((id) =>
      env.BOT_ACCOUNT.getByName(id)
        .ensure()
        .catch((error: unknown) => log({ event: "account:failed", account: id, error: errorText(error) })),
    ),
  );
}
