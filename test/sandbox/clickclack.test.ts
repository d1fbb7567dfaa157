import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type ClickClack, startClickClack } from "../../sandbox/clickclack/server.ts";
import { openReceiver, type Receiver } from "../contract/receiver.ts";
import { differences, Translation } from "./clickclack-translation.ts";

interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly as?: "bot" | "human" | "nobody" | "other";
    readonly body?: unknown;
    readonly raw?: string;
    readonly form?: string;
    readonly upgrade?: string;
  };
  readonly response: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly closed?: number;
    readonly reason?: string;
  };
}

/** Where the recorded server's callbacks went, as requests and as answers have it. */
const RECORDED_RECEIVERS = ["http://127.0.0.1:18699", "http://host"].map(
  (host) => new RegExp(`${host}(?=/(?:events|slash)")`, "g"),
);

interface Frame {
  readonly id: string;
  readonly cursor: string;
}

/** Exchanges that the stand-in cannot have yet, and why. */
const SKIPPED: ReadonlyMap<string, string> = new Map([
  ["upload", "no uploads yet"],
  ["attach upload", "no uploads yet"],
  ["message with attachment", "no uploads yet"],
  ["upload by nonce miss", "no uploads yet"],
]);

/** What the recorded command's callback answered. */
const SLASH_ANSWER = '{"response_type":"ephemeral","text":"working on it"}';

/** The `message.updated` that came of "attach upload". */
const EVENTS_OF_SKIPPED = new Set(["evt_01m81fjx4kn7c97wnyk3nhhahg"]);

const exchanges = recording("http.json") as Exchange[];
const frames = (recording("frames.json") as Frame[]).filter(({ id }) => !EVENTS_OF_SKIPPED.has(id));
const { callbacks } = recording("callbacks.json") as { callbacks: { body: string }[] };
const bot = exchanges[0]?.response.body as { user: { display_name: string; handle: string } };
const human = exchanges[1]?.response.body as { user: { display_name: string; avatar_url: string } };

