import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readBody } from "./body.ts";
import { FAULT_NAMES } from "./faults.ts";
import { Gateway } from "./gateway.ts";
import { REQUEST_STATES } from "./request-log.ts";
import { notFound, Refusal, send } from "./respond.ts";

/** Longest wait of `GET /sandbox/requests?atLeast=`: a test that expects more than that has gone wrong. */
const MAX_WAIT_MS = 10_000;

const match = z.strictObject({
  text: z.string().optional(),
  agent: z.string().optional(),
  session: z.string().toLowerCase().optional(),
});

const schemas = {
  gateways: z.strictObject({
    token: z.string().min(1).optional(),
    agents: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/))
      .min(1)
      .optional(),
    models: z.array(z.string()).optional(),
    trustedProxies: z.array(z.string()).optional(),
  }),
  replies: z.strictObject({
    token: z.string().optional(),
    match: match.default({}),
    times: z.int().positive().optional(),
    reply: z.strictObject({
      text: z.string().optional(),
      chunks: z.array(z.string()).optional(),
      commentary: z.string().optional(),
      delayMs: z.int().nonnegative().optional(),
      chunkDelayMs: z.int().nonnegative().optional(),
      error: z.enum(FAULT_NAMES).optional(),
    }),
  }),
  hold: z.strictObject({
    token: z.string().optional(),
    match: match.default({}),
    afterChunks: z.int().nonnegative().default(0),
  }),
  release: z.strictObject({ token: z.string().optional(), id: z.string().optional() }),
  requests: z.strictObject({
    token: z.string().optional(),
    path: z.string().default("/v1/chat/completions"),
    state: z.enum(REQUEST_STATES).optional(),
    atLeast: z.coerce.number().int().nonnegative().default(0),
  }),
  drain: z.strictObject({ token: z.string().optional(), draining: z.boolean().default(true) }),
};

/**
 * The tests' side door, under `/sandbox/`, unauthenticated: tests that run inside workerd reach it by HTTP alone. A
 * gateway is named by its token, in the body or the query; without one, the server's own is meant.
 *
 * - `POST gateways` {agents?, models?, trustedProxies?, token?} → 201 {token}: a new gateway that shares nothing
 * - `POST replies` {match?: {text?, agent?, session?}, times?, reply} → 201 {id}; `DELETE replies[/<id>]`
 * - `POST hold` {match?, afterChunks?} → 201 {id}; `POST release` {id?}
 * - `POST drain` {draining?}: refuse new requests with 503, or take them again
 * - `GET requests` ?path=&state=&atLeast= → {requests}: completions unless `path` says otherwise (`*` for all), after
 *   waiting until there are `atLeast` so many (at most 10 s, then 408)
 *
 * @throws {Refusal} 400 with what is wrong with the request, 404 for an unknown token or path
 */
export async function control(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  gateways: Map<string, Gateway>,
  fallback: Gateway,
): Promise<void> {
  const [, , resource = "", id] = url.pathname.split("/");
  const named = (token: string | null | undefined) => findGateway(gateways, fallback, token);
  const queried = () => named(url.searchParams.get("token"));
  switch (`${req.method} ${resource}`) {
    case "POST gateways": {
      const gateway = new Gateway(parse(schemas.gateways, await readBody(req)));
      gateways.set(gateway.token, gateway);
      return send(res, 201, { token: gateway.token });
    }
    case "POST replies": {
      const { token, match, reply, times } = parse(schemas.replies, await readBody(req));
      return send(res, 201, { id: named(token).replies.add(match, reply, times) });
    }
    case "DELETE replies":
      queried().replies.remove(id);
      return send(res, 200, { ok: true });
    case "POST hold": {
      const { token, match, afterChunks } = parse(schemas.hold, await readBody(req));
      return send(res, 201, { id: named(token).holds.add(match, afterChunks) });
    }
    case "POST release": {
      const { token, id } = parse(schemas.release, await readBody(req));
      named(token).holds.release(id);
      return send(res, 200, { ok: true });
    }
    case "POST drain": {
      const { token, draining } = parse(schemas.drain, await readBody(req));
      named(token).draining = draining;
      return send(res, 200, { ok: true });
    }
    case "GET requests":
      return send(res, 200, { requests: await requests(queried(), url) });
    default:
      throw notFound();
  }
}

async function requests(gateway: Gateway, url: URL): Promise<object[]> {
  const { path, state, atLeast } = check(schemas.requests, Object.fromEntries(url.searchParams));
  try {
    await gateway.requests.waitFor(atLeast, path, state, AbortSignal.timeout(MAX_WAIT_MS));
  } catch {
    throw new Refusal(408, { error: `There are fewer than ${atLeast} such requests.` });
  }
  return gateway.requests.list(path, state);
}

function findGateway(
  gateways: ReadonlyMap<string, Gateway>,
  fallback: Gateway,
  token: string | null | undefined,
): Gateway {
  if (!token) return fallback;
  const gateway = gateways.get(token);
  if (!gateway) throw new Refusal(404, { error: "No gateway has this token." });
  return gateway;
}

function parse<T extends z.ZodType>(schema: T, body: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(body || "{}");
  } catch {
    throw new Refusal(400, { error: "The body is not JSON." });
  }
  return check(schema, value);
}

function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new Refusal(400, { error: z.prettifyError(checked.error) });
}
