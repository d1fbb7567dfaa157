import { createHmac } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A callback as it came. */
export interface Callback {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Resolves when its connection is at its end, answered or not. */
  readonly closed: Promise<unknown>;
}

/** What a receiver does with a callback. */
export type Reply = (response: ServerResponse, callback: Callback) => void;

/** Answers like this. */
export function answering(
  status: number,
  body: string | Buffer = "",
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Begins an answer and does not end it. */
export const beginning: Reply = (response) => {
  response.writeHead(200);
  response.write("{");
};

/** Never answers. */
export const silent: Reply = () => {};

/** Breaks the connection instead of answering. */
export const dropping: Reply = (response) => response.destroy();

/** A server that callbacks come to. It answers 200 and `ok` unless told otherwise. */
export class Receiver {
  readonly url: string;
  readonly callbacks: Callback[] = [];
  reply: Reply = answering(200, "ok");
  readonly close: () => void;
  readonly #arrivals = new EventEmitter();

  constructor(url: string, close: () => void) {
    this.url = url;
    this.close = close;
  }

  /** Takes a callback in and answers it. */
  take(callback: Callback, response: ServerResponse): void {
    this.callbacks.push(callback);
    this.#arrivals.emit("callback");
    this.reply(response, callback);
  }

  /** Waits until so many callbacks have come, and returns the last of these. */
  async got(count: number): Promise<Callback> {
    while (this.callbacks.length < count) await once(this.#arrivals, "callback");
    const callback = this.callbacks[count - 1];
    if (callback === undefined) throw new Error("asked for no callback at all");
    return callback;
  }

  /**
   * Leaves the next callback unanswered until the returned function is called; from the one after on, all is as before.
   */
  hold(): () => void {
    const before = this.reply;
    const release = Promise.withResolvers<void>();
    this.reply = (response, callback) => {
      this.reply = before;
      void release.promise.then(() => before(response, callback));
    };
    return release.resolve;
  }
}

/** Starts a receiver on this machine. */
export async function openReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const closed = once(response, "close");
    const body = Buffer.concat(await request.toArray()).toString();
    const { method = "", url: path = "", headers } = request;
    receiver.take({ method, path, headers, body, closed }, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

/** Returns the signature that a callback must have had under this secret. */
export function signatureOf({ headers, body }: Callback, secret: string): string {
  const signed = `${headers["x-clickclack-timestamp"]}.${body}`;
  return `sha256=${createHmac("sha256", secret).update(signed).digest("hex")}`;
}
