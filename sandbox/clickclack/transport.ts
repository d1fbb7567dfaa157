import { createServer, type IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Answer, empty } from "./pipeline/answer.ts";
import type { Outcome } from "./pipeline/faults.ts";

const LOOPBACK = "127.0.0.1";
// ClickClack's own limits.
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 120_000;

/** A server that listens on loopback. */
export interface Listening {
  readonly url: string;
  /** Breaks every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Listens for HTTP on loopback and lets every request, WebSocket handshakes among them, be taken to its end.
 *
 * @param port 0 lets the system choose
 * @param take decides how a request ends; when it throws, that is 500 and an empty body, as ClickClack's is
 * @throws Error when the port is taken
 */
export async function listen(
  port: number,
  take: (request: IncomingMessage) => Promise<Outcome>,
): Promise<Listening> {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  const connections = new Set<Duplex>();
  server.on("connection", (connection) => {
    connections.add(connection);
    connection.on("error", () => connection.destroy());
    connection.on("close", () => connections.delete(connection));
  });
  const outcomeOf = (request: IncomingMessage) =>
    take(request).catch((error: unknown) => failed(request, error));
  server.on("request", async (request, response) => finish(await outcomeOf(request), response));
  server.on("upgrade", async (request, connection) => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    if (connection instanceof Socket) response.assignSocket(connection);
    finish(await outcomeOf(request), response, connection);
  });

  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(port, LOOPBACK, listening.resolve);
  await listening.promise;
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

/** Ends a request: writes its answer, hands its connection over, breaks it, or leaves it waiting. */
function finish(outcome: Outcome, response: ServerResponse, connection?: Duplex): void {
  if (outcome.kind === "drop") response.socket?.destroy();
  if (outcome.kind !== "answer") return;
  const { status, headers, body, upgrade } = outcome.answer;
  if (upgrade !== undefined && connection instanceof Socket) {
    response.detachSocket(connection);
    connection.write(handshake(outcome.answer));
    upgrade(connection);
    return;
  }
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

function handshake({ headers }: Answer): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`;
}

/** A caller who went away while sending is none of our faults; anything else that was thrown is one, and is shown. */
function failed(request: IncomingMessage, error: unknown): Outcome {
  if (!request.destroyed) console.error(error);
  return { kind: "answer", answer: empty(500) };
}
