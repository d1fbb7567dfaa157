import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { BotAccount } from "../../src/account/bot-account.ts";
import type { Env } from "../../src/env.ts";
import { SOCKET_LAG_MAX_MS } from "../../src/limits.ts";
import { signingSecret } from "../support/accounts.ts";
import { callBack, deliverEvent, loggedEvent, nowSeconds, signatureOf } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { at } from "../support/time.ts";
import { until } from "../support/wait.ts";
import { callWorker, worldOf } from "../support/world.ts";

const own = env as unknown as Env;
const world = worldOf("called");
const { room, ada, general } = world;
const gateway = gatewayOf("called");
const clickclack = clickclackOf(world.bot.id);
const { story } = storiesOf("called");
const { passTime, inStorage } = objectOf("called");

beforeAll(() => world.link());
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** Posts a message and lets its callback come. */
async function sayAndCall(text: string): Promise<string> {
  const message = await room.say(ada, general, text);
  expect((await deliverEvent("called", await loggedEvent(world, message))).status).toBe(202);
  return message;
}

it("an account on callbacks has no socket, and says that it is well", async () => {
  expect((await world.status()).link.state).toBe("sweeping");
  expect(await clickclack.sockets()).toEqual([]);
});

it("a message that a callback tells of is answered once, with no sweep's time gone by", async () => {
  const question = await sayAndCall("told by a callback");
  await world.answerTo(question);
  expect(await story(question)).toMatchObject({ state: "answered", roads: ["callback", "sweep"] });
  expect(await world.answersTo(question)).toHaveLength(1);
});

it("a reply in a thread is answered in the thread", async () => {
  const root = await room.say(world.otherBot, general, "a root");
  const reply = await room.replyInThread(ada, root, "told within a thread");
  await deliverEvent("called", await loggedEvent(world, reply));
  await until(async () => (await story(reply)).state === "answered");
  const said = (await room.inThread(ada, root)).filter(({ author_id }) => author_id === world.bot.id);
  expect(said).toHaveLength(1);
});

it("the same event over another subscription is taken, and changes nothing", async () => {
  const question = await sayAndCall("told twice");
  const event = await loggedEvent(world, question);
  expect((await deliverEvent("called", event, { subscription: "sub_2" })).status).toBe(202);
  await world.answerTo(question);
  expect((await gateway.askedAbout("told twice")).length).toBe(1);
  expect(await world.answersTo(question)).toHaveLength(1);
});

it("a late callback of a message that was answered long ago changes nothing", async () => {
  const question = await room.say(ada, general, "found by a sweep");
  await passTime(61_000);
  await world.answerTo(question);
  expect((await deliverEvent("called", await loggedEvent(world, question))).status).toBe(202);
  expect((await story(question)).roads).toEqual(["sweep", "callback"]);
  expect(await gateway.askedAbout("found by a sweep")).toHaveLength(1);
});

it("the unsigned header with an event id is not looked at: two events under one id are two", async () => {
  const headers = { "x-clickclack-event-id": "evt_one" };
  for (const text of ["first under one id", "second under one id"]) {
    const question = await room.say(ada, general, text);
    await deliverEvent("called", await loggedEvent(world, question), { headers });
    await world.answerTo(question);
    expect((await story(question)).roads[0]).toBe("callback");
  }
});

it("direct messages, of which no callback ever tells, come by the sweep", async () => {
  const audit = () => at(Date.now() + SOCKET_LAG_MAX_MS, async () => (await world.status()).audit);
  const { repaired } = await audit();
  const dm = await room.openDm(ada, world.bot);
  const question = await room.sayInDm(ada, dm, "between us");
  await passTime(61_000);
  await until(async () => (await story(question)).state === "answered");
  expect(await story(question)).toMatchObject({ roads: ["sweep"] });
  // That is how those come: nothing was let pass.
  expect((await audit()).repaired).toBe(repaired);
});

it("what a lost callback told of is found at the next one, and answered before it", async () => {
  const lost = await room.say(ada, general, "its callback was lost");
  const next = await sayAndCall("its callback came");
  await world.answerTo(next);
  const answers = (await room.inChannel(ada, general)).filter(({ author_id }) => author_id === world.bot.id);
  const order = answers.map(({ quoted_message_id }) => quoted_message_id);
  expect(order.indexOf(lost)).toBeGreaterThanOrEqual(0);
  expect(order.indexOf(lost)).toBeLessThan(order.indexOf(next));
});