describe("the recorded exchanges come out of the stand-in", () => {
  let server: ClickClack;
  let translation: Translation;
  let tokens: Record<string, string>;
  let received: unknown[];
  let socket: WebSocket;
  let receiver: Receiver;

  beforeAll(async () => {
    receiver = await openReceiver();
    receiver.reply = (response, { path }) => response.end(path === "/slash" ? SLASH_ANSWER : "ok");
    server = await startClickClack();
    translation = new Translation(server.url);
    const made = await post("/sandbox/workspaces", undefined, {
      name: "ClickClack",
      slug: "clickclack",
      humans: [{ name: human.user.display_name, handle: "ada", avatar_url: human.user.avatar_url }],
      bots: [{ name: bot.user.display_name, handle: bot.user.handle }],
    });
    const { workspace, humans, bots } = (await made.json()) as {
      workspace: { id: string };
      humans: { ada: { token: string } };
      bots: Record<string, { token: string }>;
    };
    tokens = { human: humans.ada.token, bot: bots.testbot?.token ?? "", other: `ccb_${"0".repeat(26)}` };
    // The person of the recording has no handle.
    await fetch(`${server.url}/api/me`, {
      method: "PATCH",
      headers: headersFor("human"),
      body: '{"handle":""}',
    });
    received = [];
    socket = openSocket(`/api/realtime/ws?workspace_id=${workspace.id}`, "bot");
    socket.on("message", (data) => received.push(JSON.parse(String(data))));
    await once(socket, "open");
  });

  afterAll(async () => {
    socket.terminate();
    await server.close();
    receiver.close();
  });

  test("every skipped exchange is one that was recorded", () => {
    const names = exchanges.map(({ name }) => name);
    expect([...SKIPPED.keys()].filter((name) => !names.includes(name))).toEqual([]);
    const ids = (recording("frames.json") as Frame[]).map(({ id }) => id);
    expect([...EVENTS_OF_SKIPPED].filter((id) => !ids.includes(id))).toEqual([]);
  });

  test.for(exchanges.filter(({ name }) => !SKIPPED.has(name)))("$name", async (exchange) => {
    const { request, response } = throughReceiver(exchange);
    if (request.upgrade !== undefined) {
      expect(await refusedUpgrade(exchange)).toEqual(response);
      return;
    }
    const answer = await fetch(server.url + translation.toActual(request.path), {
      method: request.method,
      headers: {
        ...headersFor(request.as ?? "nobody"),
        ...correlationFor(exchange),
        ...(request.form !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(request.raw !== undefined && { body: request.raw }),
      ...(request.form !== undefined && { body: request.form }),
      ...(request.body !== undefined && { body: translation.toActual(JSON.stringify(request.body)) }),
    });
    expect(answer.status).toBe(response.status);
    for (const [name, value] of Object.entries(response.headers ?? {}))
      expect(answer.headers.get(name)).toBe(value);
    expect(differences(withoutSkippedEvents(response.body), await answer.json(), translation)).toEqual([]);
  });

  test("the frames of the bot's socket come in the same order and shape", async () => {
    while (received.length < frames.length) await once(socket, "message");
    expect(differences(frames, received, translation)).toEqual([]);
  });

  test("the callbacks come in the same order and shape", () => {
    const [recorded, actual] = [callbacks, receiver.callbacks].map((list) =>
      list.map(({ body }) => JSON.parse(body)),
    );
    expect(differences(recorded, actual, translation)).toEqual([]);
  });

  /** Lets the recorded URLs of callbacks lead to the receiver of this test. */
  function throughReceiver(exchange: Exchange): Exchange {
    const text = RECORDED_RECEIVERS.reduce(
      (all, host) => all.replace(host, receiver.url),
      JSON.stringify(exchange),
    );
    return JSON.parse(text) as Exchange;
  }

  function openSocket(path: string, as: string): WebSocket {
    return new WebSocket(server.url.replace("http", "ws") + path, { headers: headersFor(as) });
  }

  function headersFor(as: string): Record<string, string> {
    const token = tokens[as];
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async function post(path: string, as: string | undefined, body: unknown): Promise<Response> {
    const headers = as === undefined ? {} : headersFor(as);
    return fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** Returns how a handshake ends that does not lead to an open socket. */
  async function refusedUpgrade({ name, request }: Exchange): Promise<Exchange["response"]> {
    const client = openSocket(
      translation.toActual(request.path),
      name.includes("without token") ? "nobody" : "bot",
    );
    return new Promise((resolve, reject) => {
      client.on("error", reject);
      client.on("close", (code, reason) => resolve({ closed: code, reason: String(reason) }));
      client.on("unexpected-response", async (_request, response) => {
        const body = Buffer.concat(await response.toArray()).toString();
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
  }
});

describe("the comparison with the recordings", () => {
  const same = () => new Translation("http://127.0.0.1:1");
  const id = (last: string) => `msg_${"0".repeat(25)}${last}`;

  test("lets other ids and times stand for the recorded ones, always the same", () => {
    const recorded = { id: id("1"), again: id("1"), at: "2026-11-22T11:15:56.8Z" };
    expect(
      differences(recorded, { id: id("2"), again: id("2"), at: "2026-01-01T00:00:00Z" }, same()),
    ).toEqual([]);
    expect(
      differences(recorded, { id: id("2"), again: id("3"), at: "2026-01-01T00:00:00Z" }, same()),
    ).toHaveLength(1);
  });

  test.for([
    ["another literal", { error: "a" }, { error: "b" }],
    ["another order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }],
    ["a missing key", { a: 1, b: 2 }, { a: 1 }],
    ["null for nothing", { a: null }, {}],
    ["an id of another kind", { id: id("1") }, { id: id("1").replace("msg", "evt") }],
    ["a time with trailing zeros", { at: "2026-11-22T11:15:56.8Z" }, { at: "2026-11-22T11:15:56.800Z" }],
    ["a shorter list", [1, 2], [1]],
  ])("sees %s", ([, recorded, actual]) => {
    expect(differences(recorded, actual, same())).not.toEqual([]);
  });
});

function recording(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/clickclack/${name}`, import.meta.url), "utf8"));
}

/** Returns the correlation id that a request must have brought, which was recorded only where it came back. */
function correlationFor({ response }: Exchange): Record<string, string> {
  const { event } = response.body as { event?: { payload?: { correlation_id?: string } } };
  const id = event?.payload?.correlation_id;
  return id === undefined || /^corr_[0-9a-f]{32}$/.test(id) ? {} : { "x-correlation-id": id };
}

/** Leaves out of a recorded page of events those that came of skipped exchanges. */
function withoutSkippedEvents(body: unknown): unknown {
  const { events, ...rest } = body as { events?: Frame[] | null };
  if (!Array.isArray(events)) return body;
  return { events: events.filter(({ id }) => !EVENTS_OF_SKIPPED.has(id)), ...rest };
}
