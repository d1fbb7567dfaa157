import type { SecretSettings } from "./document.ts";
import type { SecretInput } from "./schema-parts.ts";
import { Secret } from "./secret.ts";
import type { Fault } from "./types.ts";
import { type Unset, unsetFaults, type Variables, variable } from "./variables.ts";

/** What became of a secret that the document may name. */
export type SecretState =
  | { state: "available"; secret: Secret }
  /** Nothing is configured. */
  | { state: "missing" }
  /** Something is configured that gives no secret. */
  | { state: "unavailable"; fault: Fault };

type SecretReference = Exclude<SecretInput, string>;

/** Where secrets come from. */
export interface Vault {
  /** The Worker's environment. */
  variables: Variables;
  /** Variables that the document names and that are not set, by path. */
  unset: Unset;
  /** The rules of the document's `secrets` section. */
  settings: SecretSettings | undefined;
}

/** Why a source of OpenClaw's has nothing to give in a Worker. */
const NO_SUCH_SOURCE = {
  file: "a reference to a file, and a Worker has no files",
  exec: "a reference to a command, and a Worker cannot run one",
  store: "a reference to OpenClaw's secret store, which a Worker cannot reach",
};

/** `${NAME}` or `$NAME` as the whole text. */
const NAMED = /^\$(?:\{([A-Z][A-Z0-9_]{0,127})\}|([A-Z][A-Z0-9_]{0,127}))$/;

/** @returns the variable that a secret's text stands for as a whole, in OpenClaw's short form of a reference */
export function namedVariable(text: string): string | undefined {
  const match = NAMED.exec(text.trim());
  return match?.[1] ?? match?.[2];
}

/**
 * Resolves a secret by OpenClaw's rules, as far as a Worker has its sources. A fault may name variables and providers, and
 * never quotes a value.
 *
 * @param input what the document says
 * @param path where it says so
 * @param usualName the Worker secret to recommend when the configured source cannot exist here
 * @param vault where secrets come from
 */
export function readSecret(
  input: SecretInput | undefined,
  path: string,
  usualName: string,
  vault: Vault,
): SecretState {
  if (input === undefined) return { state: "missing" };
  if (typeof input !== "string") {
    if (input.source === "env") return readEnv(input, path, vault);
    return unavailable(path, NO_SUCH_SOURCE[input.source], referTo(usualName));
  }
  const id = namedVariable(input);
  if (id !== undefined) return readEnv({ provider: defaultProvider(vault), id }, path, vault);
  const [fault] = unsetFaults(path, vault.unset);
  if (fault !== undefined) return { state: "unavailable", fault };
  const value = input.trim();
  return value === "" ? { state: "missing" } : secretState(value, path);
}

/**
 * A secret's value as it is going to be used: in a header. One that a header cannot carry is refused here, because the
 * runtime would print the whole header in its complaint.
 */
export function secretState(value: string, path: string): SecretState {
  if (/^[\x21-\x7e]+$/.test(value)) return { state: "available", secret: new Secret(value) };
  return unavailable(
    path,
    "a secret with spaces or other than ASCII characters",
    "set it anew, without them",
  );
}

/** How to set a secret: `use { source: "env", … } and run wrangler secret put NAME`. */
export function referTo(name: string): string {
  return `use { source: "env", provider: "default", id: "${name}" } and run wrangler secret put ${name}`;
}

function readEnv(
  { provider, id }: Pick<SecretReference, "provider" | "id">,
  path: string,
  vault: Vault,
): SecretState {
  const settings = ownEntry(vault.settings?.providers, provider);
  const place = `secrets.providers.${provider}`;
  if (settings === undefined && provider !== defaultProvider(vault)) {
    const found = `Secret provider "${provider}" is not configured (ref: env:${provider}:${id})`;
    return unavailable(path, found, `add ${place} with source "env", or use "${defaultProvider(vault)}"`);
  }
  if (settings !== undefined && settings.source !== "env") {
    const found = `Secret provider "${provider}" has source "${settings.source}" but ref requests "env"`;
    return unavailable(path, found, `set ${place}.source to "env": a Worker has no other`);
  }
  if (settings?.allowlist !== undefined && !settings.allowlist.includes(id)) {
    const found = `Environment variable "${id}" is not allowlisted in ${place}.allowlist`;
    return unavailable(path, found, `add "${id}" to ${place}.allowlist`);
  }
  const value = variable(vault.variables, id);
  if (value !== undefined) return secretState(value, path);
  return unavailable(path, `Worker secret ${id}, which is not set`, `run wrangler secret put ${id}`);
}

/** The provider that works without an entry of its own. */
function defaultProvider(vault: Vault): string {
  return vault.settings?.defaults?.env?.trim() || "default";
}

function unavailable(path: string, found: string, mend: string): SecretState {
  return { state: "unavailable", fault: { path, found, mend } };
}

function ownEntry<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
