import type { IncomingMessage, ServerResponse } from "node:http";
import type { Doorkeeper } from "./auth.ts";
import { complete } from "./completions.ts";
import type { Gateway } from "./gateway.ts";
import { history } from "./history.ts";
import { findModel, listModels } from "./models.ts";
import { LIVE, readiness } from "./probes.ts";
import { draining, missingScope } from "./refusals.ts";
import { methodNotAllowed, notFound, send } from "./respond.ts";

const NO_STORE = { "Cache-Control": "no-store" } as const;

/**
 * The gateway's own paths. What OpenClaw offers beside them (`/v1/responses`, `/v1/embeddings`, `/tools/invoke`, hooks,
 * its WebSocket) is not here, and answers 404 as a switched-off endpoint does.
 *
 * @throws {Refusal} for every answer but a good one
 */
export async function route(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  doorkeeper: Doorkeeper,
  probed: Gateway,
): Promise<void> {
  const { pathname } = url;
  const enter = (method: "GET" | "POST") => {
    // OpenClaw refuses on its way down before it looks at method or token.
    if (doorkeeper.addressee(req).draining) throw draining();
    if (req.method !== method) throw methodNotAllowed(method);
    return doorkeeper.admit(req);
  };
  if (pathname === "/healthz" || pathname === "/readyz") return probe(req, res, pathname, probed);
  if (pathname === "/v1/chat/completions") return complete(req, res, enter("POST"));
  if (/^\/v1\/models(\/|$)/.test(pathname)) return models(req, res, enter("GET"), pathname);
  if (/^\/sessions\/[^/]+\/history$/.test(pathname)) return history(req, res, enter("GET"), url);
  if (/^\/sessions\/[^/]+\/kill$/.test(pathname)) {
    enter("POST");
    // A shared token cannot kill a run: over HTTP, only dropping its connection cancels it.
    throw missingScope("operator.admin");
  }
  throw notFound();
}

function probe(req: IncomingMessage, res: ServerResponse, pathname: string, probed: Gateway): void {
  if (req.method !== "GET" && req.method !== "HEAD") throw methodNotAllowed("GET, HEAD");
  const state = pathname === "/healthz" ? LIVE : readiness(probed);
  send(res, "ready" in state && !state.ready ? 503 : 200, state, NO_STORE);
}

function models(req: IncomingMessage, res: ServerResponse, gateway: Gateway, pathname: string): void {
  const record = gateway.requests.open(req);
  const id = decodeURIComponent(pathname.split("/").slice(3).join("/"));
  const body = id ? findModel(gateway, id) : listModels(gateway);
  gateway.requests.update(record, { state: "finished", status: 200 });
  send(res, 200, body);
}
