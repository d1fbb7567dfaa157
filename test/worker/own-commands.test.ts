import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { placesOf } from "../support/places.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

describe("in agent mode", () => {
  const world = worldOf("owncommands");
  const { room, ada, general, side } = world;
  const gateway = gatewayOf("owncommands");
  const clickclack = clickclackOf(world.bot.id);
  const { story, untilState } = storiesOf("owncommands");
  beforeAll(() => world.link());
  afterEach(() => clickclack.clearFaults());

  const sessionOf = async (text: string) => (await gateway.askedAbout(text)).at(-1)?.session;
  const say = (text: string, channel = general) => room.say(ada, channel, text);
  const answered = async (text: string, channel = general) => world.answerTo(await say(text, channel));

  it("/new begins another session, which later messages go on in", async () => {
    await answered("before the new session");
    const { body, quoted_message_id } = await answered("/new");
    expect(body).toBe("✅ New session started.");
    await answered("in the new session");
    await answered("still in the new session");
    const before = await sessionOf("before the new session");
    const fresh = await sessionOf("in the new session");
    expect(before).toBe(`agent:owncommands:clickclack:channel:channel:${general}`);
    expect(fresh).toBe(`${before}:new:${quoted_message_id}`);
    expect(await sessionOf("still in the new session")).toBe(fresh);
    expect(await gateway.askedAbout("/new")).toEqual([]);
  });

  it("/reset does the same, in its own place alone", async () => {
    await answered("a talk on the side", side);
    const elsewhere = await sessionOf("in the new session");
    await answered("/reset", side);
    await answered("a new talk on the side", side);
    expect(await sessionOf("a new talk on the side")).not.toBe(await sessionOf("a talk on the side"));
    await answered("general is not touched");
    expect(await sessionOf("general is not touched")).toBe(elsewhere);
  });

  it("what is said behind /new is the first question of the new session", async () => {
    const question = await say("/new what is a tide?");
    await world.answerTo(question);
    const [asked, ...more] = await gateway.askedAbout("what is a tide?");
    expect(more).toEqual([]);
    expect(asked?.session).toBe(`agent:owncommands:clickclack:channel:channel:${general}:new:${question}`);
    expect(asked?.body.messages.at(-1)?.content).not.toContain("/new");
    expect(await story(question)).toMatchObject({ state: "answered", admittedAs: "command" });
  });

  it("the new session outlasts a restart", async () => {
    await answered("/new");
    await answered("right behind it");
    await abortAllDurableObjects();
    await world.link();
    await answered("after a restart");
    expect(await sessionOf("after a restart")).toBe(await sessionOf("right behind it"));
  });

  it("a new session takes its turn: questions before it are asked in the old one", async () => {
    const held = await gateway.hold("slow one before");
    const slow = await say("slow one before");
    await until(async () => (await gateway.askedAbout("slow one before")).length === 1);
    const waiting = await say("asked before the change");
    const change = await say("/new");
    const after = await say("asked after the change");
    await untilState(change, "waiting");
    await held.release();
    for (const id of [slow, waiting, change, after]) await untilState(id, "answered");
    expect(await sessionOf("asked before the change")).toBe(await sessionOf("slow one before"));
    expect(await sessionOf("asked after the change")).toContain(`:new:${change}`);
  });

  it("/stop ends the running answer at once and drops what waits behind it", async () => {
    await gateway.hold("an endless answer");
    const endless = await say("an endless answer");
    await until(async () => (await gateway.askedAbout("an endless answer")).length === 1);
    const waiting = await say("waits behind it");
    await untilState(waiting, "waiting");
    const { body } = await answered("/stop");
    expect(body).toBe("Stopped. 1 waiting question dropped.");
    await until(async () => (await gateway.askedAbout("an endless answer"))[0]?.state === "cancelled");
    for (const id of [endless, waiting])
      expect(await story(id)).toMatchObject({ state: "cancelled", reason: "stopped", replies: [] });
    await answered("life goes on");
    expect(await gateway.askedAbout("waits behind it")).toEqual([]);
  });

  it("/stop stops nothing in another place, and says so when there is nothing", async () => {
    const held = await gateway.hold("slow on the side");
    const slow = await say("slow on the side", side);
    await until(async () => (await gateway.askedAbout("slow on the side")).length === 1);
    expect((await answered("/stop")).body).toBe("Nothing is being answered here.");
    await held.release();
    await untilState(slow, "answered");
  });

  it("/stop does not take back an answer that is on its way", async () => {
    await clickclack.fault("POST", `/channels/${general}/messages$`, { kind: "status", status: 503 }, 1);
    const question = await say("answered before the stop");
    await until(async () => (await story(question)).replies.length === 1);
    expect((await answered("/stop")).body).toBe("Nothing is being answered here.");
    await untilState(question, "answered");
  });

  it("a stop survives the crash that follows it", async () => {
    await gateway.hold("stopped and crashed");
    const question = await say("stopped and crashed");
    await until(async () => (await gateway.askedAbout("stopped and crashed")).length === 1);
    const stop = await say("/stop");
    await untilState(question, "cancelled");
    await abortAllDurableObjects();
    await world.link();
    await untilState(stop, "answered");
    await answered("the next one");
    expect(await story(question)).toMatchObject({ state: "cancelled", reason: "stopped" });
    expect(await gateway.askedAbout("stopped and crashed")).toHaveLength(1);
  });

  it("/status answers past a question that is being answered, and tells of it", async () => {
    const held = await gateway.hold("being answered");
    const slow = await say("being answered");
    await until(async () => (await gateway.askedAbout("being answered")).length === 1);
    const { body } = await answered("/status");
    expect(body).toContain("- Agent: owncommands");
    expect(body).toContain("- Here: answering");
    expect(body).toContain("- Gateway: reachable");
    await held.release();
    await untilState(slow, "answered");
  });

  it("/status and /help need no gateway", async () => {
    const outage = await gateway.away();
    const question = await say("nobody there to answer");
    await until(async () => !(await world.status()).gateway.reachable);
    expect((await answered("/status")).body).toMatch(/- Gateway: out of reach since \d{4}-/);
    const help = await answered("/help");
    for (const command of ["help", "status", "stop", "new", "reset"])
      expect(help.body).toContain(`\`/${command}`);
    expect(await story(help.quoted_message_id ?? "")).toMatchObject({ command: "help", state: "answered" });
    await outage.back();
    await untilState(question, "answered");
  });

  it("commands work in a thread and in a direct conversation", async () => {
    const { thread, dm } = await placesOf(world);
    for (const place of [thread, dm]) {
      await place.ask("/help");
      await until(async () => (await place.answers()).at(-1)?.body.includes("/reset") ?? false);
      await place.ask("/new");
      await until(async () => (await place.answers()).at(-1)?.body === "✅ New session started.");
    }
  });

  it("a command that cannot be posted at first is posted later, once", async () => {
    await clickclack.fault("POST", `/channels/${general}/messages$`, { kind: "status", status: 503 }, 2);
    const help = await say("/help");
    await untilState(help, "answered");
    expect(await world.answersTo(help)).toHaveLength(1);
  });

  it("another bot's command is none of ours", async () => {
    const { body } = await answered("@otherbot /status");
    expect(body).not.toContain("- Agent:");
    expect(await gateway.askedAbout("@otherbot /status")).toHaveLength(1);
  });

  it("the menu is published, with what works and nothing else", async () => {
    await until(async () => (await room.botCommands(ada)).length > 0);
    const commands = (await room.botCommands(ada)).map(({ command }) => command);
    expect(commands.sort()).toEqual(["/help", "/new", "/reset", "/status", "/stop"]);
  });
});

