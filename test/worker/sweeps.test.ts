import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { cursorTimeMs } from "../../src/domain/cursor.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { eventOf } from "../support/events.ts";
import { objectOf } from "../support/object.ts";
import { placesOf } from "../support/places.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

// Its reconnect waits longer than a test does.
const world = worldOf("sweeps");
const gateway = gatewayOf("sweeps");
const clickclack = clickclackOf(world.bot.id);
const { inStorage, passTime } = objectOf("sweeps");
const { story, untilState } = storiesOf("sweeps");
/** Longer than the watchdog waits. */
const LOOK_MS = 46_000;

beforeEach(async () => {
  await abortAllDurableObjects();
  await until(async () => (await clickclack.sockets()).length === 0);
  await world.link();
});
afterEach(async () => {
  await clickclack.clearFaults();
  await clickclack.deaf(false);
});
afterAll(() => abortAllDurableObjects());

const opened = async () => (await clickclack.sockets()).map(({ opened_at }) => opened_at);
const reads = async () => (await clickclack.calls("GET", "/realtime/events")).length;

/** The cursor of a later event, of another millisecond, that nobody needs to answer. */
async function cursorAfter(message: string): Promise<string> {
  const { cursor } = await eventOf(world, message);
  for (;;) {
    const other = await world.room.say(world.otherBot, world.side, "a while later");
    const { cursor: later } = await eventOf(world, other);
    if ((cursorTimeMs(later) ?? 0) > (cursorTimeMs(cursor) ?? 0)) return later;
  }
}

it("an event that was published behind the cursor is found by the step back, and blamed on no socket", async () => {
  await abortAllDurableObjects();
  const question = await world.room.say(world.ada, world.general, "published late");
  const later = await cursorAfter(question);
  await inStorage((sql) =>
    sql.exec("UPDATE facts SET value = ? WHERE key = 'cursor'", JSON.stringify(later)),
  );
  await abortAllDurableObjects();
  await until(async () => (await clickclack.sockets()).length === 0);
  await world.link();
  await world.answerTo(question);
  expect((await story(question)).roads).toEqual(["sweep"]);
  const socket = await opened();
  const before = await reads();
  await passTime(LOOK_MS);
  await until(async () => (await reads()) > before);
  expect(await opened()).toEqual(socket);
});

it("a look that ClickClack cannot answer just now costs no socket, and the next one makes up for it", async () => {
  const socket = await opened();
  await clickclack.deaf(true);
  const question = await world.room.say(world.ada, world.general, "said between two looks");
  await clickclack.fault("GET", "/realtime/events", { kind: "status", status: 503 });
  const before = await reads();
  await passTime(LOOK_MS);
  await until(async () => (await reads()) === before + 1);
  await passTime(2 * LOOK_MS);
  await world.answerTo(question);
  expect(await opened()).toEqual(socket);
  expect((await world.status()).link.state).toBe("linked");
});

it("a page that cannot be read is left, and not read again and again", async () => {
  const body = { events: [{ cursor: 1 }, { cursor: 2 }], tail_cursor: "cur_7zzzzzzzzzzzzzzzzzzzzzzzzz" };
  await clickclack.fault("GET", "/realtime/events", { kind: "status", status: 200, body }, 20);
  const before = await reads();
  await passTime(LOOK_MS);
  await until(async () => (await reads()) > before);
  await world.answerTo(await world.room.say(world.ada, world.general, "beside what cannot be read"));
  // A look asks a few times whether the log still has its place; reading on would take all twenty.
  expect((await reads()) - before).toBeLessThan(10);
});

it("comes back at once when it was too slow for a burst", async () => {
  await world.answerTo(await world.room.say(world.ada, world.general, "before the burst"));
  const [socket] = await opened();
  await clickclack.closeSocket(1013);
  await until(async () => (await opened()).some((other) => other !== socket));
  await world.answerTo(await world.room.say(world.ada, world.general, "after the burst"));
});

it("its own answers in a thread, whose events name no author, are not even looked at", async () => {
  const { thread } = await placesOf(world);
  const question = await thread.ask("in a thread");
  await untilState(question, "answered");
  const [answer] = await thread.answers();
  // Once this one is answered, the event of the answer before it has come.
  await world.answerTo(await world.room.say(world.ada, world.general, "after the thread"));
  expect(await clickclack.calls("GET", `^/api/messages/${answer?.id}$`)).toEqual([]);
});

it("a message tells each road that brought it once", async () => {
  await clickclack.deaf(true);
  const question = await world.room.say(world.ada, world.general, "by all roads");
  await passTime(LOOK_MS);
  await world.answerTo(question);
  await clickclack.deaf(false);
  const frame = JSON.stringify(await eventOf(world, question));
  for (let i = 0; i < 3; i++) await clickclack.frame(frame);
  await world.answerTo(await world.room.say(world.ada, world.general, "after all of them"));
  expect((await story(question)).roads).toEqual(["sweep", "realtime"]);
  expect(await world.answersTo(question)).toHaveLength(1);
});

it.each([
  ["bot", "$.botUserId"],
  ["workspace", "$.workspaceId"],
])("another %s under the same account starts afresh, at its tail", async (what, path) => {
  await abortAllDurableObjects();
  await until(async () => (await clickclack.sockets()).length === 0);
  await inStorage((sql) =>
    sql.exec("UPDATE facts SET value = json_set(value, ?, 'other') WHERE key = 'identity'", path),
  );
  await abortAllDurableObjects();
  const before = await world.room.say(world.ada, world.general, `said to another ${what}`);
  await world.link();
  await world.answerTo(await world.room.say(world.ada, world.general, `said to this ${what}`));
  expect(await gateway.askedAbout(`said to another ${what}`)).toEqual([]);
  expect(await world.answersTo(before)).toEqual([]);
});
