import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";
import { problem } from "./problem.ts";

/**
 * Lets a request pass that bears `EDGE_API_TOKEN`. Without that secret nobody passes: closed by default.
 */
export const requireApiToken = createMiddleware<AppEnv>(async (c, next) => {
  const expected = c.env.EDGE_API_TOKEN;
  if (!expected)
    return problem(c, {
      code: "unauthorized",
      detail: "EDGE_API_TOKEN is not set, so this route refuses everyone: wrangler secret put EDGE_API_TOKEN",
    });
  const given = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (given !== undefined && (await equal(given, expected))) return next();
  return problem(c, { code: "unauthorized", detail: "send Authorization: Bearer with the EDGE_API_TOKEN" });
});

/** Compares in constant time; hashed first, because the comparison itself throws on unequal lengths. */
async function equal(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(left, right);
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
