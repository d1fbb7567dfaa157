import { abortAllDurableObjects, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AccountStatus } from "../../src/account/status.ts";
import type { Env } from "../../src/env.ts";
import { createApp } from "../../src/http/app.ts";
import { CALLBACK_BODY_MAX_BYTES, REFUSALS_INTERVAL_MS } from "../../src/limits.ts";
import recorded from "../fixtures/clickclack/callbacks.json";
import { signingSecret } from "../support/accounts.ts";
import {
  callBack,
  commandOf,
  deliverEvent,
  loggedEvent,
  nowSeconds,
  type Oddities,
  signatureOf,
} from "../support/callbacks.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { at } from "../support/time.ts";
import { until } from "../support/wait.ts";
import { callWorker, readWorker, worldOf } from "../support/world.ts";

const world = worldOf("calledfaults");
const { room, ada, general } = world;
const { story } = storiesOf("calledfaults");
const { passTime } = objectOf("calledfaults");

let event: object;
beforeAll(async () => {
  await world.link();
  event = await loggedEvent(
    world,
    await room.say(ada, general, "never to be answered by a refused callback"),
  );
});
afterAll(() => abortAllDurableObjects());

const eventBody = (changes: object = {}) =>
  JSON.stringify({ event: { ...event, ...changes }, subscription_id: "sub_1" });

/** Reasons of refusals, by account and kind, as they should be counted. */
const counted = new Map<string, number>();

interface Place {
  kind?: string;
  /** As the path has it. */
  account?: string;
  /** The account that it is counted at, when that is another one. */
  countedAt?: string;
}

/** Calls, and looks into the log for the reason. */
async function expectRefusal(
  reason: string,
  call: () => Promise<Response>,
  { kind = "events", account = "calledfaults", countedAt }: Place = {},
): Promise<void> {
  const logged = vi.spyOn(console, "log");
  const response = await call();
  // Whatever the reason, a stranger is told the same.
  expect([response.status, await response.json()]).toEqual([
    401,
    {
      type: "about:blank",
      title: "callback refused",
      status: 401,
      code: "callback_refused",
      detail: "this callback is not accepted",
    },
  ]);
  const lines = logged.mock.calls.map(([line]) => String(line));
  expect(lines).toContain(JSON.stringify({ event: "callback:refused", account, kind, reason }));
  logged.mockRestore();
  const key = `${countedAt ?? account} ${kind} ${reason}`;
  counted.set(key, (counted.get(key) ?? 0) + 1);
}

const seconds = (difference: number) => String(Number(nowSeconds()) + difference);

describe.each(["events", "commands"] as const)("%s that are not ClickClack's are refused:", (kind) => {
  const body = () => (kind === "events" ? eventBody() : JSON.stringify(commandOf(world, "a question")));
  const refused = (reason: string, odd: Oddities = {}, text = body()) =>
    expectRefusal(reason, () => callBack("calledfaults", kind, text, odd), { kind });

  it("signed with another secret", () => refused("bad_signature", { secret: "ccs_other" }));

  it("signed with the secret of the other kind", () => {
    const other = kind === "events" ? "commands" : "events";
    return refused("bad_signature", { secret: signingSecret("calledfaults", other) });
  });

  it("signed for another account", () => refused("bad_signature", { secret: signingSecret("called", kind) }));

  it("altered on their way", () => refused("bad_signature", { body: body().replace("usr_", "usr-") }));

  it("of another time than was signed", async () => {
    const signature = await signatureOf(signingSecret("calledfaults", kind), nowSeconds(), body());
    await refused("bad_signature", { timestamp: seconds(-1), signature });
  });

  it("old", () => refused("too_old", { timestamp: seconds(-302) }));
  it("from the future", () => refused("too_new", { timestamp: seconds(302) }));
  it("with a time that is none", () => refused("malformed_timestamp", { timestamp: "now" }));
  it("with a signature that is none", () => refused("malformed_signature", { signature: "sha256=1" }));
  it("unsigned", () => refused("malformed_signature", { signature: "" }));

  it("too large, by what they say of themselves", () =>
    refused("too_large", {}, " ".repeat(CALLBACK_BODY_MAX_BYTES + 1)));

  it("too large, without a word of it", () =>
    expectRefusal(
      "too_large",
      () =>
        callWorker(`/clickclack/calledfaults/${kind}`, {
          method: "POST",
          headers: {
            "x-clickclack-timestamp": nowSeconds(),
            "x-clickclack-signature": `sha256=${"0".repeat(64)}`,
          },
          body: endless(),
        }),
      { kind },
    ));

  it("no JSON", () => refused("not_json", {}, "event"));
  it("JSON of another form", () => refused("malformed", {}, '{"event": 1}'));
});

