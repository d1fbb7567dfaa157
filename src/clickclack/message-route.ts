import * as z from "zod/mini";
import type { Remote } from "../remote/headers.ts";
import { ClickClackError, type ClickClackFailure } from "./errors.ts";
import { request } from "./request.ts";

const RouteAnswer = z.object({ route: z.object({ target_type: z.string(), target_id: z.string() }) });

/** "route not found", with 404, is said of a link's target and of a path of the API alike. */
const HIDDEN: readonly ClickClackFailure[] = ["forbidden", "wrong_workspace", "not_clickclack"];

/**
 * The message that a copied link leads to, which has ClickClack's public names in place of ids. Only root messages have such
 * links.
 *
 * @returns its id; undefined when the bot may not see it, or it is no message
 * @throws {ClickClackError} when ClickClack cannot say
 */
export async function messageAtRoute(
  remote: Remote,
  { workspaceRoute, route }: { workspaceRoute: string; route: string },
): Promise<string | undefined> {
  try {
    const path = `/api/routes/${workspaceRoute}/${route}`;
    const answer = await request(remote, { operation: "route", method: "GET", path, answer: RouteAnswer });
    return answer.route.target_type === "thread" ? answer.route.target_id : undefined;
  } catch (error) {
    if (error instanceof ClickClackError && HIDDEN.includes(error.failure)) return undefined;
    throw error;
  }
}
