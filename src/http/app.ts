import { Hono } from "hono/tiny";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import { accounts } from "./accounts.ts";
import type { AppEnv } from "./app-env.ts";
import { callbacks } from "./callbacks.ts";
import { health } from "./health.ts";
import { logs } from "./logs.ts";
import { messages } from "./messages.ts";
import { metrics } from "./metrics.ts";
import { operations } from "./operations.ts";
import { page } from "./page/page.ts";
import { problem } from "./problem.ts";

/** The edge functions: every route, and an answer for what is none. */
export function createApp(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .route("/", health)
    .route("/", callbacks)
    .route("/", messages)
    .route("/", accounts)
    .route("/", operations)
    .route("/", logs)
    .route("/", metrics)
    .route("/", page)
    .notFound((c) => problem(c, { code: "not_found", detail: `there is no ${c.req.method} ${c.req.path}` }))
    .onError((error, c) => {
      log({ event: "http:failed", path: c.req.path, error: errorText(error) });
      return problem(c, { code: "internal", detail: "something went wrong here; the log has it" });
    });
}
