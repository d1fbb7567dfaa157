import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { overlapCursor } from "../../src/domain/cursor.ts";
import type { Env } from "../../src/env.ts";
import { CLEANUP_INTERVAL_MS, CURSOR_OVERLAP_MS, PAGE_MAX, RETENTION_MS } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

/** An account whose cursor gets lost, with what its tests do to it. */
function placeOf(account: string) {
  const world = worldOf(account);
  const gateway = gatewayOf(account);
  const clickclack = clickclackOf(world.bot.id);
  const { room, bot, ada } = world;
  const { workspaceId } = room;
  const stub = () => (env as unknown as Env).BOT_ACCOUNT.getByName(account);
  const isBot = ({ author_id }: { author_id: string }) => author_id === bot.id;

  /** Lets the object go, and with it its socket. */
  const goAway = async () => {
    await abortAllDurableObjects();
    await until(async () => (await clickclack.sockets()).length === 0);
  };
  /** Runs the alarm until something holds: retries are driven by it, and the test does not wait for its time. */
  const tickUntil = (holds: () => Promise<boolean>) =>
    until(async () => {
      await runDurableObjectAlarm(stub());
      return holds();
    });
  return {
    world,
    room,
    gateway,
    clickclack,
    goAway,
    tickUntil,
    /** What has come in until now is stored as swept. @returns the durable cursor */
    settle: async () => {
      const before = (await world.status()).cursor;
      await goAway();
      await world.link();
      await until(async () => (await world.status()).cursor !== before);
      return (await world.status()).cursor ?? "";
    },
    prune: (keep: number) => clickclack.prune(workspaceId, keep),
    gap: async () => (await world.status()).gap,
    /** Waits until nothing is left to decide on or to answer. */
    idle: () =>
      tickUntil(async () => {
        const { turns, link } = await world.status();
        return link.state === "linked" && turns.waiting + turns.running === 0;
      }),
    /** Every message was answered, and by one answer from one completion. */
    expectOneAnswerEach: async (questions: Record<string, string>) => {
      for (const [text, id] of Object.entries(questions)) {
        expect(await gateway.askedAbout(text), text).toHaveLength(1);
        expect(await world.answersTo(id), text).toHaveLength(1);
      }
    },
    answersInThread: async (rootId: string) => (await room.inThread(ada, rootId)).filter(isBot),
    answersInDm: async (dmId: string) => (await room.inDm(ada, dmId)).filter(isBot),
    /** Ids of the messages of a channel that were answered, in the order of the answers. */
    answeredIn: async (channelId: string) =>
      (await room.inChannel(ada, channelId)).filter(isBot).flatMap((said) => said.quoted_message_id ?? []),
    inStorage: <Result>(act: (sql: SqlStorage) => Result) =>
      runInDurableObject(stub(), (_account, { storage }) => act(storage.sql)),
    passTime: (ms: number) =>
      runInDurableObject(stub(), async (account) => {
        const real = Date.now;
        try {
          Date.now = () => real() + ms;
          await account.alarm();
        } finally {
          Date.now = real;
        }
      }),
  };
}

