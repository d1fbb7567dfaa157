import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("delivery");
const gateway = gatewayOf("delivery");
const clickclack = clickclackOf(world.bot.id);
const { inStorage, passTime } = objectOf("delivery");
const { story, untilState } = storiesOf("delivery");
/** Longer than any wait between two attempts. */
const RETRY_MS = 130_000;
const REFUSED = { kind: "status", status: 403, body: { error: "moderation restriction" } };

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** Asks in the channel, with faults in the way of the answer's posts, in their order. */
async function askThrough(text: string, ...faults: object[]): Promise<string> {
  for (const fault of faults) await clickclack.fault("POST", "/messages$", fault);
  return world.room.say(world.ada, world.general, text);
}

describe("a post whose answer was lost", () => {
  it("is found by its nonce when the repeat is refused", async () => {
    const question = await askThrough("refused the second time", { kind: "drop_after_commit" }, REFUSED);
    await untilState(question, "answered");
    const [answer, ...more] = await world.answersTo(question);
    expect(more).toEqual([]);
    expect((await story(question)).replies).toMatchObject([{ state: "sent", message: answer?.id }]);
  });

  it("is found by its nonce although nobody could tell at first", async () => {
    await clickclack.fault("GET", "/by-nonce$", { kind: "status", status: 503 });
    const question = await askThrough("not told at first", { kind: "drop_after_commit" }, REFUSED);
    await until(async () => {
      await passTime(RETRY_MS);
      return (await story(question)).state === "answered";
    });
    expect(await world.answersTo(question)).toHaveLength(1);
    expect(await gateway.askedAbout("not told at first")).toHaveLength(1);
  });

  it("is the answer, whatever the agent says to a question that is put again because nobody could note the post", async () => {
    await gateway.reply("died with it", { text: "The first answer." }, 1);
    await gateway.reply("died with it", { text: "The second answer." });
    const question = await askThrough("died with it", { kind: "drop_after_commit" }, { kind: "hang" });
    const answer = await world.answerTo(question);
    await clickclack.clearFaults();
    // As after a crash while the answer was being posted and written down.
    await inStorage((sql) => {
      sql.exec("DELETE FROM outbox WHERE state = 'pending'");
      sql.exec("UPDATE turns SET run_id = NULL WHERE message_id = ?", question);
    });
    await abortAllDurableObjects();
    await world.link();
    await until(async () => {
      await passTime(RETRY_MS);
      return (await story(question)).state === "answered";
    });
    expect(await world.answersTo(question)).toMatchObject([{ id: answer.id, body: "The first answer." }]);
    expect((await story(question)).replies).toMatchObject([{ state: "sent", message: answer.id }]);
    expect(await gateway.askedAbout("died with it")).toHaveLength(2);
  });

  it("is found by its nonce when it was edited before the object came back", async () => {
    const question = await askThrough("edited meanwhile", { kind: "drop_after_commit" }, { kind: "hang" });
    const answer = await world.answerTo(question);
    await world.room.edit(world.bot, answer.id, "mended by hand");
    await clickclack.clearFaults();
    // As after a crash that let nobody note how the first post went.
    await inStorage((sql) => sql.exec("UPDATE outbox SET attempts = 0"));
    await abortAllDurableObjects();
    await world.link();
    await untilState(question, "answered");
    expect(await world.answersTo(question)).toMatchObject([{ id: answer.id, body: "mended by hand" }]);
    expect((await story(question)).replies).toMatchObject([{ state: "sent", message: answer.id }]);
  });
});

it("a post that never was is not taken for one when the repeat is refused", async () => {
  const question = await askThrough("never posted", { kind: "drop" }, REFUSED);
  await untilState(question, "dead");
  expect(await story(question)).toMatchObject({ reason: "forbidden", replies: [{ state: "dead" }] });
  expect(await world.answersTo(question)).toEqual([]);
});

it("a wait that ClickClack asked for outlives a restart", async () => {
  const asked = { kind: "status", status: 503, headers: { "Retry-After": "600" } };
  const question = await askThrough("later, please", asked);
  await until(async () => (await story(question)).error?.includes("503") === true);
  await abortAllDurableObjects();
  await world.link();
  await world.answerTo(await world.room.say(world.ada, world.side, "said after the restart"));
  expect(await story(question)).toMatchObject({
    state: "waiting",
    replies: [{ state: "pending", attempts: 1 }],
  });
  await passTime(601_000);
  await untilState(question, "answered");
});

it("an answer that is there already is posted, though its question is deleted before that", async () => {
  const asked = { kind: "status", status: 503, headers: { "Retry-After": "600" } };
  const question = await askThrough("deleted after it was answered", asked);
  await until(async () => (await story(question)).error?.includes("503") === true);
  await world.room.remove(world.ada, question);
  // The deletion has come when what was said after it has.
  await world.answerTo(await world.room.say(world.ada, world.side, "said after the deletion"));
  await passTime(601_000);
  await untilState(question, "answered");
  const [reply] = (await story(question)).replies;
  expect((await world.room.inChannel(world.ada, world.general)).map(({ id }) => id)).toContain(
    reply?.message,
  );
});
