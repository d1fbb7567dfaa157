import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Doorkeeper } from "./auth.ts";
import { control } from "./control.ts";
import { Gateway, type GatewayOptions } from "./gateway.ts";
import { Refusal, send, setSecurityHeaders } from "./respond.ts";
import { route } from "./routes.ts";

/** The server's own gateway, and where it listens. */
export interface OpenClawOptions extends GatewayOptions {
  /** TCP port on 127.0.0.1; 0, the default, lets the system choose. */
  readonly port?: number | undefined;
}

/** A running stand-in. */
export interface OpenClaw {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Bearer token of the server's own gateway. */
  readonly token: string;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in OpenClaw gateway on 127.0.0.1. It speaks `POST /v1/chat/completions`, `GET /v1/models`,
 * `GET /sessions/<key>/history` and the probes as OpenClaw 2026.9.6 does, with agents that need no model provider.
 *
 * One server holds many gateways, told apart by their bearer tokens: its own, and those that tests add by
 * `POST /sandbox/gateways`.
 */
export async function startOpenClaw(options: OpenClawOptions = {}): Promise<OpenClaw> {
  const own = new Gateway(options);
  const gateways = new Map([[own.token, own]]);
  const doorkeeper = new Doorkeeper(gateways, own);
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? "/", "http://gateway");
    if (url.pathname.startsWith("/sandbox/")) return control(req, res, url, gateways, own);
    setSecurityHeaders(res);
    return route(req, res, url, doorkeeper, own);
  };
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => answerError(res, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: own.token,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function answerError(res: ServerResponse, error: unknown): void {
  if (error instanceof Refusal && !res.headersSent) {
    send(res, error.status, error.body, error.headers);
    return;
  }
  console.error(error);
  if (res.headersSent) res.destroy();
  else send(res, 500, "Internal Server Error");
}
