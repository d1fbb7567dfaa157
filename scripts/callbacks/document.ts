import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { normalizeAccountId } from "../../src/config/account-ids.ts";
import { nextVariable, secretVariable } from "../../src/config/callbacks.ts";
import { checkDocument } from "../../src/config/check.ts";
import { interpolate } from "../../src/config/interpolate.ts";
import { configText, loadConfig } from "../../src/config/load.ts";
import { parseDocument } from "../../src/config/parse.ts";
import type { Account, CallbackKind, Config } from "../../src/config/types.ts";
import type { Variables } from "../../src/config/variables.ts";
import { Problem } from "./problem.ts";

const ROOT = new URL("../../", import.meta.url);

/** What the document says of one account. */
export interface Described {
  account: Account;
  access: Config["access"]["clickclack"];
  /**
   * The Worker secret of a kind, and the one that takes over from it.
   *
   * @throws {Problem} when the document has something else in its place
   */
  variables(kind: CallbackKind): { name: string; next: string };
}

/** The variables that the document may name: those of this process over those of `.dev.vars`. */
export async function readVariables(): Promise<Variables> {
  const file = await readFile(new URL(".dev.vars", ROOT), "utf8").catch(() => "");
  return { ...parseEnv(file), ...process.env };
}

/**
 * Reads the document that the Worker is deployed with.
 *
 * @param wanted the account's id; the default account without one
 * @throws {Problem}
 */
export async function readDocument(env: Variables, wanted: string | undefined): Promise<Described> {
  const text = configText(env, await readFile(new URL("openclaw.json5", ROOT), "utf8"));
  const loaded = loadConfig(text, env);
  if (!loaded.ok) {
    const [first, ...others] = loaded.faults.map(({ path, found, mend }) => `${path} is ${found}; ${mend}`);
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    throw new Problem(`the document cannot be used: ${first}${more}`);
  }
  const { accounts, defaultAccountId, access } = loaded.config;
  const id = wanted === undefined ? defaultAccountId : normalizeAccountId(wanted);
  const account = accounts.get(id);
  if (account === undefined)
    throw new Problem(
      `--account ${wanted}: there is no such account; use one of: ${[...accounts.keys()].join(", ")}`,
    );

  const { raw } = parseDocument(text);
  const { edge } = checkDocument(raw, interpolate(raw, env).value).document;
  return {
    account,
    access: access.clickclack,
    variables(kind) {
      const name = secretVariable(id, kind, edge?.accounts);
      if (name !== undefined) return { name, next: nextVariable(name) };
      throw new Problem(
        `edge.accounts.${id}.${kind}Secret of the document names no Worker secret, so there is none to put; remove it there`,
      );
    },
  };
}
