import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { FaultName } from "../../sandbox/openclaw/faults.ts";
import type { GatewayOptions } from "../../sandbox/openclaw/gateway.ts";
import type { Reply } from "../../sandbox/openclaw/replies.ts";
import { type OpenClaw, startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { OpenClawClient } from "./openclaw-client.ts";
import {
  type Answer,
  type Call,
  call,
  type Exchange,
  parseAnswer,
  parseExchange,
} from "./openclaw-exchange.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/openclaw");
const NAMES = readdirSync(FIXTURES)
  .filter((file) => file.endsWith(".txt"))
  .map((file) => file.slice(0, -".txt".length));

const NO_AUTH = "gateways are told apart by their tokens, so that there is no auth mode `none`";
const RESPONSES = "the adapter does not call /v1/responses";

/** Recordings that the stand-in does not play, and why. */
const SKIPPED: Readonly<Record<string, string>> = {
  "120-none-default": NO_AUTH,
  "121-none-scope-write": NO_AUTH,
  "122-none-scope-read-only": NO_AUTH,
  "123-none-scope-write-model-override": NO_AUTH,
  "124-none-scope-write-sessionkey": NO_AUTH,
  "125-none-bearer-ignored": NO_AUTH,
  "r1-responses-nonstream": RESPONSES,
  "r2-responses-stream": RESPONSES,
  "r3-responses-NO_REPLY": RESPONSES,
  "r4-responses-user": RESPONSES,
  "r5-responses-media-only": RESPONSES,
  "r6-responses-messages-array": RESPONSES,
  "r7-responses-unknown-field": RESPONSES,
  "r8-responses-stream-error": RESPONSES,
  "r9-responses-nonstream-error": RESPONSES,
  "s3-tools-invoke": "the adapter does not call /tools/invoke",
};

/** The gateway that a recording was made with, where it was not one with the agent `main` alone. */
const GATEWAYS: readonly [RegExp, GatewayOptions][] = [
  [/^(56|6[03-9])-/, { agents: ["main", "support"] }],
  [/^11[23]-/, { agents: ["main", "plain", "minimal"] }],
  [/^13[23]-/, { models: ["fake/fake-1", "fake/fake-2"] }],
  [/^(110|111|115a?|116)-/, { trustedProxies: ["127.0.0.1"] }],
];

/** Faults that the recorded request does not name by itself. */
const FAULTS: readonly [RegExp, FaultName][] = [
  [/^21-/, "no_credentials"],
  [/^42b-/, "cooldown"],
  [/^45b-/, "provider_down"],
  [/^14[01]-/, "timeout"],
];

let server: OpenClaw | undefined;
let open: Call | undefined;
afterEach(async () => {
  open?.destroy();
  await server?.close();
});

test("every recording is played, or skipped for a reason", () => {
  expect(NAMES.length).toBeGreaterThan(0);
  expect(Object.keys(SKIPPED).filter((name) => !NAMES.includes(name))).toEqual([]);
});

describe("answers as the recorded gateway did", () => {
  test.each(NAMES.filter((name) => !(name in SKIPPED)))("%s", async (name) => {
    const recording = parseExchange(readFileSync(join(FIXTURES, `${name}.txt`)));
    server = await startOpenClaw(GATEWAYS.find(([names]) => names.test(name))?.[1]);
    const client = new OpenClawClient(server.url, server.token);
    await client.script(replyOf(name, recording));
    const steps = await prepare(name, client, recording);

    open = call(server.url, addressed(recording.request, server));
    await steps.meanwhile?.();
    const recorded = parseAnswer(recording.response);
    const answer = await open.until(
      (so_far) =>
        so_far.isComplete || (steps.isCutShort === true && so_far.events.length >= recorded.events.length),
    );
    expect(comparable(answer)).toEqual(comparable(recorded));
    expect(new Set(answer.events.map(runIdOf).filter(Boolean)).size).toBeLessThanOrEqual(1);
  });
});

interface Steps {
  /** The recorded caller went away before the answer was complete. */
  readonly isCutShort?: boolean;
  /** What happens while the answer is under way. */
  readonly meanwhile?: () => Promise<void>;
}

