import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "./account-ids.ts";
import type { EdgeAccountSettings, EdgeSettings } from "./edge-schema.ts";
import { formatPath } from "./faults.ts";
import type { SecretInput } from "./schema-parts.ts";
import { Secret } from "./secret.ts";
import { namedVariable, readSecret, secretState, type Vault } from "./secrets.ts";
import type { CallbackKind, CallbackPolicy, Fault, Inbound, SigningSecrets } from "./types.ts";
import { variable } from "./variables.ts";

const ACKNOWLEDGEMENT_DEFAULT = "Asked. The answer will stand here in a moment.";

/**
 * The Worker secret that callbacks are checked with when the document names no other.
 *
 * @param accountId normalised account id
 */
export function callbackVariable(accountId: string, kind: CallbackKind): string {
  const owner = accountId === DEFAULT_ACCOUNT_ID ? "" : `_${accountId.toUpperCase().replaceAll("-", "_")}`;
  return `CLICKCLACK${owner}_${kind.toUpperCase()}_SECRET`;
}

/** The Worker secret that takes over from another one in a rotation: setting it changes nothing in the document. */
export function nextVariable(name: string): string {
  return `${name}_NEXT`;
}

/**
 * The Worker secret that an account's secrets of a kind are read from.
 *
 * @param id normalised account id
 * @param settings `edge.accounts`
 * @returns undefined when the document has something else in its place, such as the secret itself
 */
export function secretVariable(
  id: string,
  kind: CallbackKind,
  settings: EdgeSettings["accounts"],
): string | undefined {
  const written = entryOf(id, settings)[1][`${kind}Secret`];
  return written === undefined ? callbackVariable(id, kind) : nameOf(written);
}

/**
 * Reads how an account takes callbacks.
 *
 * @param id normalised account id
 * @param settings `edge.accounts`
 * @param vault where secrets come from
 */
export function readCallbacks(
  id: string,
  settings: EdgeSettings["accounts"],
  vault: Vault,
): { inbound: Inbound; callbacks: CallbackPolicy } {
  const [key, own] = entryOf(id, settings);
  const inbound = own.inbound ?? "realtime";
  const faults: Fault[] = [];
  const read = (kind: CallbackKind, isNeeded: boolean): SigningSecrets => {
    const setting = `${kind}Secret` as const;
    const path = formatPath(["edge", "accounts", key, setting]);
    const usualName = callbackVariable(id, kind);
    const written = readSecret(own[setting], path, usualName, vault);
    const usual = written.state === "missing" ? variable(vault.variables, usualName) : undefined;
    const found = usual === undefined ? written : secretState(usual, path);
    if (found.state === "unavailable") faults.push(found.fault);
    const current = found.state === "available" ? secretsIn(found.secret.reveal()) : [];
    // What is configured and gives nothing has nothing that takes over from it either.
    const name = written.state === "missing" ? usualName : nameOf(own[setting]);
    const next = name === undefined ? [] : secretsIn(variable(vault.variables, nextVariable(name)));
    if (isNeeded && found.state !== "unavailable" && current.length + next.length === 0) {
      const mend = `subscribe to events (docs/callbacks.md) and run wrangler secret put ${usualName}`;
      faults.push({ path, found: `no ${usualName}, so that no callback is taken`, mend });
    }
    return { current, next };
  };
  return {
    inbound,
    callbacks: {
      events: read("events", inbound !== "realtime"),
      commands: read("commands", false),
      faults,
      acknowledgement: own.acknowledgement?.trim() || ACKNOWLEDGEMENT_DEFAULT,
    },
  };
}

/** What `edge.accounts` says of accounts that are not there, or says twice. */
export function edgeAccountFaults(settings: EdgeSettings["accounts"], ids: readonly string[]): Fault[] {
  const keys = Object.keys(settings ?? {});
  return keys.flatMap((key, index) => {
    const id = normalizeAccountId(key);
    const path = formatPath(["edge", "accounts", key]);
    const rival = keys.slice(0, index).find((before) => normalizeAccountId(before) === id);
    if (rival !== undefined)
      return [{ path, found: `the same account id, "${id}", as ${rival}`, mend: "remove one of the two" }];
    if (ids.includes(id)) return [];
    return [{ path, found: "an account that is not there", mend: `use one of: ${ids.join(", ")}` }];
  });
}

function entryOf(id: string, settings: EdgeSettings["accounts"] = {}): [key: string, EdgeAccountSettings] {
  return Object.entries(settings).find(([key]) => normalizeAccountId(key) === id) ?? [id, {}];
}

/** The variable that a secret's setting names, if it names one. */
function nameOf(input: SecretInput | undefined): string | undefined {
  if (typeof input === "string") return namedVariable(input);
  return input?.source === "env" ? input.id : undefined;
}

/** Every subscription and command has a secret of its own; commas stand between several. */
function secretsIn(text = ""): Secret[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => new Secret(part));
}
