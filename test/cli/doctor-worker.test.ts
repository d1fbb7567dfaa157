import { describe, expect, it } from "vitest";
import { Manager } from "../../cli/callbacks/manager.ts";
import { provision } from "../../cli/callbacks/provision.ts";
import { Secret } from "../../src/config/secret.ts";
import { until } from "../support/wait.ts";
import { openClinic, serve, wellDocument, wellVariables } from "./doctor-clinic.ts";
import { startEdge } from "./tool.ts";

const clinic = openClinic();

const REALTIME = { inbound: "realtime", link: { state: "linked", since: 0 } };
const CALLBACKS = { inbound: "callbacks", link: { state: "sweeping", since: 0 } };
const ON_CALLBACKS = { edge: { accounts: { default: { inbound: "callbacks" } } } };

describe("the Worker", () => {
  it("that is well", async () => {
    const { ailing, of } = await visit({ account: REALTIME }, { EDGE_ADMIN_TOKEN: "admin" });
    expect(Object.keys(ailing)).toEqual(["address", "gateway-address"]);
    for (const id of [
      "worker",
      "ready",
      "api-token",
      "admin-token",
      "link",
      "same-bot",
      "agents-reached",
      "dead",
    ])
      expect(of(id), id).toMatchObject([{ state: "pass" }]);
  });

  it("that does not answer", async () => {
    const { url, close } = await serve(() => {});
    await close();
    const { ailing, of } = await clinic.visit(wellDocument(clinic), wellVariables(clinic), ["--url", url]);
    expect(ailing.worker).toMatch(
      /^fail: no answer from http\S+ \(ECONNREFUSED\) → correct it, or try again/,
    );
    expect(of("link")).toMatchObject([{ state: "skip" }]);
  });

  it("whose place something else has", async () => {
    const { url } = await serve((_, response) => response.end("<html>"));
    const { ailing } = await clinic.visit(wellDocument(clinic), { ...wellVariables(clinic), EDGE_URL: url });
    expect(ailing.worker).toContain("does not answer as clickclack-edge does");
  });

  it("that has another API token, or none is here", async () => {
    const other = await visit({ account: REALTIME }, { EDGE_API_TOKEN: "other", EDGE_ADMIN_TOKEN: "other" });
    expect(other.ailing["api-token"]).toContain("the Worker does not take EDGE_API_TOKEN");
    expect(other.ailing["admin-token"]).toContain("npx wrangler secret put EDGE_ADMIN_TOKEN");
    const none = await visit({ account: REALTIME }, { EDGE_API_TOKEN: "" });
    expect(none.ailing["api-token"]).toContain("EDGE_API_TOKEN is not here");
  });

  it("that has the secrets which this machine has not", async () => {
    const { of } = await visit({ account: REALTIME }, { CLICKCLACK_BOT_TOKEN: "" });
    expect(of("secrets").at(-1)).toMatchObject({
      state: "pass",
      found:
        "CLICKCLACK_BOT_TOKEN is at the Worker and not here, so what needs it is not looked at from here",
    });
  });

  it("that lacks one itself", async () => {
    const fault = {
      path: "channels.clickclack.token",
      found: "Worker secret CLICKCLACK_BOT_TOKEN, which is not set",
      mend: "run wrangler secret put CLICKCLACK_BOT_TOKEN",
    };
    const ready = {
      ready: false,
      accounts: { default: { ready: false, reason: "ClickClack is not configured" } },
      faults: [fault],
    };
    const { of } = await visit({ account: REALTIME, ready }, { CLICKCLACK_BOT_TOKEN: "" });
    expect(of("secrets").at(-1)).toMatchObject({
      state: "fail",
      found: expect.stringContaining("nor is it at the Worker"),
      mend: "run wrangler secret put CLICKCLACK_BOT_TOKEN",
    });
    expect(of("ready")).toMatchObject([
      { state: "fail", found: expect.stringContaining("account default is not ready") },
      { state: "fail", found: expect.stringContaining("at the Worker, channels.clickclack.token") },
    ]);
  });

  it.each([
    ["refused", "owner_left", "the token works again when its owner is back"],
    ["refused", "workspace_not_found", "see workspace"],
    ["refused", "missing_scope", "bot:write"],
    ["refused", "not_clickclack", "check baseUrl and apiBaseUrl"],
    ["down", undefined, "the cron trigger starts it within a minute"],
  ])("whose account is %s (%s)", async (state, reason, mend) => {
    const { ailing } = await visit({ account: { inbound: "realtime", link: { state, since: 0, reason } } });
    expect(ailing.link).toMatch(/^fail: /);
    expect(ailing.link).toContain(mend);
  });

  it("that runs another document", async () => {
    expect((await visit({ account: CALLBACKS })).ailing.link).toContain("deploy this document");
    expect((await visit({ account: { ...REALTIME, id: "other" } })).ailing.link).toContain(
      "the Worker has no such account",
    );
  });

  it("that is another bot, or in another workspace", async () => {
    const identity = { id: "usr_other", handle: "other", displayName: "Other" };
    expect((await visit({ account: { ...REALTIME, identity } })).ailing["same-bot"]).toContain(
      "of another bot, @other",
    );
    const workspace = { id: "wsp_other", slug: "o", name: "O" };
    expect((await visit({ account: { ...REALTIME, workspace } })).ailing["same-bot"]).toContain(
      "another one, O",
    );
  });

  it("that does not get through to the gateway", async () => {
    const gateway = { reachable: false, reason: "proxy_attribution", error: "403 Proxy client attribution" };
    const { ailing } = await visit({ account: { ...REALTIME, gateway } });
    expect(ailing["agents-reached"]).toBe(
      "fail: no question gets through: the gateway does not trust the proxy before it (403 Proxy client attribution) → list the proxy in front of the gateway in its gateway.trustedProxies",
    );
  });
});