describe("in model mode, where a bot wants to be mentioned", () => {
  const world = worldOf("ownmodel");
  const { room, ada, general } = world;
  const gateway = gatewayOf("ownmodel");
  beforeAll(() => world.link());

  const asked = async (text: string) =>
    (await gateway.askedAbout(text)).at(-1)?.body.messages.map(({ content }) => content) ?? [];
  const answered = async (text: string) => world.answerTo(await room.say(ada, general, text));

  it("a command needs no mention, and /new makes it forget", async () => {
    await answered("@bot the password is swordfish");
    await answered("@bot do you remember");
    expect((await asked("do you remember")).join("\n")).toContain("swordfish");
    expect((await answered("/new")).body).toBe("✅ New session started.");
    await answered("@bot and now");
    const now = (await asked("and now")).join("\n");
    expect(now).not.toContain("swordfish");
    expect(now).not.toContain("New session started");
  });

  it("commands and their answers are no part of the talk", async () => {
    await answered("/status");
    await answered("@bot what was said last");
    const talk = (await asked("what was said last")).slice(1).join("\n");
    expect(talk).not.toContain("/status");
    expect(talk).not.toContain("- Agent:");
  });

  it("no menu is published where none is wanted", async () => {
    await answered("@bot are you up");
    expect(await room.botCommands(ada)).toEqual([]);
  });
});
