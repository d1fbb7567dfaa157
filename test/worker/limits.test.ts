import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { ATTEMPTS_MAX, TURNS_WAITING_PER_CONVERSATION_MAX } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { placesOf } from "../support/places.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("limits");
const gateway = gatewayOf("limits");
const clickclack = clickclackOf(world.bot.id);
const { inStorage, passTime } = objectOf("limits");
const { story, untilState, dead, act } = storiesOf("limits");
/** Longer than any wait between two attempts. */
const RETRY_MS = 130_000;
const NO_ROWS = { kind: "status", status: 403, body: { error: "sql: no rows in result set" } };

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await clickclack.clearFaults();
  await clickclack.deaf(false);
});
afterAll(() => abortAllDurableObjects());

async function deadOne(question: string) {
  await until(async () => {
    await passTime(RETRY_MS);
    return (await dead()).some(({ message }) => message === question);
  });
  return (await dead()).find(({ message }) => message === question);
}

/** A question that is being answered until it is released, and one that waits behind it. */
async function oneBehindAnother(name: string) {
  const held = await gateway.hold(`${name}: first`);
  await world.room.say(world.ada, world.general, `${name}: first`);
  const behind = await world.room.say(world.ben, world.general, `${name}: second`);
  await untilState(behind, "waiting");
  return { held, behind };
}

it("a question that takes the object down each time is given up, and not asked for ever", async () => {
  const held = await gateway.hold("deadly");
  const question = await world.room.say(world.ada, world.general, "deadly");
  await until(async () => (await gateway.askedAbout("deadly")).length === 1);
  await inStorage((sql) =>
    sql.exec("UPDATE turns SET attempts = ? WHERE message_id = ?", ATTEMPTS_MAX, question),
  );
  await abortAllDurableObjects();
  await held.release();
  await world.link();
  await untilState(question, "dead");
  expect(await story(question)).toMatchObject({ reason: "attempts", replies: [] });
  expect(await gateway.askedAbout("deadly")).toHaveLength(1);

  await act(question, "retry");
  await world.answerTo(question);
  expect(await gateway.askedAbout("deadly")).toHaveLength(2);
});

describe("a question that waited", () => {
  it("and cannot be read again is given up with what was in the way, and the next one is answered", async () => {
    const { held, behind } = await oneBehindAnother("unreadable");
    const path = `^/api/messages/${behind}$`;
    const before = (await clickclack.calls("GET", path)).length;
    await clickclack.fault("GET", path, { kind: "status", status: 503 }, 1_000);
    const third = await world.room.say(world.ben, world.general, "unreadable: third");
    await held.release();
    expect(await deadOne(behind)).toMatchObject({
      stage: "ask",
      reason: "unavailable",
      attempts: ATTEMPTS_MAX,
    });
    await world.answerTo(third);
    expect((await clickclack.calls("GET", path)).length).toBe(before + ATTEMPTS_MAX);
  });

  it("and is gone by then is cancelled, and not read again", async () => {
    const { held, behind } = await oneBehindAnother("gone");
    await clickclack.fault("GET", `^/api/messages/${behind}$`, NO_ROWS);
    await held.release();
    await untilState(behind, "cancelled");
    expect(await story(behind)).toMatchObject({ reason: "gone" });
    expect(await gateway.askedAbout("gone: second")).toEqual([]);
  });

  it("and was deleted unheard is cancelled when its turn comes", async () => {
    const { held, behind } = await oneBehindAnother("unheard");
    await clickclack.deaf(true);
    await world.room.remove(world.ben, behind);
    await held.release();
    await untilState(behind, "cancelled");
    expect(await story(behind)).toMatchObject({ reason: "deleted" });
    expect(await gateway.askedAbout("unheard: second")).toEqual([]);
  });
});

it("a question that comes while all have to wait for the gateway is written down as one that waits", async () => {
  // It asks for five minutes, so nobody tries it in this test before its time.
  const away = await gateway.away("rate_limited");
  const { channel, thread, dm } = await placesOf(world);
  const first = [await channel.ask("locked: channel"), await thread.ask("locked: thread")];
  first.push(await world.room.say(world.ben, world.side, "locked: side"));
  await until(async () => (await world.status()).gateway.retryAt !== undefined);
  const last = await dm.ask("locked: dm");
  await untilState(last, "waiting");
  await away.back();
  await until(async () => {
    await passTime(601_000);
    return (await story(last)).state === "answered";
  });
  for (const question of first) await untilState(question, "answered");
  expect(await gateway.askedAbout("locked: dm")).toHaveLength(1);
});

describe("an answer that cannot be posted until an operator mends something", () => {
  it("is given up after its attempts, kept, and has all of them again on an operator's word", async () => {
    const refusal = { kind: "status", status: 401, body: { error: "unauthorized" } };
    await clickclack.fault("POST", "/messages$", refusal, ATTEMPTS_MAX);
    const question = await world.room.say(world.ada, world.general, "refused for long");
    expect(await deadOne(question)).toMatchObject({ stage: "post", reason: "attempts" });
    expect((await story(question)).replies).toMatchObject([{ state: "dead", attempts: ATTEMPTS_MAX }]);
    const refused = (await clickclack.calls("POST", "/messages$")).filter(({ status }) => status === 401);
    expect(refused).toHaveLength(ATTEMPTS_MAX);

    await clickclack.fault("POST", "/messages$", { kind: "status", status: 503 });
    await act(question, "retry");
    await world.answerTo(question);
    await untilState(question, "answered");
    expect(await gateway.askedAbout("refused for long")).toHaveLength(1);
  });
});

it("a history that cannot be found does not make the question gone", async () => {
  const model = worldOf("limitsmodel");
  await model.link();
  await clickclackOf(model.bot.id).fault("GET", "^/api/channels/.*/messages$", NO_ROWS);
  const question = await model.room.say(model.ada, model.general, "without its history at first");
  await model.answerTo(question);
  await clickclackOf(model.bot.id).clearFaults();
});

it("the oldest of too many that wait is dropped for good, and the others are answered", async () => {
  const held = await gateway.hold("a full line");
  await world.room.say(world.ada, world.general, "a full line");
  const waiting: string[] = [];
  for (let i = 0; i <= TURNS_WAITING_PER_CONVERSATION_MAX; i++)
    waiting.push(await world.room.say(world.ben, world.general, `in line: ${i};`));
  const [oldest = "", second = ""] = waiting;
  await untilState(oldest, "dropped");
  await abortAllDurableObjects();
  await held.release();
  await world.link();
  await untilState(waiting.at(-1) ?? "", "answered");
  expect(await story(oldest)).toMatchObject({ state: "dropped", reason: "overflow" });
  expect(await story(second)).toMatchObject({ state: "answered" });
  expect(await gateway.askedAbout("in line: 0;")).toEqual([]);
});