/** More than any cap, in pieces. */
function endless(): ReadableStream<Uint8Array> {
  let pieces = 0;
  return new ReadableStream({
    pull(controller) {
      if (pieces++ > 2 * (CALLBACK_BODY_MAX_BYTES / 4096)) controller.close();
      else controller.enqueue(new Uint8Array(4096));
    },
  });
}

describe("what is signed and not for us is refused:", () => {
  it("an event of another workspace", () =>
    expectRefusal("wrong_workspace", () =>
      callBack("calledfaults", "events", eventBody({ workspace_id: "wsp_other" })),
    ));

  it("an event without a cursor", () =>
    expectRefusal("malformed", () => callBack("calledfaults", "events", eventBody({ cursor: "" }))));

  it("a command of another workspace, and one of another bot", async () => {
    for (const [change, reason] of [
      [{ workspace_id: "wsp_other" }, "wrong_workspace"],
      [{ bot_user_id: world.otherBot.id }, "wrong_bot"],
    ] as const) {
      const body = JSON.stringify(commandOf(world, "a question", change));
      await expectRefusal(reason, () => callBack("calledfaults", "commands", body), { kind: "commands" });
    }
  });

  it("the very same request a second time, although its message is known", async () => {
    const message = await room.say(ada, general, "recorded and played again");
    const body = JSON.stringify({ event: await loggedEvent(world, message), subscription_id: "sub_1" });
    const timestamp = nowSeconds();
    expect((await callBack("calledfaults", "events", body, { timestamp })).status).toBe(202);
    await expectRefusal("replayed", () => callBack("calledfaults", "events", body, { timestamp }));
    // A memory that outlives the object's.
    await abortAllDurableObjects();
    await expectRefusal("replayed", () => callBack("calledfaults", "events", body, { timestamp }));
  });

  it("the very same request a second time, although a sweep has brought its message before", async () => {
    const message = await room.say(ada, general, "swept, told and played again");
    await passTime(61_000);
    await until(async () => (await story(message)).state === "answered");
    const body = JSON.stringify({ event: await loggedEvent(world, message), subscription_id: "sub_1" });
    const timestamp = nowSeconds();
    expect((await callBack("calledfaults", "events", body, { timestamp })).status).toBe(202);
    await expectRefusal("replayed", () => callBack("calledfaults", "events", body, { timestamp }));
  });

  it("the very same command a second time", async () => {
    const body = JSON.stringify(commandOf(world, "recorded and given again"));
    const timestamp = nowSeconds();
    expect((await callBack("calledfaults", "commands", body, { timestamp })).status).toBe(200);
    await expectRefusal("replayed", () => callBack("calledfaults", "commands", body, { timestamp }), {
      kind: "commands",
    });
  });

  it("a command under an id that is no trigger's", () => {
    const body = JSON.stringify(commandOf(world, "a question", { trigger_id: "msg_1" }));
    return expectRefusal("malformed", () => callBack("calledfaults", "commands", body), { kind: "commands" });
  });

  it("an event for an account that has not been up yet", () =>
    expectRefusal("not_started", () => deliverEvent("altered", event), { account: "altered" }));

  it("events for an account that is on the realtime connection alone", async () => {
    await worldOf("commands").link();
    await expectRefusal("not_wanted", () => deliverEvent("commands", event), { account: "commands" });
  });
});

it("without a secret everything is refused, and readiness says why", async () => {
  await worldOf("unsigned").link();
  // The usual name has a secret; but another one was configured, and that is not there.
  await expectRefusal("no_secret", () => callBack("unsigned", "events", eventBody(), { secret: "ccs_any" }), {
    account: "unsigned",
  });
  const { accounts } = (await (await callWorker("/readyz")).json()) as {
    accounts: Record<string, { ready: boolean; reason?: string }>;
  };
  expect(accounts.unsigned).toEqual({
    ready: false,
    reason: "callbacks: Worker secret TEST_NOT_SET, which is not set",
  });
});