/** Brings the gateway into the state that a recording found it in. */
async function prepare(name: string, client: OpenClawClient, recording: Exchange): Promise<Steps> {
  if (/^90-/.test(name)) {
    await client.hold({}, 3);
    return {
      isCutShort: true,
      meanwhile: async () => void (await client.requests({ state: "held", atLeast: "1" })),
    };
  }
  if (/^98-/.test(name)) {
    await client.hold();
    const meanwhile = async () => {
      await client.requests({ state: "held", atLeast: "1" });
      await client.control("POST", "drain");
      await client.release();
    };
    return { meanwhile };
  }
  if (/^99b?-/.test(name)) await client.control("POST", "drain");
  if (/^11[56]-/.test(name)) await failToLogIn(client.url);
  if (/^(91|92|108)-/.test(name)) await converse(name, client, recording);
  return {};
}

/** The limiter locks a client address at its tenth wrong token. */
async function failToLogIn(url: string): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const headers = { authorization: "Bearer wrong", "x-forwarded-for": "203.0.113.9" };
    await fetch(`${url}/v1/models`, { headers });
  }
}

/** Leaves behind the transcript that the recording reads or adds to. */
async function converse(name: string, client: OpenClawClient, recording: Exchange): Promise<void> {
  const session =
    /^x-openclaw-session-key: (.*)\r$/m.exec(recording.request)?.[1] ??
    decodeURIComponent(/^GET \/sessions\/([^/]+)\//.exec(recording.request)?.[1] ?? "");
  if (/^108-/.test(name)) {
    for (const text of ["hello", "from http", "upper"]) await (await client.complete(text, session)).text();
    return;
  }
  const caller = new AbortController();
  await client.hold({ session });
  const kind = name.includes("nonstream") ? "nonstream" : "stream";
  await client.complete(`[[fake:slow=20]] (disc ${kind})`, session, { signal: caller.signal });
  caller.abort();
  await client.requests({ state: "cancelled", atLeast: "1" });
  await client.release();
}

/** What the recorded model said or did. Its words were asked for by a `[[fake:…]]` in the message. */
function replyOf(name: string, { request, response }: Exchange): Reply {
  const [, what, argument = ""] = /\[\[fake:(\w+)(?:=([^\]]*))?\]\]/.exec(request) ?? [];
  const fault = FAULTS.find(([names]) => names.test(name))?.[1];
  if (fault) return { chunks: fault === "timeout" && what === "slow" ? words(5) : [], error: fault };
  if (/^92-/.test(name)) return { chunks: words(20) };
  switch (what) {
    case "text":
      return { chunks: decodeURIComponent(argument).match(/[\s\S]{1,12}/g) ?? [] };
    case "slow":
      return { chunks: words(Number(argument)) };
    case "status":
      return { error: `provider_${argument}` as FaultName };
    case "die":
      return { error: "dies_midstream" };
    case "silent":
    case "empty":
      return { error: what };
    case "tool":
      return { commentary: "Let me look first.", chunks: pong(response) };
    default:
      return { chunks: pong(response) };
  }
}

/** The recorded model said `pong` and a count, in two pieces, whatever it was asked. */
function pong(response: string): string[] {
  const count = /(?:pong |g )#(\d+)/.exec(response)?.[1] ?? "4";
  return ["pon", `g #${count}`];
}

function words(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index === 0 ? "" : " "}w${index}`);
}

function addressed(request: string, { url, token }: OpenClaw): string {
  return request.replace(/^Host: .*\r$/m, `Host: ${new URL(url).host}\r`).replace("<gateway token>", token);
}

/** An answer without what differs from run to run: dates, lengths, ids, times, counts. */
function comparable(answer: Answer): object {
  const headers = answer.headers.filter((header) => !/^(Date|Content-Length):/.test(header));
  const isJson = headers.includes("Content-Type: application/json; charset=utf-8");
  return {
    status: answer.status,
    headers,
    body:
      answer.events.length > 0
        ? answer.events.map(comparableEvent)
        : isJson
          ? shape(answer.body)
          : answer.body,
  };
}

function comparableEvent(event: string): unknown {
  const data = event.replace(/^data: /, "");
  return data === "[DONE]" ? event : shape(data);
}

const COUNTED = /^(created|timestamp|recordTimestampMs|rawSeq|seq|uptimeMs)$/;
const MEASURED = /^(usage|eventLoop)$/;

function shape(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => {
    if (COUNTED.test(key)) return typeof value;
    if (key === "source" || key === "nextCursor") return typeof value;
    if (MEASURED.test(key)) return Object.keys(value as object);
    return typeof value === "string"
      ? value
          .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
          .replace(/^cmpl-\d+$/, "cmpl-<n>")
      : value;
  });
}

function runIdOf(event: string): string | undefined {
  return /"id":"(chatcmpl_[^"]+)"/.exec(event)?.[1];
}