describe("what was pruned", () => {
  const place = placeOf("pruned");
  const { world, room, gateway, clickclack } = place;
  const { ada, ben, bot, otherBot, general, side } = world;
  let root: string;
  let dm: string;

  beforeAll(async () => {
    root = await room.say(ada, general, "root from before the first start");
    dm = await room.openDm(ada, bot);
    await room.sayInDm(ada, dm, "direct from before the first start");
    await room.replyInThread(ada, root, "reply from before the first start");
  });
  beforeEach(() => world.link());
  afterEach(() => clickclack.deaf(false));

  it("while the object was gone is answered in channels, threads and direct messages, once", async () => {
    await world.answerTo(await room.say(ada, general, "before it was pruned"));
    const from = await place.settle();
    await place.goAway();
    const questions = {
      "first in the channel": await room.say(ada, general, "first in the channel"),
      "second in the channel": await room.say(ben, general, "second in the channel"),
      "in another channel": await room.say(ada, side, "in another channel"),
    };
    await room.replyInThread(ada, root, "in an old root's thread");
    await room.sayInDm(ada, dm, "in the direct conversation");
    await room.say(bot, side, "said by itself");
    await room.say(otherBot, side, "said by another bot");
    const last = await room.say(ben, general, "and this the log still has");
    await place.prune(1);
    const dropped = (await world.status()).dropped;

    await world.link();
    await world.answerTo(last);
    await until(async () => (await place.answersInThread(root)).length > 0);
    await until(async () => (await place.answersInDm(dm)).length > 0);
    await until(async () => (await world.answersTo(questions["in another channel"])).length > 0);
    await place.idle();

    const expectAll = async () => {
      await place.expectOneAnswerEach({ ...questions, "and this the log still has": last });
      expect(await place.answersInThread(root)).toHaveLength(1);
      expect(await place.answersInDm(dm)).toHaveLength(1);
      expect(await gateway.askedAbout("from before the first start")).toEqual([]);
      expect(await gateway.askedAbout("before it was pruned")).toHaveLength(1);
    };
    await expectAll();
    expect((await place.answeredIn(general)).slice(-3)).toEqual([
      questions["first in the channel"],
      questions["second in the channel"],
      last,
    ]);
    const status = await world.status();
    expect(status.gap).toMatchObject({ fromCursor: from, uncovered: [] });
    expect(status.roads.resync.first).toBeGreaterThanOrEqual(5);
    // Its own is not even looked at, the other bot's is decided on like any.
    expect(status.dropped).toEqual({ ...dropped, bot_author: (dropped.bot_author ?? 0) + 1 });
    // What was found in lists is known to the roads that come after.
    await place.settle();
    await place.idle();
    await expectAll();
  });

  it("under a deaf socket is found by the sweep, which does not move on without it", async () => {
    await world.answerTo(await room.say(ada, general, "before it was deaf"));
    const from = await place.settle();
    await clickclack.deaf(true);
    const question = await room.say(ada, general, "pruned under a deaf socket");
    await room.react(ben, question, "eyes");
    await place.prune(1);
    await place.passTime(50_000);
    await clickclack.deaf(false);
    await place.tickUntil(async () => (await world.answersTo(question)).length > 0);
    await place.idle();
    await place.expectOneAnswerEach({ "pruned under a deaf socket": question });
    expect(await place.gap()).toMatchObject({ fromCursor: from, uncovered: [] });
  });

  it("with everything else is made up for as well", async () => {
    const from = await place.settle();
    await place.goAway();
    const question = await room.say(ada, general, "pruned with everything");
    await place.prune(0);
    await world.link();
    await world.answerTo(question);
    await place.idle();
    await place.expectOneAnswerEach({ "pruned with everything": question });
    expect(await place.gap()).toMatchObject({ fromCursor: from, uncovered: [] });
    const asked = (await gateway.asked()).length;
    // Back to the lost cursor, and not to what was said and answered before.
    await clickclack.closeSocket(4001);
    await room.say(ada, general, "said after everything was pruned");
    await until(async () => (await gateway.askedAbout("said after everything was pruned")).length > 0);
    await place.idle();
    expect((await gateway.asked()).length).toBe(asked + 1);
  });

  it("is made up for when the log was empty before it, too", async () => {
    const from = await place.settle();
    await place.goAway();
    await place.prune(0);
    await world.link();
    await until(async () => (await place.gap())?.fromCursor === from);
    await place.goAway();
    const questions = {
      "pruned behind an empty log": await room.say(ada, general, "pruned behind an empty log"),
      "still in the log behind it": await room.say(ada, general, "still in the log behind it"),
    };
    await place.prune(1);
    await world.link();
    await world.answerTo(questions["still in the log behind it"]);
    await place.idle();
    await place.expectOneAnswerEach(questions);
    expect((await place.answeredIn(general)).slice(-2)).toEqual(Object.values(questions));
  });
});

it("rows of the lists go with the others, and not while their event may be read again", async () => {
  const place = placeOf("pruned");
  await place.world.link();
  await place.world.answerTo(await place.room.say(place.world.ada, place.world.general, "for a cursor"));
  const cursor = await place.settle();
  const [old, straddling] = [3, 1.5].map((times) => overlapCursor(cursor, times * CURSOR_OVERLAP_MS, ""));
  await place.inStorage((sql) => {
    const aged = Date.now() - RETENTION_MS - CLEANUP_INTERVAL_MS;
    for (const at of [old, straddling]) {
      sql.exec(
        "INSERT INTO journal (message_id, conversation, cursor, road, seen_at, state, attempts, due_at) VALUES (?, 'c', ?, 'resync', ?, 'seen', 0, 0)",
        ...[`msg_${at}`, at, aged],
      );
      sql.exec(
        "INSERT INTO turns (message_id, conversation, cursor, state, attempts, runs, due_at, settled_at) VALUES (?, 'c', ?, 'answered', 1, 0, 0, ?)",
        ...[`msg_${at}`, at, aged],
      );
    }
    sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'");
  });
  await place.passTime(60_000);
  const left = await place.inStorage((sql) =>
    sql
      .exec<{ cursor: string }>("SELECT cursor FROM journal JOIN turns USING (message_id, cursor)")
      .toArray()
      .map((row) => row.cursor),
  );
  expect(left).toContain(straddling);
  expect(left).not.toContain(old);
});

