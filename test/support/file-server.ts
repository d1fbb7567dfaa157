import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { FileWish } from "./file-wish.ts";

/** A server of files for people to link to, whose every address says how it answers. */
export interface FileServer {
  url: string;
  close(): Promise<void>;
}

/** How long those wait who might come in a crowd of others. */
const CROWD_MS = 50;

/** Starts one on loopback. @see {@link FileWish} for what an address may ask for */
export async function startFileServer(): Promise<FileServer> {
  const seen = new Map<string, { headers: Record<string, unknown> }[]>();
  const crowds = new Map<string, Crowd>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://files");
    const about = searchParams.get("path") ?? "";
    if (pathname === "/seen") {
      response.end(JSON.stringify(seen.get(about) ?? []));
      return;
    }
    if (pathname === "/crowd") {
      response.end(JSON.stringify(crowds.get(about)?.largest ?? 0));
      return;
    }
    const before = seen.get(pathname) ?? [];
    seen.set(pathname, [...before, { headers: request.headers }]);
    const wish: FileWish = JSON.parse(searchParams.get("wish") ?? "{}");
    const act = () => answer(response, wish, before.length);
    if (wish.peers === undefined) return act();
    const folder = pathname.replace(/[^/]*$/, "");
    const crowd = crowds.get(folder) ?? new Crowd(wish.peers);
    crowds.set(folder, crowd);
    crowd.join(act);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Those who wait for each other. */
class Crowd {
  readonly #peers: number;
  #waiting: (() => void)[] = [];
  largest = 0;

  constructor(peers: number) {
    this.#peers = peers;
  }

  join(act: () => void): void {
    this.#waiting.push(act);
    this.largest = Math.max(this.largest, this.#waiting.length);
    if (this.#waiting.length === this.#peers) setTimeout(() => this.#release(), CROWD_MS);
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const act of waiting) act();
  }
}

function answer(response: ServerResponse, wish: FileWish, before: number): void {
  if (wish.hangs) return;
  const { content = "", type = "image/png", status = 200, headers = {} } = wish;
  if (before < (wish.failsFirst ?? 0)) {
    response.writeHead(503).end();
    return;
  }
  const plain = wish.bytes === undefined ? Buffer.from(content, "latin1") : Buffer.alloc(wish.bytes, 120);
  const body = wish.gzip ? gzipSync(plain) : plain;
  response.writeHead(status, {
    ...(type !== null && { "content-type": type }),
    ...(wish.gzip && { "content-encoding": "gzip" }),
    ...(!wish.chunked && { "content-length": String(body.length) }),
    ...headers,
  });
  if (wish.breaksAfter === undefined) response.end(body);
  else response.write(body.subarray(0, wish.breaksAfter), () => response.destroy());
}
