import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../support/wait.ts";
import { startEdge } from "./tool.ts";

/** What a test answers for the Worker's log; the first line of each log is there in every life. */
type Answer = (request: IncomingMessage, response: ServerResponse, call: number) => void;

async function startWorker(answer: Answer) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => answer(request, response, asked.push(request)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, env: { EDGE_URL: `http://127.0.0.1:${port}`, EDGE_API_TOKEN: "api" } };
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.write(": nothing new\n\n");
}

const line = (number: number, event: string, more: object = {}) =>
  `id: 7-${number}\ndata: ${JSON.stringify({ at: Date.UTC(2026, 10, 25) + number, event, account: "sage", ...more })}\n\n`;

it("comes back by itself where it was, and says so beside the log", async () => {
  const worker = await startWorker((_request, response, call) => {
    stream(response);
    response.write(line(call, "turn:started", { message: `msg_${call}` }));
    if (call === 1) response.end();
  });
  const tail = startEdge(["tail", "sage"], worker);
  await until(() => tail.out.includes("msg_2"));
  tail.end();
  expect(await tail.exit).toBe(0);
  expect(tail.out).toBe(
    "00:00:00 sage turn:started message=msg_1\n00:00:00 sage turn:started message=msg_2\n",
  );
  expect(tail.err).toMatch(/^sage: --url: .* has ended the log; again in 1 s\n$/);
  expect(worker.asked.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "7-1"]);
  expect(worker.asked[0]?.headers.authorization).toBe("Bearer api");
});

it("comes back when the connection breaks in the middle of a line, and loses none", async () => {
  const worker = await startWorker((_request, response, call) => {
    stream(response);
    if (call > 1) return void response.write(line(2, "turn:answered", { message: "msg_2" }));
    response.write(line(1, "turn:started") + line(2, "turn:answered").slice(0, 30), () => response.destroy());
  });
  const tail = startEdge(["tail", "sage", "--json"], worker);
  await until(() => tail.out.includes("msg_2"));
  tail.end();
  await tail.exit;
  const events = tail.out
    .trimEnd()
    .split("\n")
    .map((json) => (JSON.parse(json) as { event: string }).event);
  expect(events).toEqual(["turn:started", "turn:answered"]);
});

it("shows the events that are asked for, from the time that is asked for", async () => {
  const worker = await startWorker((_request, response) => {
    stream(response);
    for (const [number, event] of [
      "turn:started",
      "turn:dead",
      "message:dead",
      "link:lost",
      "turn:retry",
    ].entries())
      response.write(line(number, event));
    response.write(line(99, "link:linked"));
  });
  const since = new Date(Date.UTC(2026, 10, 25) + 1).toISOString();
  const flags = ["--event", "turn", "--event", "message:dead", "--event", "link:linked", "--since", since];
  const tail = startEdge(["tail", "sage", ...flags], worker);
  await until(() => tail.out.includes("link:linked"));
  tail.end();
  await tail.exit;
  expect(
    tail.out
      .trimEnd()
      .split("\n")
      .map((text) => text.split(" ")[2]),
  ).toEqual(["turn:dead", "message:dead", "turn:retry", "link:linked"]);
});

it("ends when nobody reads it any more", async () => {
  const worker = await startWorker((_request, response, call) => {
    stream(response);
    const writing = setInterval(() => response.write(line(call, "turn:started")), 1);
    response.on("close", () => clearInterval(writing));
  });
  const tail = startEdge(["tail", "sage"], worker);
  await until(() => tail.out !== "");
  tail.stopReading();
  expect(await tail.exit).toBe(0);
});

it("gives up at once where trying again would not help", async () => {
  const refusing = await startWorker((_request, response) => {
    const body = { code: "unauthorized", detail: "send Authorization: Bearer with the EDGE_API_TOKEN" };
    response.writeHead(401, { "content-type": "application/problem+json" }).end(JSON.stringify(body));
  });
  const refused = startEdge(["tail", "sage"], refusing);
  expect(await refused.exit).toBe(2);
  expect(refused.err).toMatch(
    /^EDGE_API_TOKEN: http:\S+ does not take it; give the value that its secret has\n$/,
  );

  const nobody = startEdge(["tail", "sage"], { env: { ...refusing.env, EDGE_URL: "http://127.0.0.1:1" } });
  expect(await nobody.exit).toBe(3);
  expect(nobody.err).toMatch(/^--url: no answer from/);

  const wrong = startEdge(["tail", "--since", "yesterday"], refusing);
  expect(await wrong.exit).toBe(2);
  expect(wrong.err).toMatch(/^--since yesterday: give a span such as 10m/);
});
