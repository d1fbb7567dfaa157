import { once } from "node:events";
import { WebSocket } from "ws";
import type { Event } from "./api.ts";

/** How a socket ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A client of the realtime socket that keeps all it gets. */
export class RealtimeSocket {
  readonly client: WebSocket;
  readonly events: Event[] = [];
  /** The frames as they came. */
  readonly texts: string[] = [];
  pongs = 0;
  readonly closed: Promise<Closed>;

  constructor(client: WebSocket) {
    this.client = client;
    client.on("message", (data) => {
      this.texts.push(String(data));
      this.events.push(JSON.parse(String(data)));
    });
    client.on("pong", () => this.pongs++);
    this.closed = new Promise((resolve) => {
      client.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  /** Returns the types of the events, in the order in which they came. */
  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** Waits until an event with this id has come. */
  async got(eventId: string): Promise<void> {
    const missed = this.closed.then(({ code }) => {
      throw new Error(`the socket closed with ${code} before ${eventId} came: ${this.types}`);
    });
    missed.catch(() => {});
    const isThere = () => this.events.some(({ id }) => id === eventId);
    while (!isThere()) await Promise.race([once(this.client, "message"), missed]);
  }
}

/** A handshake that did not open a socket. */
export interface Refused {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** How to open a socket. */
export interface SocketOptions {
  readonly token?: string | undefined;
  /** Brings the token as a subprotocol and not as a header. */
  readonly protocolToken?: string;
  readonly origin?: string;
}

/** Opens a realtime socket. What comes at once after the handshake is not lost. */
export async function openSocket(
  url: string,
  query: Record<string, string>,
  options: SocketOptions,
): Promise<RealtimeSocket> {
  const client = connect(url, query, options);
  const socket = new RealtimeSocket(client);
  await new Promise((resolve, reject) => {
    client.once("open", resolve);
    client.once("error", reject);
  });
  return socket;
}

/** Tries to open a realtime socket and returns how it was refused. */
export function refusedSocket(
  url: string,
  query: Record<string, string>,
  options: SocketOptions,
): Promise<Refused> {
  const client = connect(url, query, options);
  return new Promise((resolve, reject) => {
    client.once("error", reject);
    client.once("open", () => reject(new Error("the socket opened")));
    client.once("unexpected-response", async (_request, response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({
        status: response.statusCode ?? 0,
        contentType: String(response.headers["content-type"]),
        text,
      });
    });
  });
}

function connect(
  url: string,
  query: Record<string, string>,
  { token, protocolToken, origin }: SocketOptions,
): WebSocket {
  const address = `${url.replace(/^http/, "ws")}/api/realtime/ws?${new URLSearchParams(query)}`;
  const protocols = protocolToken === undefined ? [] : [`clickclack.bearer.${protocolToken}`];
  return new WebSocket(address, protocols, {
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(origin === undefined ? {} : { origin }),
  });
}
