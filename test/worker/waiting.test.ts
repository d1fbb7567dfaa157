import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { until } from "../support/wait.ts";
import { readWorker, worldOf } from "../support/world.ts";

const world = worldOf("waiting");
const gateway = gatewayOf("waiting");
const clickclack = clickclackOf(world.bot.id);

beforeAll(() => world.link());
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

const stateOf = async (message: string) =>
  (await (await readWorker(`/v1/accounts/waiting/messages/${message}`)).json()) as {
    state: string;
    reason?: string;
  };

/** One question that is being answered until it is released, and one behind it. */
async function oneBehindAnother(name: string) {
  const held = await gateway.hold(`${name}: first`);
  await world.room.say(world.ada, world.general, `${name}: first`);
  const behind = await world.room.say(world.ben, world.general, `${name}: second`);
  await until(async () => (await stateOf(behind)).state === "waiting");
  return { held, behind };
}

it("a question that is deleted while it waits is cancelled before its turn comes, and never asked", async () => {
  const { held, behind } = await oneBehindAnother("deleted");
  await world.room.remove(world.ben, behind);
  await until(async () => (await stateOf(behind)).state === "cancelled");
  expect(await stateOf(behind)).toMatchObject({ reason: "deleted" });
  const third = await world.room.say(world.ben, world.general, "deleted: third");
  await held.release();
  await world.answerTo(third);
  expect(await gateway.askedAbout("deleted: second")).toEqual([]);
});

it("a question that is edited while it waits is answered as edited", async () => {
  const { held, behind } = await oneBehindAnother("edited");
  await world.room.edit(world.ben, behind, "a better question");
  await held.release();
  await world.answerTo(behind);
  expect(await gateway.askedAbout("a better question")).toHaveLength(1);
  expect(await gateway.askedAbout("edited: second")).toEqual([]);
});

it("a question that is too old when it is first looked at is dropped as stale", async () => {
  const hourAgo = new Date(Date.now() - 3_601_000).toISOString();
  const body = {
    message: {
      id: "msg_old",
      channel_id: world.general,
      author_id: world.ada.id,
      thread_root_id: "msg_old",
      body: "an old question",
      created_at: hourAgo,
    },
  };
  await clickclack.fault("GET", "^/api/messages/msg_", { kind: "status", status: 200, body });
  const question = await world.room.say(world.ada, world.side, "an old question");
  await until(async () => (await stateOf(question)).state === "dropped");
  expect(await stateOf(question)).toMatchObject({ reason: "stale" });
  expect((await world.status()).dropped).toMatchObject({ stale: 1 });
  expect(await gateway.askedAbout("an old question")).toEqual([]);
});
