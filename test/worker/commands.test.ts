import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/env.ts";
import { callBack, commandOf } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const own = env as unknown as Env;
const world = worldOf("commands");
const { room, ada, general } = world;
const gateway = gatewayOf("commands");
const clickclack = clickclackOf(world.bot.id);
const { story, dead, act } = storiesOf("commands");
const { passTime, stub } = objectOf("commands");

beforeAll(() => world.link());
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** Gives a command. @returns its trigger id and the answer to whoever gave it */
async function give(text: string, more: Record<string, string> = {}, account = "commands") {
  const command = commandOf(account === "commands" ? world : worldOf(account), text, more);
  const response = await callBack(account, "commands", JSON.stringify(command));
  return { id: command.trigger_id, status: response.status, answer: await response.json() };
}

const saidBy = async (text: string) =>
  (await room.inChannel(ada, general)).filter(
    ({ author_id, body }) => author_id === world.bot.id && body.includes(text),
  );

it("whoever gives a command is told at once, and the answer is posted below the question", async () => {
  const { id, status, answer } = await give("what time is it");
  expect([status, answer]).toEqual([200, { response_type: "ephemeral", text: "Coming up." }]);
  await until(async () => (await story(id)).state === "answered");
  const [said, ...more] = await saidBy("what time is it");
  expect(said?.body).toMatch(/^> @ada: \/ask what time is it\n\n\S/);
  expect(said?.quoted_message_id).toBeUndefined();
  expect(more).toEqual([]);
  expect(await story(id)).toMatchObject({ roads: ["command"], conversation: general });
});

it("the agent is asked in the channel's own session, by whoever gave it", async () => {
  await world.answerTo(await room.say(ada, general, "said before a command"));
  const { id } = await give("and by command");
  await until(async () => (await story(id)).state === "answered");
  const [message] = await gateway.askedAbout("said before a command");
  const [command] = await gateway.askedAbout("and by command");
  expect(command?.session).toBe(message?.session);
  expect(command?.body.messages.at(-1)?.content).toBe("Ada (@ada): and by command");
  expect(command?.body.messages[0]?.content).toContain(`Slash command ${id} of `);
});

it("the same command a second time is told the same, and answered once", async () => {
  const { id } = await give("only once");
  const again = await give("only once", { trigger_id: id, command_id: "cmd_2" });
  expect([again.status, again.answer]).toEqual([200, { response_type: "ephemeral", text: "Coming up." }]);
  await until(async () => (await story(id)).state === "answered");
  expect(await saidBy("only once")).toHaveLength(1);
  expect(await gateway.askedAbout("only once")).toHaveLength(1);
});

it("while the events cannot be read, whoever waits for them is not left until the next look is due", async () => {
  await clickclack.fault("GET", "/realtime/events$", { kind: "status", status: 502 }, 1);
  const looks = async () => (await clickclack.calls("GET", "/realtime/events$")).length;
  const before = await looks();
  const { id } = await give("while the log is away");
  await until(async () => (await looks()) > before);
  const alarm = () => runInDurableObject(stub(), (_account, { storage }) => storage.getAlarm());
  await until(async () => ((await alarm()) ?? Number.POSITIVE_INFINITY) < Date.now() + 5_000);
  await until(async () => {
    await passTime(5_000);
    return (await story(id)).state === "answered";
  });
});

it("nothing behind the command: its giver is told how to ask", async () => {
  const { id, answer } = await give("  ");
  expect(answer).toEqual({
    response_type: "ephemeral",
    text: "Write your question behind it: /ask what is new?",
  });
  expect(await story(id)).toMatchObject({ code: "message_not_found" });
});

it("somebody who is not answered is told so, and the agent is not asked", async () => {
  await worldOf("pickycommands").link();
  const { status, answer } = await give("let me in", {}, "pickycommands");
  expect([status, answer]).toEqual([
    200,
    { response_type: "ephemeral", text: "I am not set up to answer you." },
  ]);
  expect(await gatewayOf("pickycommands").asked()).toEqual([]);
});

it.each([
  ["cannot be reached", () => Promise.reject(new Error("gone"))],
  ["does not answer", () => new Promise<never>(() => {})],
])(
  "whoever gives a command to an object that %s is told before ClickClack loses its patience",
  async (_what, command) => {
    const real = own.BOT_ACCOUNT.getByName.bind(own.BOT_ACCOUNT);
    const getByName = vi
      .spyOn(own.BOT_ACCOUNT, "getByName")
      .mockImplementation((name) => (name === "commands" ? ({ command } as never) : real(name)));
    const { status, answer } = await give("is anybody there?");
    getByName.mockRestore();
    expect([status, answer]).toEqual([
      200,
      {
        response_type: "ephemeral",
        text: "That may not have reached me. If no answer comes within a minute, please ask again.",
      },
    ]);
  },
);

it("a bot's command is dropped like a bot's message", async () => {
  const { id } = await give("from one bot to another", { user_id: world.otherBot.id });
  await until(async () => (await story(id)).state === "dropped");
  expect(await story(id)).toMatchObject({ reason: "bot_author" });
});

