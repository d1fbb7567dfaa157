import { isWithin } from "./faults.ts";
import type { Fault } from "./types.ts";

/** The Worker's environment: strings are variables and secrets, anything else is a binding. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * @param variables the Worker's environment
 * @param name a variable or secret
 * @returns its value without surrounding space; undefined when it is unset, blank or a binding
 */
export function variable(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return typeof value === "string" ? value.trim() || undefined : undefined;
}

/** Variables that the document names as `${NAME}` and that are not set, by the path of the text that names them. */
export type Unset = ReadonlyMap<string, string>;

/**
 * @param place a formatted path
 * @param unset the document's variables that are not set
 * @returns a fault for every text at the place, or within it, that names one of them
 */
export function unsetFaults(place: string, unset: Unset): Fault[] {
  return [...unset]
    .filter(([path]) => isWithin(path, place))
    .map(([path, name]) => ({
      path,
      found: `\${${name}}, which is not set`,
      mend: `run wrangler secret put ${name}, or set ${name} under [vars] in wrangler.toml`,
    }));
}
