/** What is known when a prefix is written out. */
export interface PrefixFacts {
  /** The agent's `identity.name`. */
  identityName?: string | undefined;
  /** The model that answers: `provider/model`, or a bare id of which the provider is not known. */
  model?: string | undefined;
}

const VARIABLE = /\{([a-z][a-z0-9.]*)\}/gi;

/**
 * Writes out a `responsePrefix` as OpenClaw does: `auto` is the agent's name in brackets, and `{model}` (without provider,
 * date and `-latest`), `{modelFull}`, `{provider}` and `{identity.name}` are filled in, in upper or lower case. What is not
 * known stays as it is written, as `{thinkingLevel}` always does here: the completions endpoint does not tell it.
 *
 * @param template as configured
 * @returns undefined for none: blank text, or `auto` for an agent without a name
 */
export function resolvePrefix(template: string, known: PrefixFacts): string | undefined {
  const text = template.trim();
  const name = known.identityName?.trim() || undefined;
  if (text === "auto") return name === undefined ? undefined : `[${name}]`;
  const values = new Map([...modelVariables(known.model), ["identity.name", name], ["identityname", name]]);
  const filled = text.replace(VARIABLE, (written, key: string) => values.get(key.toLowerCase()) ?? written);
  return filled === "" ? undefined : filled;
}

function modelVariables(model = ""): [string, string][] {
  if (model === "") return [];
  const id = model.slice(model.lastIndexOf("/") + 1);
  const short: [string, string] = ["model", id.replace(/-\d{8}$/, "").replace(/-latest$/, "")];
  const [provider = "", ...rest] = model.split("/");
  return rest.length === 0 ? [short] : [short, ["modelfull", model], ["provider", provider]];
}

/**
 * Puts an account's `responsePrefix` before an answer: with one space, unless the answer starts with it already.
 *
 * @param prefix undefined or empty for none
 */
export function withPrefix(prefix: string | undefined, text: string): string {
  return prefix === undefined || prefix === "" || text.startsWith(prefix) ? text : `${prefix} ${text}`;
}
