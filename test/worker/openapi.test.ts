import { abortAllDurableObjects, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { createApp } from "../../src/http/app.ts";
import { SENDS_PENDING_MAX } from "../../src/limits.ts";
import { callBack, commandOf, deliverEvent, loggedEvent } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { DESCRIBED, type Described, faultsOf, faultsOfAnswer, operationOf } from "../support/description.ts";
import { fileAt } from "../support/media.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { callWorker, postMessage, readWorker, worldOf } from "../support/world.ts";

const own = env as unknown as Env;
const world = worldOf("described");
const called = worldOf("describedcalls");
const clickclack = clickclackOf(world.bot.id);
const { inStorage } = objectOf("described");
const { untilState, act } = storiesOf("described");

afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** Routes for people's browsers, which are no part of the API. */
const PAGES = /^\/$|^\/page\b/;

it("describes every route, and no other", () => {
  const routes = createApp()
    .routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`)
    .filter((route) => !PAGES.test(route.split(" ")[1] ?? ""));
  expect([...new Set(routes)].sort()).toEqual(
    DESCRIBED.map(({ method, path }) => `${method} ${path}`).sort(),
  );
});

/** What was answered, as `operation status`. Every answer is held against the description by {@link callWorker}. */
const seen = new Set<string>();

async function call(
  calling: Promise<Response>,
  operationId: string,
  status: number,
  hasEnd = true,
): Promise<Response> {
  const response = await calling;
  expect(response.status, hasEnd ? await response.clone().text() : "").toBe(status);
  seen.add(`${operationId} ${response.status}`);
  return response;
}

const send = (status: number, body: object, headers: Record<string, string> = {}) =>
  call(postMessage({ account: "described", ...body }, headers), "sendMessage", status);

/** Calls the Worker with another environment than the tests' own. */
async function callWith(other: Env, path: string, init: RequestInit = {}): Promise<Response> {
  const request = new Request(`http://edge${path}`, init);
  const response = await createApp().fetch(request, other, createExecutionContext());
  const operation = operationOf(init.method ?? "GET", path);
  if (operation !== undefined) expect(await faultsOfAnswer(operation, response)).toEqual([]);
  return response;
}

/** A request of an operation that needs nothing to be there. */
function simply({ method, path, security }: Described): { url: string; init: RequestInit } {
  const token = security.some((one) => "admin" in one) ? "test-admin-token" : "test-api-token";
  return {
    url: path.replace(/\{(?:id|account)\}/, "described").replace("{messageId}", "msg_0"),
    init: {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: method === "POST" ? '{"text": "x"}' : null,
    },
  };
}

describe("answers as it is described:", () => {
  it("a send that is made", async () => {
    const key = { "idempotency-key": "described" };
    await send(201, { text: "described" }, key);
    const again = await send(200, { text: "described" }, key);
    const { id } = (await again.json()) as { id: string };
    await call(readWorker(`/v1/messages/${id}`), "getSend", 200);
    await send(409, { text: "another" }, key);
  });

  it("a send in the background", async () => {
    const later = await send(202, { text: "later" }, { prefer: "respond-async" });
    expect(later.headers.get("preference-applied")).toBe("respond-async");
    await call(readWorker(later.headers.get("location") ?? ""), "getSend", 200);
  });

  it("a send that is refused", async () => {
    await send(400, { text: " " });
    await send(403, { account: "narrow", text: "x" });
    await send(404, { to: "channel:nowhere", text: "x" });
    await send(413, { text: "x".repeat(2 * 1024 * 1024) });
    await send(415, { media: [{ url: fileAt("/described", { type: "text/html" }) }] });
    await send(502, { media: [{ url: fileAt("/described", { status: 404 }) }] });
    await send(503, { account: "disabled", text: "x" });
    await call(readWorker("/v1/messages/snd_described_000000000000000000000000"), "getSend", 404);
  });

  it("a send too many", async () => {
    await inStorage((sql) => {
      for (let pending = 0; pending < SENDS_PENDING_MAX; pending++)
        sql.exec(
          `INSERT INTO outbox (nonce, target, place_kind, place_id, text, state, attempts, created_at, due_at)
           VALUES (?, 'channel:side', 'channel', '', 'x', 'pending', 1, ?, ?)`,
          `edge:send:described:${String(pending).padStart(24, "0")}:0000000000000000`,
          pending,
          Date.now() + 3_600_000,
        );
    });
    await abortAllDurableObjects();
    const full = await send(429, { text: "one too many" }, { prefer: "respond-async" });
    expect(full.headers.has("retry-after")).toBe(true);
    await inStorage((sql) => sql.exec("DELETE FROM outbox WHERE nonce LIKE 'edge:send:described:%'"));
    await abortAllDurableObjects();
  });

  it("accounts", async () => {
    await world.link();
    await call(readWorker("/v1/accounts"), "listAccounts", 200);
    await call(readWorker("/v1/accounts/described"), "getAccount", 200);
    await call(readWorker("/v1/accounts/nobody"), "getAccount", 404);
    await call(readWorker("/metrics"), "getMetrics", 200);
    const log = await call(readWorker("/v1/accounts/described/log"), "followLog", 200, false);
    await log.body?.cancel();
    await call(readWorker("/v1/accounts/nobody/log"), "followLog", 404);
  });

  it("a message's story, and what is done about one that was given up", async () => {
    await world.link();
    await gatewayOf("described").reply("give up", { error: "provider_400" }, 2);
    const retried = await world.room.say(world.ada, world.general, "give up");
    await untilState(retried, "dead");
    await call(readWorker(`/v1/accounts/described/messages/${retried}`), "getStory", 200);
    await call(readWorker("/v1/accounts/described/dead"), "listDead", 200);
    await call(act(retried, "retry"), "retryDead", 200);
    await untilState(retried, "dead");
    await call(act(retried, "discard"), "discardDead", 200);
    await call(act(retried, "retry"), "retryDead", 409);
    await call(act(retried, "discard"), "discardDead", 409);
    await call(act("msg_0", "retry"), "retryDead", 404);
    await call(act("msg_0", "discard"), "discardDead", 404);
    await call(readWorker("/v1/accounts/described/messages/msg_0"), "getStory", 404);
    await call(readWorker("/v1/accounts/nobody/dead"), "listDead", 404);
  });

  it("health and readiness", async () => {
    await world.link();
    const config = JSON.parse(own.OPENCLAW_CONFIG ?? "") as {
      channels: { clickclack: { accounts: Record<string, object>; defaultAccount: string } };
    };
    const { clickclack: channel } = config.channels;
    channel.accounts = { described: channel.accounts.described ?? {} };
    channel.defaultAccount = "described";
    await call(callWorker("/healthz"), "getHealth", 200);
    await call(callWith({ ...own, OPENCLAW_CONFIG: JSON.stringify(config) }, "/readyz"), "getReadiness", 200);
    await call(callWorker("/readyz"), "getReadiness", 503);
    await call(
      callWith({ ...own, OPENCLAW_CONFIG: "{plugins: {enabled: false}}" }, "/readyz"),
      "getReadiness",
      503,
    );
    await call(callWith({ ...own, OPENCLAW_CONFIG: "{colour: 1" }, "/readyz"), "getReadiness", 503);
  });

  it("ClickClack's callbacks", async () => {
    await called.link();
    const event = await loggedEvent(called, await called.room.say(called.ada, called.general, "described"));
    await call(deliverEvent("describedcalls", event), "takeEvent", 202);
    await call(deliverEvent("describedcalls", event, { secret: "ccs_other" }), "takeEvent", 401);
    const command = JSON.stringify(commandOf(called, "what time is it"));
    await call(callBack("describedcalls", "commands", command), "takeCommand", 200);
    const refused = callBack("describedcalls", "commands", command, { secret: "ccs_other" });
    await call(refused, "takeCommand", 401);
  });

  const ofToken = DESCRIBED.filter(({ security }) => security.some((one) => "api" in one || "admin" in one));
  const reachable = ofToken.map((one) => [one.operationId, one] as const);

  it.each(reachable)("%s without a token, and without a configuration", async (operationId, one) => {
    const { url, init } = simply(one);
    await call(callWorker(url, { method: one.method }), operationId, 401);
    await call(callWith({ ...own, OPENCLAW_CONFIG: "{" }, url, init), operationId, 503);
  });

  const ofAdmin = ofToken.filter(({ security }) => security.some((one) => "admin" in one));
  it.each(ofAdmin.map((one) => [one.operationId, one] as const))(
    "%s after too many wrong tokens",
    async (operationId, one) => {
      const { url } = simply(one);
      const headers = {
        authorization: "Bearer wrong",
        "cf-connecting-ip": `192.0.2.${ofAdmin.indexOf(one)}`,
      };
      const full = { ...own, WRONG_TOKENS: { limit: async () => ({ success: false }) } };
      await call(callWith(full, url, { method: one.method, headers }), operationId, 401);
      const refused = await call(callWith(full, url, { method: one.method, headers }), operationId, 429);
      expect(refused.headers.has("retry-after")).toBe(true);
    },
  );

  // Liveness asks nothing that could break.
  const breakable = DESCRIBED.filter(({ responses }) => "500" in responses);
  it.each(breakable.map((one) => [one.operationId, one] as const))(
    "%s that breaks",
    async (operationId, one) => {
      const { url, init } = simply(one);
      const broken = Object.defineProperty({ ...own }, "OPENCLAW_CONFIG", {
        get: () => {
          throw new Error("broken");
        },
      });
      await call(callWith(broken, url, init), operationId, 500);
    },
  );
});

it("has given every answer that is described", () => {
  const described = DESCRIBED.flatMap(({ operationId, responses }) =>
    Object.keys(responses).map((status) => `${operationId} ${status}`),
  );
  expect(described.filter((one) => !seen.has(one))).toEqual([]);
});

it("notices what is not as it is described", () => {
  const [answer] = Object.values(operationOf("GET", "/healthz")?.responses["200"]?.content ?? {});
  const faults = (value: unknown) => faultsOf(answer?.schema ?? {}, value).length;
  expect([{ status: "ok" }, { status: "ill" }, {}, { status: "ok", more: 1 }].map(faults)).toEqual([
    0, 1, 1, 1,
  ]);
});
