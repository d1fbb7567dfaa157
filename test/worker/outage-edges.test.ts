import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { BotAccount } from "../../src/account/bot-account.ts";
import type { Env } from "../../src/env.ts";
import { gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { readWorker, worldOf } from "../support/world.ts";

const world = worldOf("flapping");
const gateway = gatewayOf("flapping");
const { passTime, inStorage, stub } = objectOf("flapping");
const PROBE_MS = 61_000;
const NOTICE_MS = 121_000;
const HOUR_MS = 3_600_000;

let away: { back(): Promise<void> } | undefined;
const goAway = async () => {
  away = await gateway.away();
};
const comeBack = async () => {
  await away?.back();
  away = undefined;
};

/** Questions that would never end. */
const strays: string[] = [];

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await comeBack();
  for (const stray of strays.splice(0)) await world.room.remove(world.ada, stray);
  await until(async () => {
    await passTime(PROBE_MS);
    const { waiting, running } = (await world.status()).turns;
    return waiting + running === 0;
  });
});
afterAll(() => abortAllDurableObjects());

const gatewayState = async () => (await world.status()).gateway;
const isAway = async () => !(await gatewayState()).reachable;
const stateOf = async (message: string) =>
  ((await (await readWorker(`/v1/accounts/flapping/messages/${message}`)).json()) as { state: string }).state;
const notices = async (where: string) =>
  (await world.room.inChannel(world.ada, where)).filter(
    ({ author_id, body }) => author_id === world.bot.id && body.includes("cannot reach my agent"),
  );
/** Makes every admitted message look as if it had been admitted more than an hour ago. */
const age = () => inStorage((sql) => sql.exec("UPDATE turns SET admitted_at = ?", Date.now() - HOUR_MS - 1));

it("an answer that was on its way before does not end the outage, nor tell anybody again", async () => {
  const held = await gateway.hold("on its way");
  const early = await world.room.say(world.ada, world.side, "on its way");
  await until(async () => (await gateway.askedAbout("on its way")).length === 1);
  await goAway();
  await world.room.say(world.ada, world.general, "in the outage");
  await until(isAway);
  await passTime(NOTICE_MS);
  await until(async () => (await notices(world.general)).length === 1);
  const { since, told } = await gatewayState();
  await held.release();
  await world.answerTo(early);
  await until(async () => (await stateOf(early)) === "answered");
  expect(await gatewayState()).toMatchObject({ reachable: false, since, told });
});

it("a message that was told of an earlier outage stands in nobody's way in the next", async () => {
  await goAway();
  const question = await world.room.say(world.ada, world.general, "told before");
  await until(isAway);
  const before = (await notices(world.general)).length;
  await passTime(NOTICE_MS);
  await until(async () => (await notices(world.general)).length === before + 1);
  await gateway.reply("told before", { error: "provider_503" }, 1);
  await comeBack();
  await until(async () => {
    await passTime(PROBE_MS);
    return (await gatewayState()).reachable;
  });

  await goAway();
  await until(async () => {
    await passTime(PROBE_MS);
    return isAway();
  });
  const other = await world.room.say(world.ada, world.side, "not told yet");
  await until(async () => (await stateOf(other)) === "waiting");
  await passTime(2 * NOTICE_MS);
  await until(async () => (await notices(world.side)).length === 1);
  expect(await notices(world.general)).toHaveLength(before + 1);
  await comeBack();
  await until(async () => {
    await passTime(PROBE_MS);
    return (await stateOf(question)) === "answered";
  });
});

it("a question that always breaks the connection keeps nobody else waiting, and tries less and less often", async () => {
  await gateway.reply("poison", { error: "reset" });
  const poison = await world.room.say(world.ada, world.general, "poison");
  strays.push(poison);
  const tried = async () => (await gateway.askedAbout("poison")).length;
  await until(async () => {
    await passTime(PROBE_MS * 2);
    return (await tried()) >= 8;
  });
  await until(async () => (await stateOf(poison)) === "waiting");
  const before = await tried();
  for (let i = 0; i < 3; i++) {
    const other = await world.room.say(world.ben, world.side, `healthy ${i}`);
    await world.answerTo(other);
  }
  expect(await tried()).toBe(before);
});

it("the time that a question spends in line is not part of its wait for the gateway", async () => {
  const held = await gateway.hold("slow before it");
  await world.room.say(world.ada, world.general, "slow before it");
  const second = await world.room.say(world.ada, world.general, "an hour in line");
  await until(async () => (await stateOf(second)) === "waiting");
  await age();
  await gateway.reply("an hour in line", { error: "draining" }, 1);
  await held.release();
  await world.answerTo(second);
});

it("what waited over a long stop is asked about, and not given up, once the gateway is there", async () => {
  await goAway();
  const questions = [
    await world.room.say(world.ada, world.general, "over the stop"),
    await world.room.say(world.ada, world.side, "over the stop, too"),
  ];
  for (const question of questions) await until(async () => (await stateOf(question)) === "waiting");
  await age();
  await inStorage((sql) =>
    sql.exec(
      "UPDATE facts SET value = json_set(value, '$.since', ?) WHERE key = 'outage'",
      Date.now() - 2 * HOUR_MS,
    ),
  );
  await comeBack();
  await abortAllDurableObjects();
  await world.link();
  for (const question of questions) await world.answerTo(question);
});

it("an account whose gateway was taken out of the configuration lets what waits for it wait", async () => {
  await goAway();
  const question = await world.room.say(world.ada, world.general, "nobody to ask");
  await until(async () => (await stateOf(question)) === "waiting");
  await age();
  const own = env as unknown as Env;
  const { gateway: _, ...config } = JSON.parse(own.OPENCLAW_CONFIG ?? "") as Record<string, unknown>;
  const { state, asked } = await runInDurableObject(stub(), async (_object, object) => {
    const before = (await gateway.asked()).length;
    const account = new BotAccount(object, { ...own, OPENCLAW_CONFIG: JSON.stringify(config) } as Env);
    account.ensure();
    await account.alarm();
    return {
      state: object.storage.sql.exec("SELECT state FROM turns WHERE message_id = ?", question).one().state,
      asked: (await gateway.asked()).length - before,
    };
  });
  expect({ state, asked }).toEqual({ state: "waiting", asked: 0 });
});
