import type { IncomingMessage } from "node:http";
import { ApiError, forbidden } from "../errors.ts";
import type { World } from "../world.ts";
import { type Answer, empty, json, refusal } from "./answer.ts";
import { type Actor, requireScope } from "./auth.ts";
import { readBody } from "./body.ts";
import { decodeBody } from "./decode.ts";
import { formValues } from "./form.ts";
import { type Json, readSingleValue } from "./go-json.ts";
import { type LoggedRequest, logBody } from "./request-log.ts";
import type { AnyRoute, Route } from "./route.ts";
import { router } from "./router.ts";
import type { Target } from "./target.ts";

/** A request that has come through to its endpoint. */
export interface Arrived {
  readonly request: IncomingMessage;
  readonly target: Target;
  readonly correlationId: string;
  readonly caller: Actor | ApiError;
  readonly entry: LoggedRequest;
  /** Fires when the caller's connection ends. */
  readonly signal: AbortSignal;
}

/** Returns a function that finds a request's endpoint, makes its checks in ClickClack's order and runs it. */
export function dispatcher(
  world: World,
  routes: readonly AnyRoute[],
  fallback: (path: string) => Promise<Answer>,
): (arrived: Arrived) => Promise<Answer> {
  const find = router(routes);
  return async (arrived) => {
    const { method, path } = arrived.target;
    const match = find(method, path);
    if (match.kind === "route") return runRoute(world, arrived, match.route, match.params);
    if (match.kind === "method_not_allowed") return empty(405, { Allow: match.allowed });
    if (path === "/api" || path.startsWith("/api/")) return json(404, { error: "route not found" });
    return method === "GET" ? fallback(path) : empty(405, { Allow: ["GET"] });
  };
}

async function runRoute(
  world: World,
  arrived: Arrived,
  route: AnyRoute,
  params: Readonly<Record<string, string>>,
): Promise<Answer> {
  const answer = await runChecked(world, arrived, route, params).catch(refusal);
  const headers = "isPublic" in route ? undefined : route.headers;
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

async function runChecked(
  world: World,
  arrived: Arrived,
  route: AnyRoute,
  params: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { request, target, correlationId, caller, signal } = arrived;
  if ("isPublic" in route) {
    return route.handle({
      world,
      request,
      body: async (shape) => decodeBody(await readLogged(arrived), shape),
    });
  }
  if (caller instanceof ApiError) throw caller;
  if (route.bodyBeforeScope !== true) checkToken(caller, route);
  const read = route.encoding === "form" ? readForm : readLogged;
  const body = route.body === undefined ? {} : decodeBody(await read(arrived), route.body);
  if (route.bodyBeforeScope === true) checkToken(caller, route);
  const { query } = target;
  return route.handle({ world, actor: caller, params, query, body, correlationId, request, signal });
}

/** The 403s that depend on nothing but the token and the endpoint. */
function checkToken(actor: Actor, route: Route): void {
  if (actor.token !== undefined && route.refuseBots !== undefined) throw forbidden(route.refuseBots);
  if (actor.token === undefined && route.refusePeople !== undefined) throw forbidden(route.refusePeople);
  if (route.scope !== undefined) requireScope(actor, route.scope);
}

/** Reads a form, and keeps it in the log. */
async function readForm({ request, target, entry }: Arrived): Promise<Json> {
  const text = await readBody(request);
  const values = formValues(request.headers["content-type"] ?? "", text, target.query);
  logBody(entry, values, text.length);
  return values;
}

/** Reads the body, and keeps it in the log even if it turns out to be no JSON. */
async function readLogged({ request, entry }: Arrived): Promise<Json> {
  const text = await readBody(request);
  logBody(entry, text, text.length);
  const value = readSingleValue(text);
  logBody(entry, value, text.length);
  return value;
}