it("a log that is too long for a replay and whole is read from its pages: no gap", async () => {
  const place = placeOf("capped");
  const { world, room, clickclack, gateway } = place;
  await world.link();
  await world.answerTo(await room.say(world.ada, world.general, "before the cap"));
  await place.settle();
  await place.goAway();
  await clickclack.replayCap(room.workspaceId, 3);
  const questions: Record<string, string> = {};
  for (let i = 0; i < 8; i++) {
    const text = `beyond the cap ${i}`;
    questions[text] = await room.say(world.ada, world.general, text);
  }
  await world.link();
  await place.tickUntil(async () => (await gateway.askedAbout("beyond the cap 7")).length > 0);
  await clickclack.replayCap(room.workspaceId, 5_000);
  await place.idle();
  await place.expectOneAnswerEach(questions);
  expect((await place.answeredIn(world.general)).slice(-8)).toEqual(Object.values(questions));
  const status = await world.status();
  expect(status.gap).toBeUndefined();
  expect(status.roads.resync).toEqual({ first: 0, again: 0 });
});

describe("a resync", () => {
  const place = placeOf("broken");
  const { world, room, clickclack } = place;
  const { ada, general, side } = world;
  const listOf = (channelId: string) => `^/api/channels/${channelId}/messages$`;

  beforeEach(() => world.link());
  afterEach(() => clickclack.clearFaults());

  it("that fails midway is made again from the same cursor, and doubles nothing", async () => {
    await world.answerTo(await room.say(ada, general, "before it failed"));
    const from = await place.settle();
    await place.goAway();
    const questions = {
      "in the list that was read": await room.say(ada, general, "in the list that was read"),
      "in the list that failed": await room.say(ada, side, "in the list that failed"),
    };
    await room.react(ada, questions["in the list that was read"], "eyes");
    await place.prune(1);
    await clickclack.fault("GET", listOf(side), { kind: "status", status: 503 }, 2);
    // What goes along with a question is read in shorter pages.
    const lists = async () =>
      (await clickclack.calls("GET", listOf(general))).filter(
        ({ query }) => query.limit === String(PAGE_MAX),
      );
    const listsBefore = (await lists()).length;
    await world.link();
    await place.tickUntil(
      async () => (await world.answersTo(questions["in the list that failed"])).length > 0,
    );
    await place.idle();
    await place.expectOneAnswerEach(questions);
    expect((await lists()).length - listsBefore).toBe(3);
    expect(await place.gap()).toMatchObject({ fromCursor: from, uncovered: [] });
  });

  it("says which conversation it was refused, and reads the others", async () => {
    await world.answerTo(await room.say(ada, general, "before it was refused"));
    const from = await place.settle();
    await place.goAway();
    await room.say(ada, side, "in the list that is refused");
    const question = await room.say(ada, general, "in the list that is not");
    await room.react(ada, question, "eyes");
    await place.prune(1);
    const refusal = { error: "sql: no rows in result set" };
    await clickclack.fault("GET", listOf(side), { kind: "status", status: 403, body: refusal });
    await world.link();
    await place.tickUntil(async () => (await world.answersTo(question)).length > 0);
    await place.idle();
    await place.expectOneAnswerEach({ "in the list that is not": question });
    expect(await place.gap()).toMatchObject({
      fromCursor: from,
      uncovered: [{ conversation: side, reason: "unreadable" }],
    });
  });
});

it("a server restored from an older copy is followed, and nothing of then is answered again", async () => {
  const place = placeOf("restored");
  const { world, room, clickclack, gateway } = place;
  const { ada, general } = world;
  await world.link();
  await world.answerTo(await room.say(ada, general, "before the copy"));
  const copied = await place.settle();
  await world.answerTo(await room.say(ada, general, "lost with the server"));
  const from = await place.settle();
  await place.goAway();
  await clickclack.restore(room.workspaceId, copied);
  await world.link();
  await place.tickUntil(async () => (await place.gap()) !== undefined);
  expect(await place.gap()).toMatchObject({ fromCursor: from, toCursor: copied, uncovered: [] });
  const question = await room.say(ada, general, "said to the restored server");
  await world.answerTo(question);
  await place.goAway();
  const next = await room.say(ada, general, "said while it was gone again");
  await world.link();
  await world.answerTo(next);
  await place.idle();
  await place.expectOneAnswerEach({
    "said to the restored server": question,
    "said while it was gone again": next,
  });
  expect(await gateway.askedAbout("before the copy")).toHaveLength(1);
  expect((await place.gap())?.fromCursor).toBe(from);
});
