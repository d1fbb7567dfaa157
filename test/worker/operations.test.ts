import { abortAllDurableObjects, createExecutionContext, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, describe, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import worker from "../../src/worker.ts";
import { TEST_ACCOUNTS } from "../support/accounts.ts";
import { until } from "../support/wait.ts";
import { callWorker, worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

const own = env as unknown as Env;
const authorized = { headers: { authorization: "Bearer test-api-token" } };

/** Calls the Worker with another environment than the tests' own. */
async function callWith(changes: object, path: string, init: RequestInit = {}) {
  const request = new Request(`http://edge${path}`, init);
  return worker.fetch(request, { ...own, ...changes }, createExecutionContext());
}

it("lives", async () => {
  const response = await callWorker("/healthz");
  expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
});

it("answers what is no route with a problem", async () => {
  const response = await callWorker("/nowhere");
  expect([response.status, await response.json()]).toMatchObject([404, { code: "not_found" }]);
});

describe("readiness", () => {
  it("says for each enabled account why it is not ready, and nothing of the disabled ones", async () => {
    const response = await callWorker("/readyz");
    const body = (await response.json()) as { ready: boolean; accounts: Record<string, { reason?: string }> };
    expect([response.status, body.ready]).toEqual([503, false]);
    expect(body.accounts.agent?.reason).toBe("down");
    expect(body.accounts.unconfigured?.reason).toBe(
      'ClickClack is not configured for account "unconfigured"',
    );
    expect(body.accounts).not.toHaveProperty("disabled");
  });

  it("tells the faults of a broken configuration instead of crashing, there and in the API", async () => {
    const broken = { OPENCLAW_CONFIG: '{channels: {clickclack: {replyMode: "modle", colour: 1}}}' };
    const ready = await callWith(broken, "/readyz");
    const { faults } = (await ready.json()) as { faults: { path: string }[] };
    expect(ready.status).toBe(503);
    expect(faults.map(({ path }) => path).sort()).toEqual([
      "channels.clickclack.baseUrl",
      "channels.clickclack.colour",
      "channels.clickclack.replyMode",
      "channels.clickclack.token",
      "channels.clickclack.workspace",
      "gateway.remote.token",
      "gateway.remote.url",
    ]);
    for (const path of ["/v1/accounts", "/v1/accounts/default"])
      expect(await (await callWith(broken, path, authorized)).json()).toMatchObject({
        code: "not_configured",
        faults,
      });
    const send = await callWith(broken, "/v1/messages", {
      ...authorized,
      method: "POST",
      body: '{"text":"x"}',
    });
    expect(await send.json()).toMatchObject({ code: "not_configured", faults });
  });

  it("says why a channel that is switched off is not ready", async () => {
    const off = { OPENCLAW_CONFIG: "{plugins: {enabled: false}}" };
    expect(await (await callWith(off, "/readyz")).json()).toMatchObject({ reason: "plugins disabled" });
  });

  it("is ready once every enabled account is linked", async () => {
    const world = worldOf("agent");
    const one = JSON.parse(own.OPENCLAW_CONFIG ?? "") as { channels: { clickclack: { accounts: object } } };
    one.channels.clickclack.accounts = {
      agent: (one.channels.clickclack.accounts as { agent: object }).agent,
    };
    await world.link();
    const response = await callWith({ OPENCLAW_CONFIG: JSON.stringify(one) }, "/readyz");
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { ready: true, accounts: { agent: { ready: true } } },
    ]);
  });
});

describe("the accounts", () => {
  it("are listed, configured or not, enabled or not", async () => {
    const response = await callWorker("/v1/accounts", authorized);
    const body = (await response.json()) as { defaultAccount: string; accounts: { id: string }[] };
    expect(body.defaultAccount).toBe("send");
    expect(body.accounts.map(({ id }) => id).sort()).toEqual(Object.keys(TEST_ACCOUNTS).sort());
  });

  it("show what they are doing", async () => {
    const response = await callWorker("/v1/accounts/model", authorized);
    expect(await response.json()).toMatchObject({
      id: "model",
      configured: true,
      enabled: true,
      link: { state: "down" },
      turns: { waiting: 0, running: 0, answered: 0 },
      dropped: {},
    });
  });

  it("tell what of their configuration is passed over, and go on", async () => {
    const changed = JSON.parse(own.OPENCLAW_CONFIG ?? "") as {
      channels: { clickclack: { accounts: Record<string, object> } };
    };
    const { accounts } = changed.channels.clickclack;
    accounts.model = { ...accounts.model, mentionPatterns: ["(a+)+"] };
    const response = await callWith({ OPENCLAW_CONFIG: JSON.stringify(changed) }, "/v1/accounts", authorized);
    const body = (await response.json()) as { accounts: { id: string; warnings: object[] }[] };
    expect(body.accounts.find(({ id }) => id === "model")).toMatchObject({
      configured: true,
      faults: [],
      warnings: [{ path: "channels.clickclack.accounts.model.mentionPatterns[0]" }],
    });
    expect(body.accounts.find(({ id }) => id === "agent")?.warnings).toEqual([]);
  });

  it("hold no secret", async () => {
    const text = await (await callWorker("/v1/accounts", authorized)).text();
    expect(text).not.toContain("ccb_");
    expect(text).not.toContain("test-api-token");
  });

  it("are not there for everyone", async () => {
    expect((await callWorker("/v1/accounts")).status).toBe(401);
    expect((await callWorker("/v1/accounts/model")).status).toBe(401);
    const response = await callWith({ EDGE_API_TOKEN: undefined }, "/v1/accounts", authorized);
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { code: "unauthorized", detail: expect.stringContaining("EDGE_API_TOKEN is not set") },
    ]);
  });

  it("are known by name only", async () => {
    const response = await callWorker("/v1/accounts/nobody", authorized);
    expect([response.status, await response.json()]).toMatchObject([404, { code: "account_not_found" }]);
  });
});

it("brings up an account that has no gateway as well, for what waits to be sent", async () => {
  const config = JSON.parse(own.OPENCLAW_CONFIG ?? "") as {
    gateway?: object;
    channels: { clickclack: { accounts: Record<string, object>; defaultAccount: string } };
  };
  const { clickclack } = config.channels;
  delete config.gateway;
  clickclack.accounts = { gateless: clickclack.accounts.gateless ?? {} };
  clickclack.defaultAccount = "gateless";
  await worker.scheduled(createScheduledController(), { ...own, OPENCLAW_CONFIG: JSON.stringify(config) });
  // The object itself is configured with a gateway here, so that its link shows that it was called.
  await until(async () => (await worldOf("gateless").status()).link.state === "linked");
});

it("brings up every account that can answer when the cron trigger fires", async () => {
  await worker.scheduled(createScheduledController(), own);
  for (const account of ["agent", "policy", "order"]) {
    const world = worldOf(account);
    await until(async () => (await world.status()).link.state === "linked");
  }
});
