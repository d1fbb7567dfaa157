import { formatPath, type Path } from "./faults.ts";
import { namedVariable } from "./secrets.ts";
import { type Unset, type Variables, variable } from "./variables.ts";

/** A document with its variables filled in. */
export interface Interpolated {
  value: unknown;
  unset: Unset;
}

/** `${NAME}`, and `$${NAME}` for the literal text `${NAME}` (OpenClaw's rule for any string of its document). */
const REFERENCE = /\$(\$?)\{([A-Z_][A-Z0-9_]*)\}/g;

/** Where a text that is one whole reference stays as it is, for the secret's own reader to look up and check. */
const SECRET_KEYS: ReadonlySet<PropertyKey> = new Set([
  ...["token", "clientId", "clientSecret", "eventsSecret", "commandsSecret"],
]);

/**
 * Fills in `${NAME}` in every text of the document. A variable that is not set stays as written, as in OpenClaw, and is
 * reported. Keys are left alone, and so are secret references, whose names must never turn into a secret's value.
 *
 * @param raw the document as written; not changed
 * @param variables the Worker's environment
 */
export function interpolate(raw: unknown, variables: Variables): Interpolated {
  const unset = new Map<string, string>();

  const fill = (text: string, path: Path): string =>
    text.replace(REFERENCE, (reference: string, escaped: string, name: string) => {
      if (escaped) return reference.slice(1);
      const value = variable(variables, name);
      if (value === undefined) unset.set(formatPath(path), name);
      return value ?? reference;
    });

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") {
      const isWholeSecret = SECRET_KEYS.has(path.at(-1) ?? "") && namedVariable(value) !== undefined;
      return isWholeSecret ? value : fill(value, path);
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== "object" || value === null || isReference(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };

  return { value: walk(raw, []), unset };
}

function isReference(value: object): boolean {
  return Object.hasOwn(value, "source") && Object.hasOwn(value, "id");
}