it("wakes no object for its own messages, nor for events that change nothing", async () => {
  const rows = () => inStorage((sql) => sql.exec("SELECT count(*) AS n FROM journal").one().n);
  const before = await rows();
  const calls = async () => (await clickclack.calls("GET", "/api/realtime/events")).length;
  const looks = await calls();
  const question = await room.say(ada, general, "reacted to");
  const event = await loggedEvent(world, question);
  const called = vi.spyOn(own.BOT_ACCOUNT, "getByName");
  for (const odd of [
    { ...event, type: "reaction.added" },
    { ...event, type: "thread.state_updated", payload: {} },
    { ...event, payload: { ...event.payload, nonce: "edge:reply:called:msg_1:0" } },
    { ...event, payload: { ...event.payload, kind: "agent_tool" } },
  ])
    expect((await deliverEvent("called", odd)).status).toBe(202);
  expect(called).not.toHaveBeenCalled();
  called.mockRestore();
  expect([await rows(), await calls()]).toEqual([before, looks]);
});

it("a message that is deleted while it waits is not answered, as soon as a callback tells", async () => {
  const hold = await gateway.hold("the one before");
  const first = await sayAndCall("the one before");
  const second = await sayAndCall("taken back");
  await until(async () => (await story(second)).state === "waiting");
  const created = await loggedEvent(world, second);
  await deliverEvent("called", { ...created, type: "message.deleted" });
  expect(await story(second)).toMatchObject({ state: "cancelled", reason: "deleted" });
  await hold.release();
  await world.answerTo(first);
  expect(await world.answersTo(second)).toEqual([]);
});

it("while a secret takes over from another, what both tell of counts for both", async () => {
  const question = await sayAndCall("signed twice");
  const secret = signingSecret("called", "events", true);
  const event = await loggedEvent(world, question);
  const timestamp = nowSeconds();
  const second = () => deliverEvent("called", event, { subscription: "sub_2", secret, timestamp });
  expect((await second()).status).toBe(202);
  expect((await second()).status).toBe(401);
  const { accepted } = (await world.status()).callbacks;
  expect(accepted.map(({ secret: which, count }) => [which, count > 0])).toEqual([
    ["current", true],
    ["next", true],
  ]);
});

it("an object that goes away under the call has taken it: our own second call is no replay", async () => {
  const question = await room.say(ada, general, "stored, then the line broke");
  const event = await loggedEvent(world, question);
  const real = own.BOT_ACCOUNT.getByName.bind(own.BOT_ACCOUNT);
  let calls = 0;
  const getByName = vi.spyOn(own.BOT_ACCOUNT, "getByName").mockImplementation((name) => {
    const stub = real(name);
    if (name !== "called" || calls++ > 0) return stub;
    return {
      callback: async (...given: Parameters<BotAccount["callback"]>) => {
        await stub.callback(...given);
        throw Object.assign(new Error("reset"), { retryable: true });
      },
    } as unknown as typeof stub;
  });
  const answer = await deliverEvent("called", event);
  getByName.mockRestore();
  expect([answer.status, calls]).toEqual([202, 2]);
});

it("a request in pieces, without a length, is taken", async () => {
  const question = await room.say(ada, general, "in pieces");
  const body = JSON.stringify({ event: await loggedEvent(world, question), subscription_id: "sub_1" });
  const timestamp = nowSeconds();
  const { readable, writable } = new TransformStream();
  void new Response(body).body?.pipeTo(writable);
  const response = await callWorker("/clickclack/called/events", {
    method: "POST",
    headers: {
      "x-clickclack-timestamp": timestamp,
      "x-clickclack-signature": await signatureOf(signingSecret("called", "events"), timestamp, body),
    },
    body: readable,
  });
  expect(response.status).toBe(202);
  await world.answerTo(question);
});

it("a callback with what another version of ClickClack may add is taken", async () => {
  const question = await room.say(ada, general, "from the future");
  const event = { ...(await loggedEvent(world, question)), shard: 7 };
  const body = JSON.stringify({ event, subscription_id: "sub_1", attempt: 2 });
  expect((await callBack("called", "events", body)).status).toBe(202);
  await world.answerTo(question);
});
