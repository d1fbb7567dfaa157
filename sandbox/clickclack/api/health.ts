import { json } from "../pipeline/answer.ts";
import { type AnyRoute, publicRoute } from "../pipeline/route.ts";

/** Whether the server lives and can work; both are true for as long as it answers. */
export const healthRoutes: readonly AnyRoute[] = [
  publicRoute({ method: "GET", path: "/healthz", handle: () => json(200, { status: "ok" }) }),
  publicRoute({ method: "GET", path: "/readyz", handle: () => json(200, { status: "ready" }) }),
];