it("a command keeps its place behind what was said before it in the channel", async () => {
  const hold = await gateway.hold("asked first");
  const message = await room.say(ada, general, "asked first, by message");
  await until(async () => (await gateway.askedAbout("asked first")).length > 0);
  const { id } = await give("asked second, by command");
  await until(async () => (await story(id)).state === "waiting");
  await hold.release();
  await world.answerTo(message);
  await until(async () => (await story(id)).state === "answered");
  expect(await saidBy("asked second")).toHaveLength(1);
});

it("a death between the answer to its giver and the answer to the question loses nothing", async () => {
  const hold = await gateway.hold("over a death");
  const { id } = await give("over a death");
  await until(async () => (await gateway.askedAbout("over a death")).length > 0);
  await abortAllDurableObjects();
  await hold.release();
  await world.link();
  await until(async () => {
    await passTime(61_000);
    return (await story(id)).state === "answered";
  });
  expect(await saidBy("over a death")).toHaveLength(1);
});

it("a death while the command is held back leaves it behind what was said before it", async () => {
  const calls = async (path: string) => (await clickclack.calls("GET", path)).length;
  const looks = await calls("/realtime/events$");
  await clickclack.deaf(true);
  await clickclack.fault("GET", "/realtime/events$", { kind: "hang" });
  const message = await room.say(ada, general, "not heard before the death");
  const { id } = await give("held over the death", { trigger_id: `sci_${lateUlid()}` });
  await until(async () => (await calls("/realtime/events$")) > looks);
  expect((await story(id)).state).toBe("undecided");
  await abortAllDurableObjects();
  await clickclack.deaf(false);

  // The next life cannot ask at once what it has not heard.
  const handshakes = await calls("/realtime/ws$");
  await clickclack.fault("GET", "/realtime/ws$", { kind: "status", status: 502 });
  await passTime(0);
  await until(async () => (await calls("/realtime/ws$")) > handshakes);
  await until(async () => (await world.status()).link.state === "reconnecting");
  expect((await story(id)).state).toBe("undecided");
  await until(async () => {
    await passTime(10_000);
    return (await story(id)).state === "answered";
  });
  const said = (await room.inChannel(ada, general)).filter(({ author_id }) => author_id === world.bot.id);
  const first = said.findIndex(({ quoted_message_id }) => quoted_message_id === message);
  expect(first).toBeGreaterThanOrEqual(0);
  expect(first).toBeLessThan(said.findIndex(({ body }) => body.includes("held over the death")));
});

it("one that was given up can be asked for again", async () => {
  await gateway.reply("given up", { error: "provider_401" }, 1);
  const { id } = await give("to be given up");
  await until(async () => (await story(id)).state === "dead");
  expect((await dead()).map(({ message }) => message)).toContain(id);
  await act(id, "retry");
  await until(async () => (await story(id)).state === "answered");
  expect(await saidBy("to be given up")).toHaveLength(1);
});

it("while who gave it cannot be looked up the question waits", async () => {
  await clickclack.fault("GET", "/members$", { kind: "status", status: 502 }, 1);
  const { id } = await give("from somebody unknown", { user_id: world.ben.id });
  await until(async () => (await story(id)).fetchFailures > 0);
  await until(async () => {
    await passTime(3_000);
    return (await story(id)).state === "answered";
  });
  expect((await saidBy("from somebody unknown"))[0]?.body).toContain("> @ben: /ask");
});

describe("in model mode", () => {
  const model = worldOf("commandsmodel");
  const itsStory = storiesOf("commandsmodel").story;
  beforeAll(() => model.link());

  it("what was said before the command goes along, and it needs no mention", async () => {
    await model.room.say(model.otherBot, model.general, "said before");
    const given = commandOf(model, "what was said?", { trigger_id: `sci_${lateUlid()}` });
    await callBack("commandsmodel", "commands", JSON.stringify(given));
    await until(async () => (await itsStory(given.trigger_id)).state === "answered");
    const early = commandOf(model, "what was said long ago?", {
      trigger_id: "sci_01m81fjx4says4fs7hs8fs716f",
    });
    // Days old by its id, which is ClickClack's own clock: an operator's word aside it is not answered any more.
    await callBack("commandsmodel", "commands", JSON.stringify(early));
    await until(async () => (await itsStory(early.trigger_id)).state === "dropped");
    expect(await itsStory(early.trigger_id)).toMatchObject({ reason: "stale" });
    const [asked] = await gatewayOf("commandsmodel").askedAbout("what was said?");
    const texts = asked?.body.messages.map(({ content }) => content) ?? [];
    expect(texts.some((text) => text.endsWith("said before"))).toBe(true);
  });
});

/** A ULID of now, as ClickClack's ids have it. */
function lateUlid(): string {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  let rest = Date.now();
  let time = "";
  for (let at = 0; at < 10; at++) {
    time = digits.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return `${time}zzzzzzzzzzzzzzzz`;
}
