import { type Variables, variable } from "../../src/config/variables.ts";
import type { Host } from "../host.ts";
import { readVariables, VARIABLES_FILE } from "../variables.ts";
import { readWranglerVars, WRANGLER_FILE } from "./wrangler-vars.ts";

/** The variables that there are here. */
export interface Sources {
  variables: Variables;
  /** Where one of them stands. */
  placeOf(name: string): string;
}

/** Reads the environment, then `.dev.vars`, then what is deployed from wrangler.toml; the first that has a variable counts. */
export async function readSources(host: Pick<Host, "cwd" | "env">): Promise<Sources> {
  const own = await readVariables(host);
  const variables = { ...(await readWranglerVars(host.cwd)), ...own };
  const placeOf = (name: string) => {
    if (variable(host.env, name) !== undefined) return "environment";
    return variable(own, name) === undefined ? WRANGLER_FILE : VARIABLES_FILE;
  };
  return { variables, placeOf };
}