describe("callbacks", () => {
  it("without a secret, here and at the Worker", async () => {
    const { ailing } = await clinic.visit(wellDocument(clinic, {}, ON_CALLBACKS), wellVariables(clinic));
    expect(ailing["callback-secrets"]).toContain("CLICKCLACK_EVENTS_SECRET");
  });

  it("say which secret they were signed with, and why they are refused", async () => {
    const callbacks = {
      accepted: [{ kind: "events", secret: "next", count: 3, lastAt: 1_790_000_000_000 }],
      refused: [
        { kind: "events", reason: "bad_signature", count: 2, lastAt: Date.now() },
        { kind: "commands", reason: "wrong_bot", count: 1, lastAt: 1_780_000_000_000 },
      ],
    };
    const { of } = await visit({ account: { ...CALLBACKS, callbacks } }, {}, ON_CALLBACKS);
    expect(of("callbacks-taken")).toMatchObject([
      { state: "pass", found: "3 events signed with the next secret, the last 2026-09-21 14:13:20 UTC" },
      {
        state: "fail",
        found: expect.stringContaining("bad_signature"),
        mend: expect.stringContaining("put the secret"),
      },
      { state: "warn", found: expect.stringContaining("wrong_bot") },
    ]);
  });

  it("need a subscription, which a manager's session finds or does not find", async () => {
    const { of, url, room } = await visit({ account: CALLBACKS }, session("ada"), ON_CALLBACKS);
    expect(of("subscription")).toMatchObject([
      {
        state: "fail",
        found: `no subscription calls ${url}/clickclack/default/events; there is none`,
        mend: expect.stringContaining("--only events"),
      },
    ]);
    // Somebody says something, and the Worker refuses the call: nothing here lets ClickClack call this machine in earnest.
    const subscribed = await visit(
      { account: CALLBACKS, callback: 401 },
      session("ada"),
      ON_CALLBACKS,
      async (address) => {
        const manager = new Manager({ url: clinic.clickclack, token: new Secret(room.person("ada").token) });
        const botUserId = room.bot("scout").id;
        const place = { workspaceId: room.workspaceId, accountId: "default", url: address };
        await provision(manager, { ...place, events: true, commands: ["/ask"], botUserId });
        await room.say(room.person("ben"), room.channelId("general"), "anybody there?");
      },
    );
    expect(subscribed.of("subscription")).toMatchObject([
      {
        state: "fail",
        found: expect.stringContaining("was refused (401)"),
        mend: expect.stringContaining("callbacks-taken"),
      },
    ]);
    expect(subscribed.of("slash-commands")).toMatchObject([{ state: "pass", found: "/ask" }]);
  });

  it("are looked for by owners and moderators alone", async () => {
    const ben = await visit({ account: CALLBACKS }, session("ben"), ON_CALLBACKS);
    expect(ben.of("subscription")).toMatchObject([
      { state: "skip", found: expect.stringContaining("of a member") },
    ]);
    const nobody = await visit({ account: CALLBACKS }, {}, ON_CALLBACKS);
    expect(nobody.of("subscription")).toMatchObject([
      { state: "skip", found: expect.stringContaining("CLICKCLACK_SESSION") },
    ]);
    const expired = await visit(
      { account: CALLBACKS },
      { CLICKCLACK_SESSION: "sst_0000000000000000" },
      ON_CALLBACKS,
    );
    expect(expired.ailing.subscription).toContain("sign in again");
  });
});

describe("a round trip without an answer", () => {
  const trip = (story: object | undefined, wait: string) =>
    visit({ account: REALTIME, story }, session("ben"), {}, undefined, ["--round-trip", "--wait", wait]);

  it("says which setting has dropped it", async () => {
    const story = {
      ...{ message: "msg_1", conversation: "chn_1", state: "dropped", reason: "not_allowed" },
      setting: "channels.clickclack.allowFrom",
      ...{ roads: ["realtime"], seenAt: 0, fetchFailures: 0, attempts: 0, failedRuns: 0, replies: [] },
    };
    expect((await trip(story, "60")).ailing["round-trip"]).toBe(
      "fail: dropped: its author may not ask this bot (not_allowed, by channels.clickclack.allowFrom) → add the author's id to allowFrom",
    );
  });

  it("says that the Worker was not told", async () => {
    const { ailing } = await trip(undefined, "0.3");
    expect(ailing["round-trip"]).toMatch(/the Worker was not told of it → see link, events/);
  });
});

