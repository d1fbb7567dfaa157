import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { ATTEMPTS_MAX } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("dead");
const gateway = gatewayOf("dead");
const clickclack = clickclackOf(world.bot.id);
const { inStorage, passTime } = objectOf("dead");
const { story, untilState, dead, act } = storiesOf("dead");
/** Longer than any wait between two attempts. */
const RETRY_MS = 130_000;
const BUSY = { kind: "status", status: 503 };

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await clickclack.clearFaults();
  await inStorage((sql) => sql.exec("DROP TRIGGER IF EXISTS broken"));
});
afterAll(() => abortAllDurableObjects());

/** A message that ClickClack did not let be read, and that it lets be read from now on. */
async function unread(text: string): Promise<string> {
  await clickclack.fault("GET", "^/api/messages/msg_", BUSY, ATTEMPTS_MAX);
  const message = await world.room.say(world.ada, world.general, text);
  await until(async () => {
    await passTime(RETRY_MS);
    return (await story(message)).state === "dead";
  });
  return message;
}

/** A question whose answer ClickClack refused. */
async function unposted(text: string): Promise<string> {
  const refusal = { kind: "status", status: 403, body: { error: "moderation restriction" } };
  await clickclack.fault("POST", "/messages$", refusal);
  const question = await world.room.say(world.ada, world.general, text);
  await untilState(question, "dead");
  return question;
}

it("what was given up is listed with the newest first, whatever could not be done", async () => {
  const listed: string[] = [];
  for (const give of [unread, unposted, unread, unposted])
    listed.unshift(await give(`given up ${listed.length}`));
  expect((await dead()).map(({ message }) => message)).toEqual(listed);
});

it("a message that could not be read has all its attempts again on an operator's word", async () => {
  const message = await unread("read again");
  await clickclack.fault("GET", "^/api/messages/msg_", BUSY, ATTEMPTS_MAX - 1);
  await act(message, "retry");
  await until(async () => {
    await passTime(RETRY_MS);
    return (await story(message)).state === "answered";
  });
  expect(await world.answersTo(message)).toHaveLength(1);
});

it("a question has all its runs again on an operator's word", async () => {
  await gateway.reply("runs again", { chunks: ["half of"], error: "cut" }, 5);
  const question = await world.room.say(world.ada, world.general, "runs again");
  const untilIt = (state: string) =>
    until(async () => {
      await passTime(RETRY_MS);
      return (await story(question)).state === state;
    });
  await untilIt("dead");
  expect(await story(question)).toMatchObject({ reason: "broken_stream", failedRuns: 2, attempts: 3 });
  await act(question, "retry");
  await untilIt("answered");
  expect(await gateway.askedAbout("runs again")).toHaveLength(6);
});

it("a message that could not be read is let go on an operator's word", async () => {
  const message = await unread("never mind it");
  expect((await act(message, "discard")).status).toBe(200);
  expect(await story(message)).toMatchObject({ state: "dropped", reason: "discarded" });
  await abortAllDurableObjects();
  await world.link();
  await world.answerTo(await world.room.say(world.ada, world.general, "after it was let go"));
  expect(await world.answersTo(message)).toEqual([]);
});

it("is let go as a whole or not at all: a text that is deleted could not be posted after all", async () => {
  const question = await unposted("half let go");
  await inStorage((sql) =>
    sql.exec(
      "CREATE TRIGGER broken BEFORE UPDATE ON turns WHEN NEW.state = 'cancelled' BEGIN SELECT RAISE(ABORT, 'no'); END",
    ),
  );
  expect((await act(question, "discard")).status).toBe(500);
  await inStorage((sql) => sql.exec("DROP TRIGGER broken"));
  expect(await story(question)).toMatchObject({ state: "dead", replies: [{ state: "dead" }] });
  await act(question, "retry");
  await world.answerTo(question);
  expect(await gateway.askedAbout("half let go")).toHaveLength(1);
});