it("what is for no account is refused like all others, and counted at the default account", () =>
  expectRefusal("unknown_account", () => callBack("nobody", "events", eventBody(), { secret: "ccs_any" }), {
    account: "nobody",
    countedAt: "send",
  }));

it("an account that can do nothing refuses", () =>
  expectRefusal("not_configured", () => callBack("disabled", "events", eventBody(), { secret: "ccs_any" }), {
    account: "disabled",
    countedAt: "send",
  }));

it("with a configuration that is broken everything is refused, and the log says why", async () => {
  const logged = vi.spyOn(console, "log");
  const request = new Request("http://edge/clickclack/called/events", { method: "POST", body: "{}" });
  const broken = { ...(env as unknown as Env), OPENCLAW_CONFIG: "{" };
  const response = await createApp().fetch(request, broken, createExecutionContext());
  expect(response.status).toBe(401);
  const line = { event: "callback:refused", account: "called", kind: "events", reason: "not_configured" };
  expect(logged.mock.calls.map(([text]) => text)).toContain(JSON.stringify(line));
  logged.mockRestore();
});

it("a secret that takes over is taken beside the one before it, and both are counted", async () => {
  for (const next of [false, true]) {
    const message = await room.say(ada, general, `signed with the ${next ? "next" : "current"} one`);
    const secret = signingSecret("calledfaults", "events", next);
    const answer = await deliverEvent("calledfaults", await loggedEvent(world, message), { secret });
    expect(answer.status).toBe(202);
  }
  const { callbacks } = await world.status();
  expect(callbacks.accepted.filter(({ kind }) => kind === "events")).toEqual([
    { kind: "events", secret: "current", count: expect.any(Number), lastAt: expect.any(Number) },
    { kind: "events", secret: "next", count: 1, lastAt: expect.any(Number) },
  ]);
  const metrics = await (await readWorker("/metrics")).text();
  expect(metrics).toMatch(/callbacks_accepted\{account="calledfaults",kind="events",secret="next"\} 1\n/);
});

it("a real server's callbacks are verified here as there, at their time", async () => {
  await worldOf("recorded").link();
  const [first] = recorded.callbacks;
  const { headers, body } = first ?? { headers: {}, body: "" };
  const then = Number((headers as Record<string, string>)["x-clickclack-timestamp"]) * 1000;
  const send = () =>
    callWorker("/clickclack/recorded/events", {
      method: "POST",
      headers: headers as Record<string, string>,
      body,
    });
  // Another workspace's, so that it is refused for that and for nothing else.
  await expectRefusal("wrong_workspace", () => at(then, send), { account: "recorded" });
  await expectRefusal("too_old", send, { account: "recorded" });
});

it("every refusal is counted by its reason, in the status and in the metrics, over lives of the object", async () => {
  // What has gathered since the first refusal of each account is handed on with one that comes a minute later.
  await at(Date.now() + REFUSALS_INTERVAL_MS, async () => {
    for (const account of ["calledfaults", "altered", "commands", "recorded"])
      await expectRefusal(
        "bad_signature",
        () => callBack(account, "events", eventBody(), { secret: "ccs_any" }),
        {
          account,
        },
      );
    for (const [account, reason, countedAt] of [
      ["unsigned", "no_secret", "unsigned"],
      ["nobody", "unknown_account", "send"],
    ] as const)
      await expectRefusal(reason, () => callBack(account, "events", eventBody(), { secret: "ccs_any" }), {
        account,
        countedAt,
      });
  });
  const known = [...counted];
  expect(known.length).toBeGreaterThan(25);
  const unmet = async () => {
    const metrics = await (await readWorker("/metrics")).text();
    const { accounts } = (await (await readWorker("/v1/accounts")).json()) as { accounts: AccountView[] };
    return known.filter(([key, count]) => {
      const [account, kind, reason] = key.split(" ");
      const line = `callbacks_refused_total{account="${account}",kind="${kind}",reason="${reason}"} ${count}\n`;
      const { callbacks } = accounts.find(({ id }) => id === account) ?? {};
      const shown = callbacks?.refused.find((one) => one.kind === kind && one.reason === reason);
      return !metrics.includes(line) || shown?.count !== count;
    });
  };
  await until(async () => (await unmet()).length === 0);
  await abortAllDurableObjects();
  expect(await unmet()).toEqual([]);
});

type AccountView = Partial<AccountStatus> & { id: string };