it("says of a round trip which road has not brought its message", async () => {
  const { room } = clinic;
  const ada = room.person("ada");
  const ofTrip = (said: { body: string }) => said.body.includes("A test of the connection");
  const list = () => room.inChannel(ada, room.channelId("library"));
  const before = (await list()).filter(ofTrip).length;
  const story = {
    ...{ message: "msg_1", conversation: "chn_1", state: "answered", roads: ["realtime", "sweep"] },
    ...{ seenAt: 0, fetchFailures: 0, attempts: 1, failedRuns: 0, replies: [] },
  };
  const trip = visit(
    { account: { ...REALTIME, inbound: "both" }, story },
    session("ada"),
    { edge: { accounts: { default: { inbound: "both" } } } },
    undefined,
    ["--round-trip", "--wait", "5", "--target", "library"],
  );
  await until(async () => (await list()).filter(ofTrip).length > before);
  const asked = (await list()).filter(ofTrip).at(-1);
  await room.say(room.bot("scout"), room.channelId("library"), "A word.", asked?.id);
  const { of } = await trip;
  expect(of("round-trip")).toMatchObject([{ state: "pass" }]);
  expect(of("round-trip-roads")).toMatchObject([
    { state: "pass", found: expect.stringMatching(/^realtime has brought it/) },
    {
      state: "fail",
      found: "callback has not brought the message",
      mend: expect.stringContaining("subscription"),
    },
  ]);
  // The Worker of this test takes no sends.
  expect(of("round-trip-send")).toMatchObject([{ state: "fail" }]);
});

it("cleans up after a round trip that is interrupted", async () => {
  const { room, clickclack } = clinic;
  const trip = startEdge(["doctor", "--round-trip", "--clean"], {
    env: {
      OPENCLAW_CONFIG: JSON.stringify(wellDocument(clinic)),
      ...wellVariables(clinic),
      ...session("ada"),
    },
  });
  await until(() => trip.err.includes("posted as Ada"));
  const [, id = ""] = /\((msg_\w+)\)/.exec(trip.err) ?? [];
  trip.end();
  expect(await trip.exit).toBe(1);
  expect(trip.err).toContain(`deleted ${id}\ninterrupted\n`);
  const answer = await fetch(`${clickclack}/api/messages/${id}`, {
    headers: { authorization: `Bearer ${room.person("ada").token}` },
  });
  expect(await answer.json()).toMatchObject({ message: { body: "" } });
});

function session(handle: string): Record<string, string> {
  return { CLICKCLACK_SESSION: clinic.room.person(handle).token };
}

/** What a Worker says that is none. */
interface Sayings {
  /** Of `/v1/accounts`, beside what a well account has. */
  account: object;
  /** Of `/readyz`. */
  ready?: object;
  /** The status that callbacks are answered with. */
  callback?: number;
  /** Of any message; it was told of none without one. */
  story?: object | undefined;
}

/** Has the doctor look at a Worker that says this, after something was done with its address. */
async function visit(
  { account, ready = { ready: true, accounts: {} }, callback = 202, story }: Sayings,
  variables: Record<string, string> = {},
  more: object = {},
  before: (url: string) => Promise<void> = async () => {},
  args: readonly string[] = [],
) {
  const { room } = clinic;
  const own = {
    ...{ id: "default", configured: true, enabled: true, faults: [], warnings: [] },
    identity: { id: room.bot("scout").id, handle: "scout", displayName: "Scout" },
    workspace: { id: room.workspaceId, slug: "harbour", name: "Harbour" },
    gateway: { reachable: true },
    callbacks: { accepted: [], refused: [] },
    ...account,
  };
  const { url } = await serve((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const isFor = (token: string) => request.headers.authorization === `Bearer ${token}`;
    const refusal = { code: "unauthorized", detail: "send Authorization: Bearer with the token" };
    if (request.url === "/readyz") return answer("ready" in ready && ready.ready ? 200 : 503, ready);
    if (request.url === "/v1/accounts")
      return isFor("api")
        ? answer(200, { defaultAccount: "default", accounts: [own] })
        : answer(401, refusal);
    if (request.url?.includes("/dead/"))
      return isFor("admin") ? answer(404, { code: "account_not_found", detail: "no" }) : answer(401, refusal);
    if (request.url?.includes("/messages/") && story !== undefined) return answer(200, story);
    return request.url?.startsWith("/clickclack/") ? answer(callback, {}) : answer(404, {});
  });
  await before(url);
  const visited = await clinic.visit(
    wellDocument(clinic, {}, more),
    { ...wellVariables(clinic), EDGE_API_TOKEN: "api", CLICKCLACK_EVENTS_SECRET: "ccs_x", ...variables },
    ["--url", url, ...args],
  );
  return { ...visited, url, room };
}
