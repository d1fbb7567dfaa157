import { normalizeAccountId, tokenVariable } from "../../src/config/account-ids.ts";
import { Secret } from "../../src/config/secret.ts";
import { namedVariable } from "../../src/config/secrets.ts";
import { Problem } from "../problem.ts";
import { accountKeys, CHANNEL } from "./account-place.ts";
import type { Draft } from "./draft.ts";
import type { Wanted } from "./wanted.ts";

/**
 * Makes the document name the secret with the account's token, and takes the token itself out of the document.
 *
 * @param home where the account's own settings stand
 */
export function setToken(draft: Draft, home: readonly string[], wanted: Wanted): void {
  const path = [...home, "token"];
  const place = path.join(".");
  const written = draft.get(path);
  const named = variableIn(written);
  const name = named ?? tokenVariable(wanted.accountId);
  const plain = named === undefined && typeof written === "string" ? written.trim() : "";
  const token = wanted.token ?? (plain === "" ? undefined : new Secret(plain));
  if (token === undefined) return;

  const rival = rivalOf(draft, home, name);
  if (rival !== undefined)
    throw new Problem(
      `--account ${wanted.accountId}: its token would go into ${name}, which account ${rival} uses; choose another account id`,
    );
  draft.secrets.set(name, token);
  if (named === undefined) refer(draft, path, name);
  allow(draft, name);
  if (plain !== "")
    draft.note(`${place} held the token itself; it is in ${name} now. Who has seen the file has seen it`);
  if (draft.document.remove([...home, "tokenFile"]))
    draft.note(`${[...home, "tokenFile"].join(".")} is gone: a Worker has no files`);
}

/** Writes a reference to a Worker secret. */
export function refer(draft: Draft, path: readonly string[], name: string): void {
  draft.document.set(path, { source: "env", provider: defaultProvider(draft), id: name });
}

/** @returns the Worker secret that a setting of the document names, in any form */
export function variableIn(written: unknown): string | undefined {
  if (typeof written === "string") return namedVariable(written);
  const reference = (written ?? {}) as { source?: unknown; id?: unknown };
  return reference.source === "env" && typeof reference.id === "string" ? reference.id : undefined;
}

/** A provider that gives out some secrets only has to give out this one. */
export function allow(draft: Draft, name: string): void {
  const path = ["secrets", "providers", defaultProvider(draft), "allowlist"];
  const list = draft.get(path);
  if (!Array.isArray(list) || list.includes(name)) return;
  draft.document.append(path, name);
  draft.note(`${path.join(".")} now lists ${name}`);
}

function defaultProvider(draft: Draft): string {
  const named = draft.get(["secrets", "defaults", "env"]);
  return typeof named === "string" && named.trim() !== "" ? named.trim() : "default";
}

/** Another account that keeps its token in the same secret. */
function rivalOf(draft: Draft, home: readonly string[], name: string): string | undefined {
  return accountKeys(draft)
    .filter((key) => home.length === CHANNEL.length || home.at(-1) !== key)
    .filter((key) => variableIn(draft.get([...CHANNEL, "accounts", key, "token"])) === name)
    .map(normalizeAccountId)[0];
}
