import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { normalizeAccountId } from "../src/config/account-ids.ts";
import { configText, loadConfig } from "../src/config/load.ts";
import type { Account, Config, Fault, Loaded } from "../src/config/types.ts";
import type { Variables } from "../src/config/variables.ts";
import type { Host } from "./host.ts";
import { Problem } from "./problem.ts";

export const DOCUMENT_FILE = "openclaw.json5";

/** The document that the Worker is deployed with, as far as it can be read. */
export interface FoundDocument {
  /** Where it stands; undefined when `OPENCLAW_CONFIG` holds it. */
  path: string | undefined;
  text: string;
  loaded: Loaded;
}

/** The same, with what it says. */
export interface Document extends FoundDocument {
  config: Config;
}

/**
 * Reads the document whatever is wrong with it: the file that is given, else `OPENCLAW_CONFIG`, else `openclaw.json5`.
 *
 * @param given the value of `--config`, from where the tool was started
 * @throws {Problem} when there is no such file
 */
export async function findDocument(
  { cwd, here }: Pick<Host, "cwd" | "here">,
  variables: Variables,
  given?: string,
): Promise<FoundDocument> {
  if (given !== undefined) {
    const path = resolve(here, given);
    const text = await readText(path, `--config ${given}`);
    return { path, text, loaded: loadConfig(text, variables) };
  }
  const fromVariable = configText(variables, "");
  if (fromVariable !== "")
    return { path: undefined, text: fromVariable, loaded: loadConfig(fromVariable, variables) };
  const path = join(cwd, DOCUMENT_FILE);
  const text = await readText(path, DOCUMENT_FILE);
  return { path, text, loaded: loadConfig(text, variables) };
}

/**
 * Reads a document that can be used; single accounts may still have faults of their own.
 *
 * @param given as for {@link findDocument}
 * @throws {Problem} that names the first fault and its mend
 */
export async function readDocument(
  host: Pick<Host, "cwd" | "here">,
  variables: Variables,
  given?: string,
): Promise<Document> {
  const found = await findDocument(host, variables, given);
  const { loaded } = found;
  if (loaded.ok) return { ...found, config: loaded.config };
  const [first, ...others] = loaded.faults.map(faultText);
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new Problem(`the document cannot be used: ${first}${more}`);
}

/** One fault in a line. */
export function faultText({ path, found, mend }: Fault): string {
  return `${path} is ${found}; ${mend}`;
}

/**
 * @param wanted the value of `--account`; the default account without one
 * @throws {Problem} when there is no such account
 */
export function accountOf({ accounts, defaultAccountId }: Config, wanted: string | undefined): Account {
  const account = accounts.get(wanted === undefined ? defaultAccountId : normalizeAccountId(wanted));
  if (account !== undefined) return account;
  throw new Problem(
    `--account ${wanted}: there is no such account; use one of: ${[...accounts.keys()].join(", ")}`,
  );
}

async function readText(path: string, named: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new Problem(
      `${named}: there is no such file to read; make it with \`setup\`, or name another with --config`,
    );
  }
}
