import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeadItem } from "../../src/account/dead.ts";
import { ATTEMPTS_MAX } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { placesOf, type TalkPlace } from "../support/places.ts";
import { until } from "../support/wait.ts";
import { readWorker, worldOf } from "../support/world.ts";

// What other ways of running a bot get wrong, each named by what goes wrong there.

const world = worldOf("traps");
const gateway = gatewayOf("traps");
const clickclack = clickclackOf(world.bot.id);
const { passTime } = objectOf("traps");
const POSTS = "/(messages|thread/replies)$";
const KINDS = ["channel", "thread", "dm"] as const;
/** Longer than any wait between two attempts. */
const RETRY_MS = 130_000;

let places: Awaited<ReturnType<typeof placesOf>>;
beforeAll(async () => {
  await world.link();
  places = await placesOf(world);
});
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

const answerOf = (text: string) => `the answer to ${text}`;

/** Asks, with an answer to be known by. */
async function ask(place: TalkPlace, text: string): Promise<string> {
  await gateway.reply(text, { text: answerOf(text) });
  return place.ask(text);
}

const answersTo = async (place: TalkPlace, text: string) =>
  (await place.answers()).filter(({ body }) => body === answerOf(text));

const untilAnswered = (place: TalkPlace, text: string) =>
  until(async () => (await answersTo(place, text)).length > 0);

/** Waits until a message has come to its end. */
const untilSettled = (message: string) =>
  until(async () => {
    const response = await readWorker(`/v1/accounts/traps/messages/${message}`);
    return ((await response.json()) as { state: string }).state === "answered";
  });

/** The posts of the answer to a message. */
const postsFor = async (message: string) =>
  (await clickclack.calls("POST", POSTS)).filter(({ body }) => String(body?.nonce).includes(message));

async function goAway(): Promise<void> {
  await abortAllDurableObjects();
  await until(async () => (await clickclack.sockets()).length === 0);
}

describe("cursor in memory, every start jumps to the tail: never answers what was said while it was down", () => {
  it("all that was said in a channel, a thread and a DM is answered once, in its order", async () => {
    await goAway();
    const asked: string[] = [];
    for (const kind of KINDS)
      for (const nth of ["first", "second"]) {
        const text = `${nth} in the ${kind} while it was down`;
        asked.push(await ask(places[kind], text));
      }
    await world.link();
    for (const message of asked) await untilSettled(message);
    for (const kind of KINDS)
      expect((await places[kind].answers()).map(({ body }) => body)).toEqual([
        answerOf(`first in the ${kind} while it was down`),
        answerOf(`second in the ${kind} while it was down`),
      ]);
  });
});

describe("one queue per account: a slow answer delays every other room", () => {
  beforeAll(() => world.link());

  it("while one conversation waits for its answer, the others are asked and answered", async () => {
    const held = await gateway.hold("a slow one");
    const slow = await ask(places.channel, "a slow one");
    await until(async () => (await gateway.askedAbout("a slow one")).length === 1);
    const quick = [places.thread, places.dm];
    for (const place of quick) await ask(place, "a quick one");
    for (const place of quick) await untilAnswered(place, "a quick one");
    expect(await answersTo(places.channel, "a slow one")).toEqual([]);
    await held.release();
    await untilSettled(slow);

    const [late, ...more] = await answersTo(places.channel, "a slow one");
    expect(more).toEqual([]);
    for (const place of quick) {
      const answers = await answersTo(place, "a quick one");
      expect(answers).toHaveLength(1);
      // Ids are in the order in which messages were posted.
      expect((answers[0]?.id ?? "") < (late?.id ?? "")).toBe(true);
    }
  });
});

