import { readFile } from "node:fs/promises";
import { join } from "node:path";

export const WRANGLER_FILE = "wrangler.toml";

/** `NAME = "value"`; TOML escapes in double quotes as JSON does, and not at all in single ones. */
const LINE = /^\s*"?([A-Za-z_][A-Za-z0-9_]*)"?\s*=\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)')\s*(?:#.*)?$/;

/** The variables under `[vars]` in wrangler.toml, which are deployed with the Worker; texts on one line alone. */
export async function readWranglerVars(folder: string): Promise<Record<string, string>> {
  const text = await readFile(join(folder, WRANGLER_FILE), "utf8").catch(() => "");
  const vars: Record<string, string> = {};
  let isWithin = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*\[/.test(line)) isWithin = /^\s*\[\s*vars\s*\]/.test(line);
    const [, name, quoted, literal] = (isWithin && LINE.exec(line)) || [];
    if (name !== undefined) vars[name] = quoted === undefined ? (literal ?? "") : unquoted(quoted);
  }
  return vars;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    // An escape that only TOML has.
    return text.slice(1, -1);
  }
}
