import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { type OnRequest, startRelay } from "../../sandbox/relay.ts";

/** A target that answers 202 with what it was sent. */
async function startTarget() {
  const taken: { path: string; headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    taken.push({ path: request.url ?? "", headers: request.headers, body });
    response.writeHead(202, { "X-Seen": "yes" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken, close };
}

async function start(target: () => string | undefined, onRequest?: OnRequest) {
  const relay = await startRelay({ target, ...(onRequest !== undefined && { onRequest }) });
  onTestFinished(() => relay.close());
  return relay.url;
}

it("forwards a POST to wherever the target is now, bytes and headers untouched, and brings its answer", async () => {
  const [one, other] = [await startTarget(), await startTarget()];
  onTestFinished(() => Promise.all([one.close(), other.close()]).then(() => {}));
  let target = one;
  const url = await start(() => target.url);
  const body = '{"event":"\\u003cä\\u003e"}\n';
  const headers = { "X-ClickClack-Signature": "sha256=00", "X-ClickClack-Timestamp": "1795344212" };
  for (target of [one, other]) {
    const answer = await fetch(`${url}/clickclack/sage/events?x=1`, { method: "POST", headers, body });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("x-seen")).toBe("yes");
    expect(await answer.text()).toBe(body);
    expect(target.taken).toHaveLength(1);
    expect(target.taken[0]).toMatchObject({
      path: "/clickclack/sage/events?x=1",
      headers: { "x-clickclack-signature": "sha256=00", "x-clickclack-timestamp": "1795344212" },
      body,
    });
  }
});

it("answers 502 while there is no target, and when the target is gone", async () => {
  const target = await startTarget();
  let known: string | undefined;
  const url = await start(() => known);
  expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(502);
  known = target.url;
  expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(202);
  await target.close();
  expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(502);
});

it("takes nothing but POSTs", async () => {
  const url = await start(() => undefined);
  expect((await fetch(url)).status).toBe(405);
});

it("lets a request be doubled, kept, or broken off on its way", async () => {
  const target = await startTarget();
  onTestFinished(() => target.close());
  const url = await start(
    () => target.url,
    async ({ path }, forward) => {
      if (path === "/broken") return undefined;
      const answer = await forward();
      return path === "/twice" ? forward() : answer;
    },
  );
  expect((await fetch(`${url}/twice`, { method: "POST", body: "x" })).status).toBe(202);
  expect(target.taken).toHaveLength(2);
  await expect(fetch(`${url}/broken`, { method: "POST", body: "x" })).rejects.toThrow("fetch failed");
  expect(target.taken).toHaveLength(2);
});
