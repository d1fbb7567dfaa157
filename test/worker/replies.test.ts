import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../sandbox/room.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

describe("agent mode", () => {
  const world = worldOf("agent");
  const gateway = gatewayOf("agent");
  beforeAll(() => world.link());

  it("answers in the channel with a quote, from the session that OpenClaw's plugin would use", async () => {
    await gateway.reply("first question", { text: "first answer" });
    const question = await world.room.say(world.ada, world.general, "first question");
    const answer = await world.answerTo(question);

    expect(answer.body).toBe("first answer");
    const [asked] = await gateway.askedAbout("first question");
    expect(asked?.headers["x-openclaw-message-channel"]).toBe("clickclack");
    expect(asked?.headers["x-openclaw-agent-id"]).toBe("agent");
    expect(asked?.headers["x-openclaw-session-key"]).toBe(
      `agent:agent:clickclack:channel:channel:${world.general}`,
    );
    expect(asked?.body).toMatchObject({ model: "openclaw/agent", stream: true });
  });

  it("sends only the new message, says who speaks, and who and where in the system message", async () => {
    await gateway.reply("second question", { text: "second answer" });
    const question = await world.room.say(world.ada, world.general, "second question");
    await world.answerTo(question);

    const [asked] = await gateway.askedAbout("second question");
    expect(asked?.body.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(asked?.body.messages[1]?.content).toBe("Ada (@ada): second question");
    const system = asked?.body.messages[0]?.content ?? "";
    for (const fact of [world.bot.id, world.ada.id, world.general, question, "a person", "Room of agent"])
      expect(system).toContain(fact);
  });

  it("answers a thread's message in its thread, in the session of its channel", async () => {
    await gateway.reply("thread question", { text: "thread answer" });
    const root = await world.room.say(world.ben, world.side, "a root");
    await world.answerTo(root);
    await world.room.replyInThread(world.ada, root, "thread question");
    const answer = await waitFor(
      () => world.room.inThread(world.ada, root),
      (said) => said.author_id === world.bot.id,
    );

    expect(answer.body).toBe("thread answer");
    expect(answer.quoted_message_id).toBeUndefined();
    const [asked] = await gateway.askedAbout("thread question");
    expect(asked?.headers["x-openclaw-session-key"]).toBe(
      `agent:agent:clickclack:channel:channel:${world.side}`,
    );
  });

  it("answers a direct message in its conversation, in a session of that person's own", async () => {
    await gateway.reply("private question", { text: "private answer" });
    const dm = await world.room.openDm(world.ada, world.bot);
    await world.room.sayInDm(world.ada, dm, "private question");
    const answer = await waitFor(
      () => world.room.inDm(world.ada, dm),
      (said) => said.author_id === world.bot.id,
    );

    expect(answer.body).toBe("private answer");
    const [asked] = await gateway.askedAbout("private question");
    expect(asked?.headers["x-openclaw-session-key"]).toBe(`agent:agent:clickclack:direct:dm:${world.ada.id}`);
    expect(asked?.body.messages.at(-1)?.content).toBe("private question");
  });

  it("answers among several in their conversation, in a session of its own", async () => {
    await gateway.reply("question to all", { text: "answer to all" });
    const group = await world.room.openDm(world.ada, world.bot, world.ben);
    await world.room.sayInDm(world.ben, group, "question to all");
    const answer = await waitFor(
      () => world.room.inDm(world.ada, group),
      (said) => said.author_id === world.bot.id,
    );

    expect(answer.body).toBe("answer to all");
    const [asked] = await gateway.askedAbout("question to all");
    expect(asked?.headers["x-openclaw-session-key"]).toBe(`agent:agent:clickclack:direct:${group}`);
    expect(asked?.body.messages.at(-1)?.content).toBe("Ben (@ben): question to all");
  });

  it("shows typing while it works and ends it after the answer", async () => {
    const held = await gateway.hold("slow question");
    const clickclack = clickclackOf(world.bot.id);
    const signs = async () =>
      (await clickclack.calls("POST", "/api/realtime/ephemeral"))
        .filter(({ body }) => body?.channel_id === world.side)
        .map(({ body }) => body?.type);
    const before = (await signs()).length;
    const question = await world.room.say(world.ada, world.side, "slow question");
    await until(async () => (await signs()).length > before);
    expect((await signs()).slice(before)).toEqual(["typing.started"]);
    await held.release();
    await world.answerTo(question);
    await until(async () => (await signs()).at(-1) === "typing.stopped");
  });

  it("says nothing, and counts it as silence, when the agent chose to", async () => {
    await gateway.reply("rhetorical", { error: "silent" });
    await gateway.reply("closing line", { text: "An actual answer\n\nNO_REPLY" });
    await gateway.reply("only media", { text: "MEDIA:/tmp/x.png" });
    const before = (await world.status()).turns;
    const rhetorical = await world.room.say(world.ada, world.general, "rhetorical");
    const media = await world.room.say(world.ada, world.general, "only media");
    const closing = await world.room.say(world.ada, world.general, "closing line");

    // Order holds within the channel, so this answer comes after the silence.
    expect((await world.answerTo(closing)).body).toBe("An actual answer");
    expect(await world.answersTo(rhetorical)).toEqual([]);
    expect(await world.answersTo(media)).toEqual([]);
    expect((await world.status()).turns.silent).toBe(before.silent + 2);
  });

  it("leaves edits, reactions and its own messages alone", async () => {
    await gateway.reply("to be edited", { text: "answer to the first wording" });
    const question = await world.room.say(world.ada, world.general, "to be edited");
    await world.answerTo(question);
    const asked = (await gateway.asked()).length;
    await world.room.edit(world.ada, question, "edited afterwards");
    await world.room.react(world.ada, question, "👀");
    const last = await world.room.say(world.ada, world.general, "after the edit");
    await world.answerTo(last);

    expect((await gateway.asked()).length).toBe(asked + 1);
    expect((await world.answersTo(question)).length).toBe(1);
  });
});

describe("model mode", () => {
  const world = worldOf("model");
  const gateway = gatewayOf("model");
  const { untilState } = storiesOf("model");
  beforeAll(() => world.link());

  it("is stateless: no session, the model by header, the history of the conversation along", async () => {
    await gateway.reply("what is the tide", { text: "rising" });
    await gateway.reply("and now", { text: "falling" });
    const first = await world.room.say(world.ada, world.general, "what is the tide");
    await world.answerTo(first);
    const gone = await world.room.say(world.ben, world.side, "not of this channel");
    await world.answerTo(gone);
    const second = await world.room.say(world.ben, world.general, "and now");
    await world.answerTo(second);

    const [asked] = await gateway.askedAbout("and now");
    expect(asked?.headers["x-openclaw-session-key"]).toBeUndefined();
    expect(asked?.headers["x-openclaw-model"]).toBe("fake/small");
    expect(asked?.body.messages[0]?.content).toMatch(/^Be brief\.\n/);
    expect(asked?.body.messages.slice(1)).toEqual([
      { role: "user", content: "Ada (@ada): what is the tide" },
      { role: "assistant", content: "rising" },
      { role: "user", content: "Ben (@ben): and now" },
    ]);
  });

  it("says in channels and threads which model has written, and posts a repeat as the same", async () => {
    const clickclack = clickclackOf(world.bot.id);
    const posts = async (path: string) =>
      (await clickclack.calls("POST", path)).map(({ body, status }) => [body?.author_model, status]);
    const notThere = { kind: "status", status: 404, body: { error: "sql: no rows in result set" } };
    await clickclack.fault("GET", "/by-nonce$", notThere);
    await clickclack.fault("POST", `${world.side}/messages$`, { kind: "drop_after_commit" });
    const question = await world.room.say(world.ada, world.side, "who has written this");
    await untilState(question, "answered");
    expect((await posts(`${world.side}/messages$`)).at(-1)).toEqual(["fake/small", 200]);
    expect(await world.answersTo(question)).toHaveLength(1);

    const root = await world.room.say(world.otherBot, world.side, "a root");
    await untilState(await world.room.replyInThread(world.ada, root, "and who this"), "answered");
    expect(await posts(`${root}/thread/replies$`)).toEqual([["fake/small", 201]]);

    const dm = await world.room.openDm(world.ada, world.bot);
    await untilState(await world.room.sayInDm(world.ada, dm, "and who that"), "answered");
    expect(await posts(`${dm}/messages$`)).toEqual([[undefined, 201]]);

    await untilState(await world.room.say(world.ada, world.side, "/help"), "answered");
    expect((await posts(`${world.side}/messages$`)).at(-1)).toEqual([undefined, 201]);
  });

  it("gives a thread's root and replies as its history, and leaves deleted ones out", async () => {
    const root = await world.room.say(world.ada, world.side, "the root");
    await world.answerTo(root);
    const readThread = () => world.room.inThread(world.ada, root);
    const regretted = await world.room.replyInThread(world.ben, root, "regretted");
    await waitFor(readThread, (said) => said.author_id === world.bot.id);
    await world.room.remove(world.ben, regretted);
    await world.room.replyInThread(world.ada, root, "the question");
    await until(async () => (await gateway.askedAbout("the question")).length === 1);

    const [asked] = await gateway.askedAbout("the question");
    const said = asked?.body.messages.slice(1).map(({ content }) => content) ?? [];
    expect(said[0]).toBe("Ada (@ada): the root");
    expect(said.at(-1)).toBe("Ada (@ada): the question");
    expect(said.join("\n")).not.toContain("regretted\n");
    expect(said.filter((text) => text.includes("regretted") && text.startsWith("Ben"))).toEqual([]);
  });
});
