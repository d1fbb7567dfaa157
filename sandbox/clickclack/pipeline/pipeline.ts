import type { IncomingMessage } from "node:http";
import { ApiError } from "../errors.ts";
import { workspacesOf } from "../store/workspaces.ts";
import type { World } from "../world.ts";
import type { Answer } from "./answer.ts";
import { type Actor, identify } from "./auth.ts";
import { whileConnected } from "./caller.ts";
import { correlationIdOf } from "./correlation.ts";
import { dispatcher } from "./dispatch.ts";
import { type Outcome, underFault } from "./faults.ts";
import { newLoggedRequest } from "./request-log.ts";
import type { AnyRoute } from "./route.ts";
import { targetOf } from "./target.ts";

/**
 * Returns the way of every request: correlation id, caller, log, fault, then the endpoint.
 *
 * @param fallback answers what is no endpoint and not under `/api`
 */
export function pipeline(
  world: World,
  routes: readonly AnyRoute[],
  fallback: (path: string) => Promise<Answer>,
): (request: IncomingMessage) => Promise<Outcome> {
  const dispatch = dispatcher(world, routes, fallback);
  return async (request) => {
    const target = targetOf(request);
    const correlationId = correlationIdOf(request);
    const caller = callerOf(world, request);
    const actor = caller instanceof ApiError ? undefined : caller;
    const userId = actor?.user.id ?? "";
    const entry = world.log.add(newLoggedRequest(request, target, userId));
    const fault = world.faults.take({ ...target, userId, workspaceIds: workspaceIdsOf(world, actor) });
    if (fault !== undefined) entry.fault = fault.kind;

    const outcome = await underFault(fault, async () => {
      const answer = await whileConnected(request, (signal) =>
        dispatch({ request, target, correlationId, caller, entry, signal }),
      );
      return withCommonHeaders(answer, target.path, correlationId);
    });
    if (outcome.kind === "answer") entry.status = outcome.answer.status;
    return outcome;
  };
}

/** Returns who calls, or why that cannot be told; whether it matters is for the endpoint to say. */
function callerOf(world: World, request: IncomingMessage): Actor | ApiError {
  try {
    const actor = identify(world.store, request);
    if (actor.token !== undefined) actor.token.last_used_at = world.store.now();
    return actor;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function workspaceIdsOf(world: World, actor: Actor | undefined): string[] {
  if (actor === undefined) return [];
  if (actor.token !== undefined) return [actor.token.workspace_id];
  return workspacesOf(world.store, actor.user.id).map(({ workspace }) => workspace.id);
}

function withCommonHeaders(answer: Answer, path: string, correlationId: string): Answer {
  const vary = path.startsWith("/api") ? { Vary: "Origin" } : {};
  return { ...answer, headers: { ...answer.headers, ...vary, "X-Correlation-Id": correlationId } };
}
