import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

const LOOPBACK = "127.0.0.1";
/** They are about one connection, and the relay has another one on its other side. */
const HOP_HEADERS = ["connection", "keep-alive", "transfer-encoding"];

/** A request that has come, whole. */
export interface Relayed {
  /** With its query. */
  readonly path: string;
  /** Names and values in turn, as they were sent. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** An answer, whole. */
export interface RelayAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/**
 * Stands in the way of a request.
 *
 * @param forward hands it to the target as it is, as often as it is called; answers 502 when nobody is there, or the
 *   connection breaks. It never throws
 * @returns what the caller gets; undefined breaks the connection
 */
export type OnRequest = (
  request: Relayed,
  forward: () => Promise<RelayAnswer>,
) => Promise<RelayAnswer | undefined>;

/** Where a relay leads, and what may happen on the way. */
export interface RelayOptions {
  /** The target's address, asked for anew at every request; undefined while there is none. */
  target(): string | undefined;
  /** By default every request is forwarded once. */
  readonly onRequest?: OnRequest;
}

/** A relay that runs. */
export interface Relay {
  /** `http://127.0.0.1:<port>`. It stays the same wherever the target goes. */
  readonly url: string;
  /** Breaks every connection, on both sides, and stops listening. */
  close(): Promise<void>;
}

/**
 * Gives a target that comes and goes an address that stays, as a tunnel does for a machine without one of its own: POSTs
 * are forwarded to it, body bytes and headers untouched, because signatures are over them. Anything else is answered 405.
 *
 * A caller who goes away does not end what was begun for it.
 */
export async function startRelay({
  target,
  onRequest = (_, forward) => forward(),
}: RelayOptions): Promise<Relay> {
  const closing = new AbortController();
  const take = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const relayed = {
      path: incoming.url ?? "/",
      headers: incoming.rawHeaders,
      body: await buffer(incoming),
    };
    const forward = async () => {
      const url = target();
      return url === undefined ? BAD_GATEWAY : send(url, relayed, closing.signal).catch(() => BAD_GATEWAY);
    };
    const answer = incoming.method === "POST" ? await onRequest(relayed, forward) : NOT_ALLOWED;
    if (answer === undefined) response.destroy();
    else response.writeHead(answer.status, [...answer.headers]).end(answer.body);
  };
  const server = createServer((incoming, response) => {
    // A caller who goes away while sending has nothing to be told.
    take(incoming, response).catch(() => response.destroy());
  });

  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(0, LOOPBACK, listening.resolve);
  await listening.promise;
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** An answer of the relay's own, with no body. */
export function relayAnswer(status: number): RelayAnswer {
  return { status, headers: ["Content-Length", "0"], body: Buffer.alloc(0) };
}

const BAD_GATEWAY = relayAnswer(502);
const NOT_ALLOWED = relayAnswer(405);

/** Sends on a connection of its own: one that is kept would break with the target. @throws when it breaks */
function send(target: string, { path, headers, body }: Relayed, signal: AbortSignal): Promise<RelayAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: withoutHop(headers), agent: false, signal };
    const sending = request(new URL(path, target), options, (answer) => {
      buffer(answer).then((bytes) => {
        const answered = [...withoutHop(answer.rawHeaders, ["content-length"])];
        const length = ["Content-Length", String(bytes.length)];
        resolve({ status: answer.statusCode ?? 502, headers: [...answered, ...length], body: bytes });
      }, reject);
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

function withoutHop(headers: readonly string[], more: readonly string[] = []): string[] {
  const pairs = Array.from({ length: headers.length / 2 }, (_, index) =>
    headers.slice(2 * index, 2 * index + 2),
  );
  return pairs.filter(([name = ""]) => ![...HOP_HEADERS, ...more].includes(name.toLowerCase())).flat();
}
