import { type Variables, variable } from "../../src/config/variables.ts";
import type { Host } from "../host.ts";
import { readVariables, VARIABLES_FILE } from "../variables.ts";
import { readWranglerVars, WRANGLER_FILE } from "../wrangler-vars.ts";

/** The variables that there are here. */
export interface Sources {
  variables: Variables;
  /** Where one of them stands. */
  placeOf(name: string): string;
}

/** @see {@link readVariables} */
export async function readSources(host: Pick<Host, "cwd" | "env">): Promise<Sources> {
  const variables = await readVariables(host);
  const deployed = await readWranglerVars(host.cwd);
  const placeOf = (name: string) => {
    if (variable(host.env, name) !== undefined) return "environment";
    return variable(deployed, name) === variable(variables, name) ? WRANGLER_FILE : VARIABLES_FILE;
  };
  return { variables, placeOf };
}
