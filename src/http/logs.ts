import { Hono } from "hono";
import { namedAccount, usableAccount } from "./account.ts";
import type { AppEnv } from "./app-env.ts";
import { requireApiToken } from "./auth.ts";

/** An account's log as it is written. Its lines hold what its messages' stories hold, so that the same token opens both. */
export const logs = new Hono<AppEnv>().get(
  "/v1/accounts/:id/log",
  requireApiToken,
  namedAccount,
  usableAccount,
  async (c) => {
    const lines = await c.var.account.stub.log(c.req.header("last-event-id"));
    const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
    return new Response(lines, { headers });
  },
);
