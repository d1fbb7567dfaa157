import type { Config, Fault, Loaded } from "../config/types.ts";
import type { UsableAccount } from "./context.ts";

/**
 * What the configuration lets an account do: nothing, sends only (no gateway to answer with), or all.
 */
export type Readiness =
  | { send: false; link: false; reason: string; faults: readonly Fault[] }
  | {
      send: true;
      link: false;
      reason: string;
      faults: readonly Fault[];
      account: UsableAccount;
      config: Config;
    }
  | { send: true; link: true; account: UsableAccount; config: Config };

/** @param id normalised account id */
export function readinessOf(loaded: Loaded, id: string): Readiness {
  if (!loaded.ok) return nothing("the configuration has faults", loaded.faults);
  const { config } = loaded;
  if (!config.activation.on) return nothing(config.activation.reason);
  const account = config.accounts.get(id);
  if (account === undefined) return nothing(`there is no account "${id}"`);
  if (!account.enabled) return nothing(`account "${id}" is disabled`);
  if (account.faults.length > 0 || account.token === undefined)
    return nothing(`ClickClack is not configured for account "${id}"`, account.faults);
  const usable = { ...account, token: account.token };
  if (config.gateway === undefined) {
    const faults = config.faults.filter((fault) => fault.path.startsWith("gateway"));
    return {
      send: true,
      link: false,
      reason: "the gateway is not configured",
      faults,
      account: usable,
      config,
    };
  }
  return { send: true, link: true, account: usable, config };
}

function nothing(reason: string, faults: readonly Fault[] = []): Readiness {
  return { send: false, link: false, reason, faults };
}
