import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("outage");
const gateway = gatewayOf("outage");
const { passTime, inStorage } = objectOf("outage");
/** Longer than any wait between two probes. */
const PROBE_MS = 61_000;
const NOTICE_MS = 121_000;

let away: { back(): Promise<void> } | undefined;
const goAway = async () => {
  away = await gateway.away();
};
const comeBack = async () => {
  await away?.back();
  away = undefined;
};

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await comeBack();
  // Whatever one test left is answered before the next one begins.
  await probeUntil(async () => {
    const { waiting, running } = (await world.status()).turns;
    return waiting + running === 0;
  });
});
afterAll(() => abortAllDurableObjects());

const waiting = async () => (await world.status()).turns.waiting;
const isOpen = async () => (await world.status()).gateway.retryAt !== undefined;
const asked = async () => (await gateway.asked()).length;

/** Lets probes happen until something holds. */
async function probeUntil(holds: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    await passTime(PROBE_MS);
    return holds();
  });
}

/** What the bot said that answers no question. */
const notices = async (where: string) =>
  (await world.room.inChannel(world.ada, where)).filter(
    ({ author_id, body }) => author_id === world.bot.id && body.includes("cannot reach my agent"),
  );

describe("while the gateway is away", () => {
  it("questions wait and are not used up, however often it is tried, and are answered once in their order", async () => {
    await goAway();
    const before = await asked();
    const first = await world.room.say(world.ada, world.general, "outage: first");
    const second = await world.room.say(world.ben, world.general, "outage: second");
    const elsewhere = await world.room.say(world.ben, world.side, "outage: elsewhere");
    // More tries than any count of attempts would allow.
    await probeUntil(async () => (await asked()) >= before + 20);
    await until(async () => (await waiting()) === 3);
    expect((await world.status()).turns.dead).toBe(0);
    await comeBack();
    await probeUntil(async () => (await world.status()).gateway.reachable);
    for (const question of [first, second, elsewhere]) {
      await world.answerTo(question);
      expect(await world.answersTo(question)).toHaveLength(1);
    }
    const order = (await world.room.inChannel(world.ada, world.general))
      .map(({ quoted_message_id }) => quoted_message_id)
      .filter((id) => id === first || id === second);
    expect(order).toEqual([first, second]);
  });

  it("one question at a time tries it, and they take turns", async () => {
    await goAway();
    await world.room.say(world.ada, world.general, "probe: general");
    await world.room.say(world.ada, world.side, "probe: side");
    await until(async () => {
      if (await isOpen()) return true;
      await passTime(PROBE_MS);
      return false;
    });
    // By then both are behind the breaker: before it opened each had a time of its own.
    const before = (await asked()) + 3;
    await probeUntil(async () => (await asked()) >= before + 6);
    const texts = (await gateway.asked()).slice(before).map(({ body }) => body.messages.at(-1)?.content);
    for (const [i, text] of texts.entries()) expect(text).not.toBe(texts[i - 1]);
  });

  it("one question that breaks the connection does not close the door to the others", async () => {
    await gateway.reply("poison", { error: "reset" }, 2);
    await gateway.reply("poison", { text: "an antidote" });
    const poison = await world.room.say(world.ada, world.general, "poison");
    await until(async () => (await gateway.askedAbout("poison")).length >= 1);
    const other = await world.room.say(world.ben, world.side, "meanwhile");
    await world.answerTo(other);
    expect(await isOpen()).toBe(false);
    expect((await world.answerTo(poison)).body).toBe("an antidote");
  });

  it("a question that waited as long as a message may be old is dead, with what was in the way", async () => {
    await goAway();
    const { dead } = (await world.status()).turns;
    const question = await world.room.say(world.ada, world.general, "too late");
    await until(async () => (await waiting()) === 1);
    await inStorage((sql) =>
      sql.exec("UPDATE turns SET admitted_at = ? WHERE state = 'waiting'", Date.now() - 3_600_001),
    );
    await probeUntil(async () => (await world.status()).turns.dead === dead + 1);
    const row = await inStorage((sql) =>
      sql.exec("SELECT reason, error FROM turns WHERE message_id = ?", question).one(),
    );
    expect(row).toEqual({ reason: "draining", error: expect.stringContaining("draining: ") });
  });

  it("a question that is deleted is cancelled at once", async () => {
    await goAway();
    const { cancelled } = (await world.status()).turns;
    const question = await world.room.say(world.ada, world.general, "never mind");
    await until(isOpen);
    await world.room.remove(world.ada, question);
    await until(async () => (await world.status()).turns.cancelled === cancelled + 1);
    expect(await waiting()).toBe(0);
  });
});

it("after a restart one question tries the gateway again, and the others wait for what it finds", async () => {
  await goAway();
  const places = [world.general, world.side];
  for (const place of places) await world.room.say(world.ada, place, "before the restart");
  await until(isOpen);
  await abortAllDurableObjects();
  const before = await asked();
  await world.link();
  await until(async () => (await asked()) > before);
  await until(isOpen);
  expect(await asked()).toBe(before + 1);
  expect(await waiting()).toBe(2);
});

describe("people", () => {
  it("are told once in a conversation, when it has lasted, over a restart, and get their answer in the end", async () => {
    await goAway();
    const question = await world.room.say(world.ada, world.general, "anybody there?");
    const behind = await world.room.say(world.ada, world.general, "hello?");
    await until(async () => (await waiting()) === 2);
    expect(await notices(world.general)).toEqual([]);
    await passTime(NOTICE_MS);
    await until(async () => (await notices(world.general)).length === 1);

    await abortAllDurableObjects();
    await world.link();
    expect((await world.status()).gateway).toMatchObject({ reachable: false, told: 1 });
    const late = await world.room.say(world.ben, world.side, "me too");
    await until(async () => (await waiting()) === 3);
    await passTime(NOTICE_MS);
    await until(async () => (await notices(world.side)).length === 1);
    await passTime(2 * NOTICE_MS);

    await comeBack();
    await probeUntil(async () => (await world.status()).gateway.reachable);
    for (const one of [question, behind, late]) await world.answerTo(one);
    const [told, ...more] = await notices(world.general);
    expect(told).toMatchObject({ quoted_message_id: question });
    expect(more).toEqual([]);
    expect(await notices(world.side)).toHaveLength(1);
  });

  it("are told in the next outage again", async () => {
    await goAway();
    const question = await world.room.say(world.ada, world.side, "gone again?");
    await until(async () => (await waiting()) === 1);
    const before = (await notices(world.side)).length;
    await passTime(NOTICE_MS);
    await until(async () => (await notices(world.side)).length === before + 1);
    await comeBack();
    await probeUntil(async () => (await world.status()).gateway.reachable);
    await world.answerTo(question);
  });
});
