import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { MESSAGE_TEXT_MAX_CHARS } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

// An answer that ClickClack takes in two messages only.

const world = worldOf("parts");
const gateway = gatewayOf("parts");
const clickclack = clickclackOf(world.bot.id);
const { inStorage, passTime } = objectOf("parts");
const { story, untilState, dead, act } = storiesOf("parts");
/** Longer than any wait between two attempts. */
const RETRY_MS = 130_000;
const FIRST = "a".repeat(MESSAGE_TEXT_MAX_CHARS);

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await clickclack.clearFaults();
  await inStorage((sql) => sql.exec("DROP TRIGGER IF EXISTS broken"));
});
afterAll(() => abortAllDurableObjects());

/** Asks for an answer whose second part is the question's text again. */
async function ask(text: string): Promise<string> {
  await gateway.reply(text, { text: FIRST + text });
  return world.room.say(world.ada, world.general, text);
}

/** Lets the first post pass, and throws a fault in the way of the second one. */
async function spoilSecondPost(fault: object, times = 1): Promise<void> {
  await clickclack.fault("POST", "/messages$", { kind: "delay", ms: 0 });
  await clickclack.fault("POST", "/messages$", fault, times);
}

const posts = async () => (await clickclack.calls("POST", "/messages$")).length;

/** What the bot posted of an answer: its parts, and which one quotes. */
async function posted(question: string, text: string) {
  const all = (await world.room.inChannel(world.ada, world.general)).filter(
    ({ author_id }) => author_id === world.bot.id,
  );
  return all
    .filter(({ body, quoted_message_id: quoted }) => body === text || quoted === question)
    .map(({ body, quoted_message_id: quoted }) => [body === FIRST ? "first" : body, quoted === question]);
}

const whole = (text: string) => [
  ["first", true],
  [text, false],
];

it("comes whole and in order, and its first part quotes the question", async () => {
  const question = await ask("one after the other");
  await untilState(question, "answered");
  expect(await posted(question, "one after the other")).toEqual(whole("one after the other"));
});

it("goes on where a failed post stopped it, and posts no part twice", async () => {
  await spoilSecondPost({ kind: "status", status: 503 });
  const before = await posts();
  const question = await ask("the second post fails");
  await untilState(question, "answered");
  expect(await posted(question, "the second post fails")).toEqual(whole("the second post fails"));
  expect(await posts()).toBe(before + 3);
  expect(await gateway.askedAbout("the second post fails")).toHaveLength(1);
});

it("goes on after a crash between its parts", async () => {
  await spoilSecondPost({ kind: "hang" });
  const before = await posts();
  const question = await ask("a crash in between");
  await until(async () => (await posts()) === before + 2);
  await abortAllDurableObjects();
  await world.link();
  await untilState(question, "answered");
  expect(await posted(question, "a crash in between")).toEqual(whole("a crash in between"));
  expect(await gateway.askedAbout("a crash in between")).toHaveLength(1);
});

it("is stored whole or not at all, so that no half of it is ever posted", async () => {
  await inStorage((sql) =>
    sql.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON outbox WHEN NEW.nonce LIKE '%:1' BEGIN SELECT RAISE(ABORT, 'no room'); END",
    ),
  );
  const question = await ask("no room for it");
  await until(async () => (await story(question)).error?.includes("no room") === true);
  expect((await story(question)).replies).toEqual([]);
  await inStorage((sql) => sql.exec("DROP TRIGGER broken"));
  await until(async () => {
    await passTime(RETRY_MS);
    return (await story(question)).state === "answered";
  });
  expect(await posted(question, "no room for it")).toEqual(whole("no room for it"));
});

it("is settled together with its last part, so that a turn whose answer is there never stays open", async () => {
  await inStorage((sql) =>
    sql.exec(
      "CREATE TRIGGER broken BEFORE UPDATE ON turns WHEN NEW.state = 'answered' BEGIN SELECT RAISE(ABORT, 'no end'); END",
    ),
  );
  const question = await ask("no end to it");
  await until(async () => (await story(question)).error?.includes("no end") === true);
  await inStorage((sql) => sql.exec("DROP TRIGGER broken"));
  await until(async () => {
    await passTime(RETRY_MS);
    return (await story(question)).state === "answered";
  });
  expect(await posted(question, "no end to it")).toEqual(whole("no end to it"));
});

it("that is given up half posted can be let go, and what was posted stays known", async () => {
  await spoilSecondPost({ kind: "status", status: 403, body: { error: "moderation restriction" } });
  const question = await ask("half of it is refused");
  await until(async () => (await dead()).some(({ message }) => message === question));
  expect((await story(question)).replies.map(({ state }) => state)).toEqual(["sent", "dead"]);
  await act(question, "discard");
  expect((await story(question)).replies.map(({ state }) => state)).toEqual(["sent"]);
});

it("that is given up half posted can be tried again from there", async () => {
  await spoilSecondPost({ kind: "status", status: 403, body: { error: "moderation restriction" } });
  const before = await posts();
  const question = await ask("half of it again");
  await until(async () => (await dead()).some(({ message }) => message === question));
  await act(question, "retry");
  await untilState(question, "answered");
  expect(await posted(question, "half of it again")).toEqual(whole("half of it again"));
  expect(await posts()).toBe(before + 3);
});
