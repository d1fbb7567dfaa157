import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

describe("an answer", () => {
  const world = worldOf("faults");
  const gateway = gatewayOf("faults");
  const clickclack = clickclackOf(world.bot.id);
  beforeAll(() => world.link());
  afterEach(() => clickclack.clearFaults());

  it.each(["drop", "drop_after_commit"] as const)(
    "is posted once, from one completion, after a post that was lost (%s)",
    async (kind) => {
      await clickclack.fault("POST", "/messages$", { kind });
      const question = await world.room.say(world.ada, world.general, `lost by ${kind}`);
      await world.answerTo(question);
      await until(async () => (await world.status()).turns.running === 0);
      expect(await world.answersTo(question)).toHaveLength(1);
      expect(await gateway.askedAbout(`lost by ${kind}`)).toHaveLength(1);
    },
  );

  it("is posted after ClickClack's edge answered in HTML", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "html", status: 502 });
    const question = await world.room.say(world.ada, world.general, "html in between");
    await world.answerTo(question);
    expect(await gateway.askedAbout("html in between")).toHaveLength(1);
  });

  it("is posted without its quote when the question was deleted meanwhile", async () => {
    const held = await gateway.hold("deleted meanwhile");
    await gateway.reply("deleted meanwhile", { text: "to whom it may concern" });
    const question = await world.room.say(world.ada, world.general, "deleted meanwhile");
    await until(async () => (await gateway.askedAbout("deleted meanwhile")).length === 1);
    await world.room.remove(world.ada, question);
    await held.release();
    await until(async () =>
      (await world.room.inChannel(world.ada, world.general)).some(
        ({ body, quoted_message_id }) => body === "to whom it may concern" && quoted_message_id === undefined,
      ),
    );
  });

  it("comes although the message could not be read at first", async () => {
    await clickclack.fault("GET", "^/api/messages/msg", { kind: "status", status: 503 });
    const question = await world.room.say(world.ada, world.general, "unreadable at first");
    await world.answerTo(question);
  });

  it("is asked for again when the gateway could not be reached", async () => {
    await gateway.reply("draining", { error: "draining" }, 1);
    await gateway.reply("draining", { text: "back again" });
    const question = await world.room.say(world.ada, world.general, "draining");
    expect((await world.answerTo(question)).body).toBe("back again");
  });

  it("is asked for again when its stream was cut, and half an answer is never posted", async () => {
    await gateway.reply("cut stream", { chunks: ["half an", " answer"], error: "cut" }, 1);
    await gateway.reply("cut stream", { text: "a whole answer" });
    const question = await world.room.say(world.ada, world.general, "cut stream");
    expect((await world.answerTo(question)).body).toBe("a whole answer");
    expect(await world.answersTo(question)).toHaveLength(1);
  });

  it("is read from the session when only its end was lost, instead of being made again", async () => {
    await gateway.reply("finished unheard", { text: "the first and only answer", error: "cut_finished" }, 1);
    await gateway.reply("finished unheard", { text: "made again" });
    const question = await world.room.say(world.ada, world.general, "finished unheard");
    expect((await world.answerTo(question)).body).toBe("the first and only answer");
    expect(await gateway.askedAbout("finished unheard")).toHaveLength(1);
  });

  it("is given up with its error, and the provider's words stay out of the chat", async () => {
    await gateway.reply("refused by the provider", { error: "provider_400" });
    const before = (await world.status()).turns.dead;
    const question = await world.room.say(world.ada, world.general, "refused by the provider");
    const next = await world.room.say(world.ada, world.general, "the next one");
    await world.answerTo(next);
    expect((await world.status()).turns.dead).toBe(before + 1);
    expect(await world.answersTo(question)).toEqual([]);
  });
});

describe("several agents and none named", () => {
  it("is a configuration error that says so, not a guess", async () => {
    const world = worldOf("several");
    await world.link();
    await world.room.say(world.ada, world.general, "who answers?");
    await until(async () => (await world.status()).turns.dead === 1);
    const stub = (env as unknown as Env).BOT_ACCOUNT.getByName("several");
    const why = await runInDurableObject(stub, (_account, { storage }) =>
      storage.sql.exec<{ error: string }>("SELECT error FROM turns").one(),
    );
    expect(why.error).toMatch(/^agent_ambiguous: .*set agentId on the account/);
  });
});

describe("order", () => {
  const world = worldOf("order");
  const gateway = gatewayOf("order");
  beforeAll(() => world.link());

  it("holds within a conversation, and a slow answer in one place delays nothing in another", async () => {
    const held = await gateway.hold("slow one");
    const slow = await world.room.say(world.ada, world.general, "slow one");
    const behind = await world.room.say(world.ben, world.general, "behind it");
    const elsewhere = await world.room.say(world.ben, world.side, "elsewhere");
    await world.answerTo(elsewhere);
    expect(await world.answersTo(slow)).toEqual([]);
    expect(await world.answersTo(behind)).toEqual([]);
    await held.release();
    await world.answerTo(behind);
    const answered = (await world.room.inChannel(world.ada, world.general))
      .filter(({ author_id }) => author_id === world.bot.id)
      .map(({ quoted_message_id }) => quoted_message_id);
    expect(answered).toEqual([slow, behind]);
  });

  it("holds in a burst over two channels", async () => {
    const questions: string[] = [];
    for (let i = 0; i < 40; i++)
      questions.push(await world.room.say(world.ada, i % 2 === 0 ? world.general : world.side, `burst ${i}`));
    for (const question of questions) await world.answerTo(question);
    for (const [channel, parity] of [
      [world.general, 0],
      [world.side, 1],
    ] as const) {
      const quoted = (await world.room.inChannel(world.ada, channel))
        .filter(({ author_id }) => author_id === world.bot.id)
        .map(({ quoted_message_id }) => quoted_message_id ?? "")
        .filter((id) => questions.includes(id));
      expect(quoted).toEqual(questions.filter((_id, i) => i % 2 === parity));
    }
  });
});

describe("after the object was aborted", () => {
  const world = worldOf("crash");
  const gateway = gatewayOf("crash");
  const clickclack = clickclackOf(world.bot.id);
  beforeEach(() => world.link());
  afterEach(() => clickclack.clearFaults());

  it("asks again for an answer that was being made, and posts one", async () => {
    const held = await gateway.hold("crash while asking");
    const question = await world.room.say(world.ada, world.general, "crash while asking");
    await until(async () => (await gateway.askedAbout("crash while asking")).length === 1);
    await abortAllDurableObjects();
    await held.release();
    await world.link();
    await world.answerTo(question);
    await until(async () => (await world.status()).turns.running === 0);
    expect(await world.answersTo(question)).toHaveLength(1);
  });

  it("posts the stored text again instead of asking again", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "hang" });
    const question = await world.room.say(world.ada, world.general, "crash while posting");
    await until(async () =>
      (await clickclack.calls("POST", "/messages$")).some(({ status }) => status === undefined),
    );
    await abortAllDurableObjects();
    await world.link();
    await world.answerTo(question);
    expect(await world.answersTo(question)).toHaveLength(1);
    expect(await gateway.askedAbout("crash while posting")).toHaveLength(1);
  });

  it("wakes by its own alarm, without anybody calling", async () => {
    await abortAllDurableObjects();
    const question = await world.room.say(world.ada, world.general, "nobody calls");
    await runDurableObjectAlarm((env as unknown as Env).BOT_ACCOUNT.getByName("crash"));
    await world.answerTo(question);
  });
});