describe("a failing event replayed for ever, or dropped in silence", () => {
  async function dead(): Promise<DeadItem[]> {
    const response = await readWorker("/v1/accounts/traps/dead");
    return ((await response.json()) as { dead: DeadItem[] }).dead;
  }

  const stages = {
    read: {
      spoil: (message: string) =>
        clickclack.fault("GET", `^/api/messages/${message}$`, { kind: "status", status: 503 }, 1_000),
      tries: (message: string) => clickclack.calls("GET", `^/api/messages/${message}$`),
      limit: ATTEMPTS_MAX,
    },
    ask: {
      spoil: () => gateway.reply("spoilt: ask", { chunks: ["half of"], error: "cut" }),
      tries: () => gateway.askedAbout("spoilt: ask"),
      limit: 3,
    },
    post: {
      // Messages of a channel are answered one after the other, so these are the posts of the first one's answer.
      spoil: () => clickclack.fault("POST", world.general, { kind: "status", status: 503 }, ATTEMPTS_MAX),
      tries: async () =>
        (await clickclack.calls("POST", world.general)).filter(({ status }) => status === 503),
      limit: ATTEMPTS_MAX,
    },
  };

  it.each(Object.entries(stages))(
    "what can never be done (%s) ends dead for all to see, is never tried again, and what follows is answered",
    async (stage, { spoil, tries, limit }) => {
      await goAway();
      const spoilt = await world.room.say(world.ada, world.general, `spoilt: ${stage}`);
      const behind = await ask(places.channel, `said after that: ${stage}`);
      await spoil(spoilt);
      await world.link();
      const elsewhere = await ask(places.dm, `said elsewhere: ${stage}`);
      await untilSettled(elsewhere);
      await until(async () => {
        await passTime(RETRY_MS);
        return (await dead()).some(({ message }) => message === spoilt);
      });
      await untilSettled(behind);
      const found = (await dead()).find(({ message }) => message === spoilt);
      expect(found).toMatchObject({ stage, attempts: expect.any(Number), error: expect.any(String) });
      expect(await tries(spoilt)).toHaveLength(limit);

      await goAway();
      await world.link();
      await passTime(RETRY_MS);
      await untilSettled(await ask(places.channel, `said after a restart: ${stage}`));
      expect(await tries(spoilt)).toHaveLength(limit);
      expect(await dead()).toContainEqual(found);
      expect(await world.answersTo(spoilt)).toEqual([]);
    },
  );
});

describe("replies without a nonce: answers twice after a lost response", () => {
  beforeEach(() => world.link());

  it.each(KINDS)("one message and one completion in a %s, and both posts are the same", async (kind) => {
    const text = `its answer's 201 is lost, in a ${kind}`;
    await clickclack.fault("POST", POSTS, { kind: "drop_after_commit" });
    // Nobody tells whether it is there, so it has to be posted again.
    await clickclack.fault("GET", "/by-nonce$", { kind: "status", status: 403, body: { error: "no" } });
    const question = await ask(places[kind], text);
    await untilSettled(question);
    const posts = await postsFor(question);
    expect(posts.map(({ body }) => body?.body)).toEqual([answerOf(text), answerOf(text)]);
    expect(posts[1]?.body).toEqual(posts[0]?.body);
    expect(await answersTo(places[kind], text)).toHaveLength(1);
    expect(await gateway.askedAbout(text)).toHaveLength(1);
  });
});

describe("loses an answer when one POST fails", () => {
  beforeEach(() => world.link());

  it.each(KINDS)("it is posted all the same in a %s, once, from one completion", async (kind) => {
    const text = `its answer's POST fails, in a ${kind}`;
    await clickclack.fault("POST", POSTS, { kind: "status", status: 503 });
    const question = await ask(places[kind], text);
    await untilSettled(question);
    expect(await answersTo(places[kind], text)).toHaveLength(1);
    expect(await gateway.askedAbout(text)).toHaveLength(1);
  });
});

describe("a model reply sees only the one message", () => {
  const model = worldOf("trapsmodel");
  const its = gatewayOf("trapsmodel");
  beforeAll(() => model.link());

  it.each(KINDS)("the question after it carries the first one and its answer, in a %s", async (kind) => {
    const place = (await placesOf(model))[kind];
    const before = (await place.answers()).length;
    await its.reply(`first of the ${kind}`, { text: `an answer in the ${kind}` });
    await place.ask(`first of the ${kind}`);
    await until(async () => (await place.answers()).length > before);
    await place.ask(`second of the ${kind}`);
    await until(async () => (await its.askedAbout(`second of the ${kind}`)).length === 1);
    const [asked] = await its.askedAbout(`second of the ${kind}`);
    const said = asked?.body.messages.slice(-3) ?? [];
    expect(said.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(said[0]?.content).toContain(`first of the ${kind}`);
    expect(said[1]?.content).toBe(`an answer in the ${kind}`);
  });
});
