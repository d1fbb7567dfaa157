import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { postMessage, worldOf } from "../support/world.ts";

const world = worldOf("overheard");
const { room, ada, ben, bot, general, side } = world;
const gateway = gatewayOf("overheard");
const clickclack = clickclackOf(bot.id);
const { untilState } = storiesOf("overheard");

beforeAll(() => world.link());
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** What the agent was asked with a message, but for the system message. */
async function askedWith(text: string) {
  await until(async () => (await gateway.askedAbout(text)).length === 1);
  const [asked] = await gateway.askedAbout(text);
  return asked?.body.messages.slice(1).map(({ role, content }) => `${role}: ${content}`);
}

/** Asks in a channel, and waits for the end of it. */
async function ask(channel: string, text: string): Promise<void> {
  await untilState(await room.say(ada, channel, text), "answered");
}

it("what was said since the last answer and was not asked goes along, by whom it was said", async () => {
  await room.say(ada, general, "the tide is out");
  await room.say(ben, general, "until when");
  await ask(general, "@bot and now");
  expect(await askedWith("@bot and now")).toEqual([
    "user: Ada (@ada): the tide is out",
    "user: Ben (@ben): until when",
    "user: Ada (@ada): @bot and now",
  ]);
  await room.say(ben, general, "thanks");
  await ask(general, "@bot once more");
  expect(await askedWith("@bot once more")).toEqual([
    "user: Ben (@ben): thanks",
    "user: Ada (@ada): @bot once more",
  ]);
});

it("what was said while an answer was being made goes along with the next question", async () => {
  const held = await gateway.hold("@bot take your time");
  const question = await room.say(ada, general, "@bot take your time");
  await until(async () => (await gateway.askedAbout("@bot take your time")).length === 1);
  await room.say(ben, general, "meanwhile");
  await held.release();
  await untilState(question, "answered");
  await ask(general, "@bot what was that");
  expect(await askedWith("@bot what was that")).toEqual([
    "user: Ben (@ben): meanwhile",
    "user: Ada (@ada): @bot what was that",
  ]);
});

it("what went along once does not go again, though the agent said nothing to it", async () => {
  await gateway.reply("@bot a nod will do", { error: "silent" });
  await room.say(ben, general, "only once, please");
  await untilState(await room.say(ada, general, "@bot a nod will do"), "silent");
  await ask(general, "@bot go on");
  expect(await askedWith("@bot go on")).toEqual(["user: Ada (@ada): @bot go on"]);
});

it("the newest go along when there are more than may", async () => {
  for (const number of [1, 2, 3, 4, 5, 6]) await room.say(ben, side, `number ${number}`);
  await ask(side, "@bot how many");
  expect(await askedWith("@bot how many")).toEqual([
    ...[3, 4, 5, 6].map((number) => `user: Ben (@ben): number ${number}`),
    "user: Ada (@ada): @bot how many",
  ]);
});

it("what was deleted does not go along, and what the bot was made to say does", async () => {
  const regretted = await room.say(ben, side, "regretted");
  await room.remove(ben, regretted);
  const sent = await postMessage({
    account: "overheard",
    to: `channel:${side}`,
    text: "the build is broken",
  });
  expect(sent.status).toBe(201);
  await ask(side, "@bot what is broken");
  expect(await askedWith("@bot what is broken")).toEqual([
    "assistant: the build is broken",
    "user: Ada (@ada): @bot what is broken",
  ]);
});

it("a command to the bot is neither new to the agent nor an end of what is, and a new session begins anew", async () => {
  await room.say(ben, side, "before a command");
  await untilState(await room.say(ada, side, "/status"), "answered");
  await ask(side, "@bot after a command");
  expect(await askedWith("@bot after a command")).toEqual([
    "user: Ben (@ben): before a command",
    "user: Ada (@ada): @bot after a command",
  ]);

  await room.say(ben, side, "before a new session");
  await untilState(await room.say(ada, side, "/new"), "answered");
  await room.say(ben, side, "in a new session");
  await ask(side, "@bot anew");
  expect(await askedWith("@bot anew")).toEqual([
    "user: Ben (@ben): in a new session",
    "user: Ada (@ada): @bot anew",
  ]);
});

it("in a thread, its root and its replies go along, and nothing of its channel", async () => {
  const root = await room.say(ada, general, "a root that nobody asked about");
  await room.say(ben, general, "beside the thread");
  await room.replyInThread(ben, root, "a reply");
  const question = await room.replyInThread(ada, root, "@bot in the thread");
  await untilState(question, "answered");
  expect(await askedWith("@bot in the thread")).toEqual([
    "user: Ada (@ada): a root that nobody asked about",
    "user: Ben (@ben): a reply",
    "user: Ada (@ada): @bot in the thread",
  ]);
});

it("a question goes without it when it cannot be read", async () => {
  await room.say(ben, side, "unreadable");
  await clickclack.fault("GET", "/messages$", { kind: "status", status: 503 });
  await ask(side, "@bot all the same");
  expect(await askedWith("@bot all the same")).toEqual(["user: Ada (@ada): @bot all the same"]);
});

it("nothing is looked for in a direct conversation", async () => {
  const dm = await room.openDm(ada, bot);
  await untilState(await room.sayInDm(ada, dm, "just us"), "answered");
  expect(await askedWith("just us")).toEqual(["user: just us"]);
  expect(await clickclack.calls("GET", "^/api/dms/[^/]+/messages")).toEqual([]);
});
