import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IDENTITY_RENEWAL_MS, SOCKET_LAG_MAX_MS, WATCHDOG_INTERVAL_MS } from "../../src/limits.ts";
import { deliverEvent, loggedEvent } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { eventLog } from "../support/events.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { at } from "../support/time.ts";
import { until } from "../support/wait.ts";
import { callWorker, readWorker, worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

describe("on both roads", () => {
  const world = worldOf("doubly");
  const { room, ada, general } = world;
  const gateway = gatewayOf("doubly");
  const clickclack = clickclackOf(world.bot.id);
  const { story } = storiesOf("doubly");
  const { passTime } = objectOf("doubly");

  beforeAll(() => world.link());

  const call = async (message: string) => deliverEvent("doubly", await loggedEvent(world, message));
  const audit = async () => at(Date.now() + SOCKET_LAG_MAX_MS, async () => (await world.status()).audit);

  it("a message that both bring is answered once", async () => {
    expect((await world.status()).link.state).toBe("linked");
    const question = await room.say(ada, general, "brought twice");
    await call(question);
    await world.answerTo(question);
    expect(await gateway.askedAbout("brought twice")).toHaveLength(1);
    await until(async () => (await story(question)).roads.includes("callback"));
    // Too young: the other road may still be on its way.
    expect((await world.status()).audit.messages).toBe(0);
    expect(await audit()).toMatchObject({
      messages: 1,
      first: { realtime: 1 },
      only: { realtime: 0, callback: 0 },
    });
  });

  it("a message whose callback was lost is counted as the socket's alone", async () => {
    await world.answerTo(await room.say(ada, general, "only the socket"));
    expect(await audit()).toMatchObject({
      first: { realtime: 2 },
      only: { realtime: 1, callback: 0 },
      repaired: 0,
    });
  });

  it("a message that the socket lets pass is answered all the same, and the socket is replaced", async () => {
    await clickclack.deaf(true);
    const [socket] = await clickclack.sockets();
    const question = await room.say(ada, general, "only the callback");
    await call(question);
    await world.answerTo(question);
    expect(await audit()).toMatchObject({ only: { realtime: 1, callback: 1 } });
    await clickclack.deaf(false);
    await passTime(WATCHDOG_INTERVAL_MS);
    await until(async () => {
      const [now] = await clickclack.sockets();
      return now !== undefined && now.opened_at !== socket?.opened_at;
    });
  });

  it("what both let pass is found by a look, and counted as repaired", async () => {
    await clickclack.deaf(true);
    const question = await room.say(ada, general, "neither of them");
    await passTime(2 * WATCHDOG_INTERVAL_MS);
    await world.answerTo(question);
    expect(await audit()).toMatchObject({ first: { sweep: 1 }, repaired: 1 });
    await clickclack.deaf(false);
    const metrics = await at(Date.now() + SOCKET_LAG_MAX_MS, async () =>
      (await readWorker("/metrics")).text(),
    );
    expect(metrics).toContain('audit_messages{account="doubly",road="callback",how="only"} 1\n');
    expect(metrics).toContain('audit_repaired{account="doubly"} 1\n');
  });
});

describe("without a socket", () => {
  const world = worldOf("asleep");
  const { room, ada, general } = world;
  const clickclack = clickclackOf(world.bot.id);
  const { stub, passTime, inStorage } = objectOf("asleep");
  const { story } = storiesOf("asleep");

  beforeAll(() => world.link());

  const calls = async (path: string) => (await clickclack.calls("GET", path)).length;
  const everything = () => calls("^/api/");

  it("an object that wakes goes on where it stood, and asks nobody who it is", async () => {
    await abortAllDurableObjects();
    const before = await everything();
    const { link } = await world.status();
    expect(link.state).toBe("sweeping");
    const ready = await (await callWorker("/readyz")).json();
    expect(ready).toMatchObject({ accounts: { asleep: { ready: true } } });
    expect(await everything()).toBe(before);
  });

  it("one that a message wakes answers it, and reads the events once", async () => {
    await abortAllDurableObjects();
    const before = [await calls("/api/me$"), await calls("/api/realtime/events$")];
    const question = await room.say(ada, general, "good morning");
    await deliverEvent("asleep", await loggedEvent(world, question));
    await world.answerTo(question);
    expect([await calls("/api/me$"), await calls("/api/realtime/events$")]).toEqual([
      before[0],
      (before[1] ?? 0) + 1,
    ]);
  });

  it("a message moves no alarm: each setting is a row, and each alarm a request", async () => {
    await abortAllDurableObjects();
    const alarm = () => runInDurableObject(stub(), (_account, { storage }) => storage.getAlarm());
    const before = await alarm();
    const question = await room.say(ada, general, "no alarm, please");
    await deliverEvent("asleep", await loggedEvent(world, question));
    await world.answerTo(question);
    await until(async () => (await story(question)).state === "answered");
    expect(await alarm()).toBe(before);
    // And the look began where it stood, and did not read the whole log.
    const [look] = (await clickclack.calls("GET", "/api/realtime/events$")).slice(-1);
    expect(look?.query.after_cursor).toMatch(/^cur_/);
  });

  it("the cron trigger has what a death left undone gone on with", async () => {
    const gateway = gatewayOf("asleep");
    const hold = await gateway.hold("over your death");
    const question = await room.say(ada, general, "over your death");
    await deliverEvent("asleep", await loggedEvent(world, question));
    await until(async () => (await gateway.askedAbout("over your death")).length > 0);
    await abortAllDurableObjects();
    await hold.release();
    await stub().ensure();
    await world.answerTo(question);
  });

  it("the cron trigger leaves it alone while its alarm is to come", async () => {
    await abortAllDurableObjects();
    const before = await everything();
    await stub().ensure();
    expect((await world.status()).link.state).toBe("sweeping");
    expect(await everything()).toBe(before);
  });

  it("and starts it when the alarm was lost", async () => {
    await abortAllDurableObjects();
    const before = await calls("/api/realtime/events$");
    await at(Date.now() + 600_000, async () => stub().ensure());
    await until(async () => (await calls("/api/realtime/events$")) > before);
  });

  it("the cron trigger starts it when it is reached otherwise than before, wherever its alarm stands", async () => {
    await inStorage((sql) =>
      sql.exec(
        `UPDATE facts SET value = replace(value, '"fingerprint":"', '"fingerprint":"x') WHERE key = 'rest'`,
      ),
    );
    await runInDurableObject(stub(), (_account, { storage }) => storage.setAlarm(Date.now() + 3_000_000));
    await abortAllDurableObjects();
    expect((await world.status()).link.state).toBe("down");
    await stub().ensure();
    await until(async () => (await world.status()).link.state === "sweeping");
  });

  it("a message writes one row more before its answer than over a socket: the cursor, which a look moves", async () => {
    const written = async () => {
      const text = await (await readWorker("/metrics")).text();
      return Number(/rows_written_total\{account="asleep"\} (\d+)/.exec(text)?.[1]);
    };
    const before = await written();
    const question = await room.say(ada, general, "what do you cost?");
    await deliverEvent("asleep", await loggedEvent(world, question));
    await world.answerTo(question);
    await until(async () => (await story(question)).state === "answered");
    expect((await written()) - before).toBe(7);
  });

  it("a sweep without news writes no row of the tables", async () => {
    const snapshot = () =>
      inStorage((sql) =>
        ["facts", "journal", "turns", "outbox"].map((table) => sql.exec(`SELECT * FROM ${table}`).toArray()),
      );
    // One that has read the last answer, which is an event as well.
    await abortAllDurableObjects();
    const tail = await calls("/api/realtime/events$");
    await passTime(61_000);
    await until(async () => (await calls("/api/realtime/events$")) > tail);
    await until(async () => (await eventLog(world)).tail_cursor === (await world.status()).cursor);
    await abortAllDurableObjects();
    const before = await snapshot();
    const looks = await calls("/api/realtime/events$");
    await passTime(61_000);
    await until(async () => (await calls("/api/realtime/events$")) > looks);
    expect(await snapshot()).toEqual(before);
  });

  it("after some time it asks again who it is", async () => {
    await abortAllDurableObjects();
    const before = await calls("/api/me$");
    await passTime(IDENTITY_RENEWAL_MS + 61_000);
    await until(async () => (await calls("/api/me$")) > before);
    await until(async () => (await world.status()).link.state === "sweeping");
  });

  it("says when sweeps fail, and that outlives the object", async () => {
    await clickclack.fault("GET", "^/api/", { kind: "status", status: 502 }, 1_000);
    await passTime(IDENTITY_RENEWAL_MS + 200_000);
    await until(async () => (await world.status()).link.state === "reconnecting");
    await abortAllDurableObjects();
    expect((await world.status()).link).toMatchObject({ state: "reconnecting", reason: "unavailable" });
    await clickclack.clearFaults();
    await until(async () => {
      await passTime(IDENTITY_RENEWAL_MS + 300_000);
      return (await world.status()).link.state === "sweeping";
    });
  });

  it("a direct message is answered after a sweep, on whatever alarm", async () => {
    await abortAllDurableObjects();
    const dm = await room.openDm(ada, world.bot);
    const question = await room.sayInDm(ada, dm, "are you asleep?");
    await until(async () => {
      await passTime(IDENTITY_RENEWAL_MS + 400_000);
      return (await story(question)).state === "answered";
    });
  });
});
