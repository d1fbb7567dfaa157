import type { ControlRoute } from "./router.ts";

/** Shows the requests that came to the API, in their order. */
export const requestRoutes: readonly ControlRoute[] = [
  [
    "GET",
    "requests",
    ({ world, query }) => ({
      requests: world.log.find({
        userId: query.get("user_id") ?? undefined,
        method: query.get("method") ?? undefined,
        path: query.get("path") ?? undefined,
      }),
    }),
  ],
];
