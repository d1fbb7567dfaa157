import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";
import { countWrongToken, unheardFor } from "./attempts.ts";
import { problem } from "./problem.ts";

/** Sends and status. */
export const requireApiToken = requireToken("EDGE_API_TOKEN");
/** What changes something on an operator's word. */
export const requireAdminToken = requireToken("EDGE_ADMIN_TOKEN");

/** Lets a request pass that bears a secret. While that secret is not set nobody passes: closed by default. */
function requireToken(name: "EDGE_API_TOKEN" | "EDGE_ADMIN_TOKEN") {
  return createMiddleware<AppEnv>(async (c, next) => {
    const expected = c.env[name];
    if (!expected)
      return problem(c, {
        code: "unauthorized",
        detail: `${name} is not set, so this route refuses everyone: wrangler secret put ${name}`,
      });
    const isAdmin = name === "EDGE_ADMIN_TOKEN";
    const retryAfterMs = isAdmin ? unheardFor(c) : 0;
    if (retryAfterMs > 0)
      return problem(c, { code: "too_many_attempts", detail: "too many wrong tokens; wait", retryAfterMs });
    const given = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (given !== undefined && (await equal(given, expected))) return next();
    if (given !== undefined && isAdmin) await countWrongToken(c);
    return problem(c, { code: "unauthorized", detail: `send Authorization: Bearer with the ${name}` });
  });
}

/** Compares secrets in constant time; hashed first, because the comparison itself throws on unequal lengths. */
export async function equal(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(left, right);
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
