import type { Env } from "../env.ts";

/** Hono's environment: the Worker's bindings. */
export interface AppEnv {
  Bindings: Env;
}
