import bundledConfig from "../../openclaw.json5";
import { configText, loadConfig } from "./load.ts";
import type { Loaded } from "./types.ts";

const known = new WeakMap<object, Loaded>();

/**
 * The configuration in force: `OPENCLAW_CONFIG`, else the bundled `openclaw.json5`. Parsed once per environment object,
 * since variables and secrets change only with a new version of the Worker.
 *
 * @param env the Worker's environment, whose strings the document may name
 */
export function configOf(env: object): Loaded {
  const before = known.get(env);
  if (before !== undefined) return before;
  const values = env as Readonly<Record<string, unknown>>;
  const loaded = loadConfig(configText(values, bundledConfig), values);
  known.set(env, loaded);
  return loaded;
}
