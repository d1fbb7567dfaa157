import type { IncomingMessage } from "node:http";
import { ApiError } from "../errors.ts";
import { type Answer, json, refusal } from "../pipeline/answer.ts";
import { readBody } from "../pipeline/body.ts";
import { targetOf } from "../pipeline/target.ts";
import type { World } from "../world.ts";

/** A request to the control API. */
export interface ControlCall {
  readonly world: World;
  readonly id: string | undefined;
  readonly query: URLSearchParams;
  /** The JSON body; `{}` if there is none. Unlike ClickClack's it is for tests, and is checked only where it hurts. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A switch of the control API, under `/sandbox`. */
export type ControlRoute = readonly [
  method: string,
  path: string,
  handle: (call: ControlCall) => object | Promise<object>,
];

/** Returns the way of the requests under `/sandbox`. They ask for no credentials: the stand-in listens on loopback only. */
export function controlApi(
  world: World,
  routes: readonly ControlRoute[],
): (request: IncomingMessage) => Promise<Answer> {
  return async (request) => {
    const target = targetOf(request);
    const [path = "", id] = target.path.replace(/^\/sandbox\//, "").split(/\/(?=fault_)/);
    const found = routes.find(([method, name]) => method === target.method && name === path);
    try {
      if (found === undefined)
        throw new ApiError(404, `the control API has no ${target.method} /sandbox/${path}`);
      const body = request.method === "POST" ? parse(await readBody(request)) : {};
      return json(200, await found[2]({ world, id, query: target.query, body }));
    } catch (error) {
      return refusal(error);
    }
  };
}

/** Returns a text member of a body. */
export function textOf(body: ControlCall["body"], name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw new ApiError(400, `${name} is required`);
  return value;
}

/** Returns a number member of a body. */
export function numberOf(body: ControlCall["body"], name: string): number {
  const value = body[name];
  if (typeof value !== "number") throw new ApiError(400, `${name} must be a number`);
  return value;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return text === "" ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  } catch (error) {
    throw new ApiError(400, String(error));
  }
}
