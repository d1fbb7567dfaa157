import type { AccessSettings } from "./edge-schema.ts";
import { readSecret, referTo, type Vault } from "./secrets.ts";
import type { AccessToken, Fault } from "./types.ts";

/** A Cloudflare Access service token; absent when none is configured, or it has faults. */
export interface AccessRead {
  token?: AccessToken;
  faults: readonly Fault[];
}

/**
 * @param remote which remote the token opens
 * @param settings `edge.access.<remote>`
 * @param vault where secrets come from
 */
export function readAccess(
  remote: "clickclack" | "gateway",
  settings: AccessSettings | undefined,
  vault: Vault,
): AccessRead {
  if (settings === undefined) return { faults: [] };
  const faults: Fault[] = [];

  const half = (key: "clientId" | "clientSecret", suffix: string) => {
    const path = `edge.access.${remote}.${key}`;
    const usualName = `${remote.toUpperCase()}_ACCESS_${suffix}`;
    const read = readSecret(settings[key], path, usualName, vault);
    if (read.state === "available") return read.secret;
    const missing = { path, found: "not set", mend: referTo(usualName) };
    faults.push(read.state === "missing" ? missing : read.fault);
  };
  const clientId = half("clientId", "CLIENT_ID");
  const clientSecret = half("clientSecret", "CLIENT_SECRET");

  return clientId && clientSecret ? { token: { clientId, clientSecret }, faults } : { faults };
}
