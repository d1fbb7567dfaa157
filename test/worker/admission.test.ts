import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatewayOf } from "../support/control.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

const dropped = async (world: ReturnType<typeof worldOf>, reason: string) =>
  (await world.status()).dropped[reason] ?? 0;

describe("an account that answers people", () => {
  const world = worldOf("policy");
  const gateway = gatewayOf("policy");
  beforeAll(() => world.link());

  it("leaves other bots alone", async () => {
    const before = await dropped(world, "bot_author");
    await world.room.say(world.otherBot, world.general, "a bot speaks");
    await until(async () => (await dropped(world, "bot_author")) === before + 1);
    expect(await gateway.askedAbout("a bot speaks")).toEqual([]);
  });

  it("drops a message that is gone before it can be read", async () => {
    const held = await gateway.hold("keeps the lane busy");
    await world.room.say(world.ada, world.general, "keeps the lane busy");
    await until(async () => (await gateway.askedAbout("keeps the lane busy")).length === 1);
    const regretted = await world.room.say(world.ada, world.general, "regretted at once");
    await until(async () => (await world.status()).turns.waiting === 1);
    await world.room.remove(world.ada, regretted);
    await held.release();
    await until(async () => (await world.status()).turns.cancelled === 1);
    expect(await gateway.askedAbout("regretted at once")).toEqual([]);
  });

  it("answers a message that was edited while it waited as it is now", async () => {
    const held = await gateway.hold("busy again");
    await world.room.say(world.ada, world.general, "busy again");
    await until(async () => (await gateway.askedAbout("busy again")).length === 1);
    const question = await world.room.say(world.ada, world.general, "first wording");
    await until(async () => (await world.status()).turns.waiting === 1);
    await world.room.edit(world.ada, question, "second wording");
    await held.release();
    await world.answerTo(question);
    expect(await gateway.askedAbout("first wording")).toEqual([]);
    expect(await gateway.askedAbout("second wording")).toHaveLength(1);
  });
});

describe("an account that wants to be mentioned", () => {
  const world = worldOf("mentions");
  beforeAll(() => world.link());

  it("answers those channel messages only that name it", async () => {
    await world.room.say(world.ada, world.general, "nobody in particular");
    await world.room.say(world.ada, world.general, "mail a@bot.example, @botany and @otherbot");
    const question = await world.room.say(world.ada, world.general, "and you, @Bot?");
    await world.answerTo(question);
    expect(await dropped(world, "not_mentioned")).toBe(2);
  });

  it("answers every direct message", async () => {
    const dm = await world.room.openDm(world.ada, world.bot);
    await world.room.sayInDm(world.ada, dm, "no mention here");
    await until(async () =>
      (await world.room.inDm(world.ada, dm)).some(({ author_id }) => author_id === world.bot.id),
    );
  });
});
