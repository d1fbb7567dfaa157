import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Secret } from "../src/config/secret.ts";
import { type Variables, variable } from "../src/config/variables.ts";
import type { Host } from "./host.ts";
import { Problem } from "./problem.ts";

/** Where the variables of a Worker on this machine stand. */
export const VARIABLES_FILE = ".dev.vars";

/** The variables that the document may name: those of the environment over those of `.dev.vars`. */
export async function readVariables({ cwd, env }: Pick<Host, "cwd" | "env">): Promise<Variables> {
  const file = await readFile(join(cwd, VARIABLES_FILE), "utf8").catch(() => "");
  return { ...parseEnv(file), ...env };
}

/**
 * @param name a variable that holds a secret
 * @throws {Problem} when it is not set
 */
export function requiredSecret(variables: Variables, name: string): Secret {
  const value = variable(variables, name);
  if (value !== undefined) return new Secret(value);
  throw new Problem(
    `${name} is not set: give the Worker's secret of that name in the environment or in ${VARIABLES_FILE}`,
  );
}
