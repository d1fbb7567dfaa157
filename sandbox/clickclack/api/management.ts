import { ApiError } from "../errors.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";

const PEOPLE_ONLY: readonly (readonly [method: string, path: string, refusal: string])[] = [
  ["GET", "/api/me/bots", "bot tokens cannot list owned bots"],
  ["PATCH", "/api/workspaces/:workspace_id", "bot tokens cannot update workspaces"],
  ["DELETE", "/api/workspaces/:workspace_id", "bot tokens cannot delete workspaces"],
  [
    "POST",
    "/api/workspaces/:workspace_id/transfer-ownership",
    "bot tokens cannot transfer workspace ownership",
  ],
  ["DELETE", "/api/dms/:conversation_id", "bot tokens cannot close direct conversations"],
  ["POST", "/api/dms/:conversation_id/open", "bot tokens cannot reopen direct conversations"],
];

/** Management that is for people: bots are refused as ClickClack refuses them, and people are told that it is missing here. */
export const managementRoutes: readonly AnyRoute[] = PEOPLE_ONLY.map(([method, path, refuseBots]) =>
  route({
    method,
    path,
    refuseBots,
    handle: () => {
      throw new ApiError(501, "the stand-in does not have this");
    },
  }),
);
