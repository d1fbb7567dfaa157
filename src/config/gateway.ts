import type { Document } from "./document.ts";
import type { SecretInput } from "./schema-parts.ts";
import type { Secret } from "./secret.ts";
import { readSecret, secretState, type Vault } from "./secrets.ts";
import type { Fault, Gateway } from "./types.ts";
import { readBaseUrl } from "./url.ts";
import { unsetFaults, variable } from "./variables.ts";

const URL_PATH = "gateway.remote.url";
const URL_VARIABLE = "OPENCLAW_GATEWAY_URL";
const TOKEN_PATH = "gateway.remote.token";
const TOKEN_VARIABLE = "OPENCLAW_GATEWAY_TOKEN";

/** The OpenClaw gateway; absent when it has faults. */
export interface GatewayRead {
  gateway?: Gateway;
  faults: readonly Fault[];
}

/**
 * Reads `gateway.remote`, and for what it leaves unset `OPENCLAW_GATEWAY_URL` and `OPENCLAW_GATEWAY_TOKEN`.
 *
 * @param remote `gateway.remote`
 * @param vault where secrets come from
 */
export function readGateway(remote: NonNullable<Document["gateway"]>["remote"], vault: Vault): GatewayRead {
  const faults: Fault[] = [];
  const url = readUrl(remote?.url, vault, faults);
  const token = readToken(remote?.token, vault, faults);
  return url !== undefined && token !== undefined ? { gateway: { url, token }, faults } : { faults };
}

function readUrl(configured: string | undefined, vault: Vault, faults: Fault[]): string | undefined {
  const [unset] = unsetFaults(URL_PATH, vault.unset);
  const text = configured?.trim() || variable(vault.variables, URL_VARIABLE);
  if (unset !== undefined) {
    faults.push(unset);
  } else if (text === undefined) {
    const mend = `set it to the gateway's address, or set ${URL_VARIABLE} under [vars] in wrangler.toml`;
    faults.push({ path: URL_PATH, found: "not set", mend });
  } else {
    const read = readBaseUrl(text, { socket: true });
    if ("url" in read) return read.url;
    faults.push({ path: URL_PATH, ...read });
  }
}

function readToken(configured: SecretInput | undefined, vault: Vault, faults: Fault[]): Secret | undefined {
  const written = readSecret(configured, TOKEN_PATH, TOKEN_VARIABLE, vault);
  const fallback = variable(vault.variables, TOKEN_VARIABLE);
  const read =
    written.state === "missing" && fallback !== undefined ? secretState(fallback, TOKEN_PATH) : written;
  if (read.state === "available") return read.secret;
  const missing = { path: TOKEN_PATH, found: "not set", mend: `run wrangler secret put ${TOKEN_VARIABLE}` };
  faults.push(read.state === "missing" ? missing : read.fault);
}
