import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { HOLD_MAX_MS } from "../../src/limits.ts";
import { deliverEvent, loggedEvent } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("calledorder");
const { room, ada, general } = world;
const gateway = gatewayOf("calledorder");
const clickclack = clickclackOf(world.bot.id);
const { story } = storiesOf("calledorder");
const { passTime } = objectOf("calledorder");
const EVENTS = "^/api/realtime/events$";

beforeAll(() => world.link());
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

const call = async (message: string) => deliverEvent("calledorder", await loggedEvent(world, message));
const answered = async () =>
  (await room.inChannel(ada, general))
    .filter(({ author_id }) => author_id === world.bot.id)
    .map(({ quoted_message_id }) => quoted_message_id);

/** Both were answered, the first one first. */
async function expectInOrder(first: string, second: string): Promise<void> {
  const order = await answered();
  expect(order.indexOf(first)).toBeGreaterThanOrEqual(0);
  expect(order.indexOf(first)).toBeLessThan(order.indexOf(second));
}

it("callbacks that come in another order are answered in the order of the talk", async () => {
  const messages: string[] = [];
  for (const number of ["one", "two", "three", "four"])
    messages.push(await room.say(ada, general, `swapped ${number}`));
  for (const message of messages.toReversed()) await call(message);
  await until(async () => (await answered()).length === messages.length);
  expect(await answered()).toEqual(messages);
  expect(await gateway.askedAbout("swapped")).toHaveLength(messages.length);
});

it("callbacks that come all at once are answered in the order of the talk, each once", async () => {
  const before = (await answered()).length;
  const messages: string[] = [];
  for (let number = 0; number < 40; number++) messages.push(await room.say(ada, general, `storm ${number}`));
  await Promise.all(messages.map(call));
  await until(async () => (await answered()).length === before + messages.length);
  expect((await answered()).slice(before)).toEqual(messages);
});

it("the events are read once at a time, and once more for what came meanwhile", async () => {
  const looks = async () => (await clickclack.calls("GET", EVENTS)).length;
  const before = await looks();
  await clickclack.fault("GET", EVENTS, { kind: "delay", ms: 300 }, 1);
  const messages: string[] = [];
  for (const number of ["one", "two", "three"]) {
    messages.push(await room.say(ada, general, `at once ${number}`));
    await call(messages.at(-1) ?? "");
    if (number === "one") await until(async () => (await looks()) > before);
  }
  for (const message of messages) await world.answerTo(message);
  // One that was held up, and one behind it for the other two.
  expect((await looks()) - before).toBe(2);
});

it("nothing is decided on while the events cannot be read, and everything as soon as they can", async () => {
  await clickclack.fault("GET", EVENTS, { kind: "status", status: 502 }, 3);
  const lost = await room.say(ada, general, "unread one");
  const told = await room.say(ada, general, "unread two");
  await call(told);
  await until(async () => (await world.status()).link.state === "reconnecting");
  expect((await story(told)).state).toBe("undecided");
  await until(async () => {
    await passTime(10_000);
    return (await story(told)).state === "answered";
  });
  await expectInOrder(lost, told);
});

it("but not for ever: then the order goes, and the answer comes", async () => {
  await clickclack.fault("GET", EVENTS, { kind: "status", status: 502 }, 10_000);
  const told = await room.say(ada, general, "never read");
  await call(told);
  await until(async () => (await world.status()).link.state === "reconnecting");
  expect((await story(told)).state).toBe("undecided");
  await passTime(HOLD_MAX_MS + 1_000);
  await world.answerTo(told);
});

it("an object that dies between a callback and its answer holds back what it finds in its tables as well", async () => {
  await clickclack.clearFaults();
  await until(async () => {
    await passTime(61_000);
    return (await world.status()).link.state === "sweeping";
  });
  const looks = async () => (await clickclack.calls("GET", EVENTS)).length;
  const before = await looks();
  await clickclack.fault("GET", EVENTS, { kind: "hang" }, 1);
  const lost = await room.say(ada, general, "before the death, lost");
  const told = await room.say(ada, general, "before the death, told");
  await call(told);
  await until(async () => (await looks()) > before);
  expect((await story(told)).state).toBe("undecided");
  await abortAllDurableObjects();

  // The next life cannot read the events at once either.
  await clickclack.fault("GET", EVENTS, { kind: "status", status: 502 }, 1);
  await passTime(0);
  await until(async () => (await world.status()).link.state === "reconnecting");
  expect((await story(told)).state).toBe("undecided");
  await until(async () => {
    await passTime(10_000);
    return (await story(told)).state === "answered";
  });
  await expectInOrder(lost, told);
});

it("whoever calls is there: a callback ends a long wait for the next try", async () => {
  const slow = worldOf("calledslow");
  const itsClickClack = clickclackOf(slow.bot.id);
  await slow.link();
  await itsClickClack.fault("GET", EVENTS, { kind: "status", status: 502 }, 1);
  await objectOf("calledslow").passTime(61_000);
  await until(async () => (await slow.status()).link.state === "reconnecting");
  const { since, retryAt = 0 } = (await slow.status()).link;
  expect(retryAt - since).toBeGreaterThan(20_000);
  const question = await slow.room.say(slow.ada, slow.general, "are you there again?");
  await deliverEvent("calledslow", await loggedEvent(slow, question));
  await slow.answerTo(question);
});

it("but not before a server's Retry-After is over", async () => {
  const slow = worldOf("calledslow");
  const itsClickClack = clickclackOf(slow.bot.id);
  const headers = { "Retry-After": "300" };
  await itsClickClack.fault("GET", EVENTS, { kind: "status", status: 503, headers }, 1);
  await objectOf("calledslow").passTime(200_000);
  await until(async () => (await slow.status()).link.state === "reconnecting");
  const looks = async () => (await itsClickClack.calls("GET", EVENTS)).length;
  const before = await looks();
  const question = await slow.room.say(slow.ada, slow.general, "and now?");
  await deliverEvent("calledslow", await loggedEvent(slow, question));
  await objectOf("calledslow").passTime(100_000);
  expect([await looks(), (await slow.status()).link.state]).toEqual([before, "reconnecting"]);
  await objectOf("calledslow").passTime(600_000);
  await slow.answerTo(question);
});

it("failures that were made up for do not add up, over the lives of the object either", async () => {
  const stateIs = (state: string) => async () => (await world.status()).link.state === state;
  const waits: number[] = [];
  for (let life = 0; life < 10; life++) {
    await abortAllDurableObjects();
    await clickclack.fault("GET", EVENTS, { kind: "status", status: 502 }, 10_000);
    await call(await room.say(ada, general, `in life ${life}`));
    await until(stateIs("reconnecting"));
    const { since, retryAt = since } = (await world.status()).link;
    waits.push(retryAt - since);
    await clickclack.clearFaults();
    // No life is as long as it takes to count as healthy.
    await until(async () => {
      await passTime(50_000);
      return stateIs("sweeping")();
    });
  }
  // The account begins with 100 ms; ten failures in a row would make it wait for 25 s at least.
  expect(Math.max(...waits)).toBeLessThan(5_000);
});
