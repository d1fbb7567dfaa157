import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { RECONNECT_MAX_MS } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { eventLog, eventOf } from "../support/events.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

// What other ways of running a bot get wrong on the way in, each named by what goes wrong there.

const world = worldOf("trapsevents");
const gateway = gatewayOf("trapsevents");
const clickclack = clickclackOf(world.bot.id);
const { inStorage, passTime } = objectOf("trapsevents");
/** Longer than the watchdog waits, and than any reconnect. */
const LOOK_MS = 61_000;

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await clickclack.clearFaults();
  await clickclack.deaf(false);
});
afterAll(() => abortAllDurableObjects());

async function expectOneAnswer(question: string): Promise<void> {
  await world.answerTo(question);
  await until(async () => (await world.status()).turns.running === 0);
  expect(await world.answersTo(question)).toHaveLength(1);
}

describe("a short page taken as the end", () => {
  it("a page with fewer events than asked for, before the tail, does not end the sweep", async () => {
    await clickclack.deaf(true);
    const first = await world.room.say(world.ada, world.general, "on the short page");
    const second = await world.room.say(world.ada, world.side, "behind the short page");
    const body = { events: [await eventOf(world, first)], tail_cursor: (await eventLog(world)).tail_cursor };
    await clickclack.fault("GET", "/realtime/events", { kind: "status", status: 200, body });
    // One look, and no other: the next one would come too late to help.
    await passTime(LOOK_MS);
    await expectOneAnswer(first);
    await expectOneAnswer(second);
  });
});

describe("a mark set before the work is stored", () => {
  it("what cannot be written down is not passed by any cursor, and is answered once it can be", async () => {
    await inStorage((sql) =>
      sql.exec(
        "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no room for this'); END",
      ),
    );
    const question = await world.room.say(world.ada, world.general, "not to be written down yet");
    const { cursor } = await eventOf(world, question);
    const before = (await sweeps(cursor)).length;
    // Both roads bring it, and neither can have it stored.
    await until(async () => {
      await passTime(LOOK_MS);
      return (await sweeps(cursor)).length >= before + 3;
    });
    const passedIt = (await world.status()).cursor ?? "";
    expect(passedIt < cursor).toBe(true);
    const opened = await clickclack.calls("GET", "/realtime/ws");
    expect(opened.filter(({ query }) => (query.after_cursor ?? "") >= cursor)).toEqual([]);

    await inStorage((sql) => sql.exec("DROP TRIGGER full"));
    await until(async () => {
      await passTime(LOOK_MS);
      return (await world.answersTo(question)).length > 0;
    });
    await expectOneAnswer(question);
    expect(await gateway.askedAbout("not to be written down yet")).toHaveLength(1);
  });

  /** The bot's sweeps that could see an event. */
  async function sweeps(cursor: string) {
    return (await clickclack.calls("GET", "/realtime/events")).filter(
      ({ query, status }) => status === 200 && (query.after_cursor ?? "") < cursor,
    );
  }
});

describe("fixed reconnect delay, no jitter, no request deadline", () => {
  const link = worldOf("trapslink");
  const its = clickclackOf(link.bot.id);
  const floorMs = 5_000;

  it("waits between failed reconnects double up to the ceiling, and vary", async () => {
    await link.link();
    await its.fault("GET", "/api/me", { kind: "status", status: 502 }, 1_000);
    await its.destroySocket();
    const waits: number[] = [];
    let last = 0;
    while (waits.length < 9) {
      await until(async () => {
        const { state, retryAt } = (await link.status()).link;
        return state === "reconnecting" && retryAt !== undefined && retryAt !== last;
      });
      const { retryAt = 0, since } = (await link.status()).link;
      waits.push(retryAt - since);
      last = retryAt;
      await objectOf("trapslink").passTime(RECONNECT_MAX_MS + 1_000);
    }
    await its.clearFaults();
    const shares = waits.map((wait, nth) => wait / Math.min(floorMs * 2 ** nth, RECONNECT_MAX_MS));
    for (const share of shares) expect(share).toSatisfy((part: number) => part >= 0.5 && part <= 1);
    expect(new Set(shares).size).toBeGreaterThan(waits.length / 2);
  });

  it("a request that hangs is given up by its deadline, and the message is answered all the same", async () => {
    await clickclack.fault("GET", "^/api/messages/msg_", { kind: "hang" });
    const question = await world.room.say(world.ada, world.general, "never read the first time");
    await expectOneAnswer(question);
    const reads = await clickclack.calls("GET", `^/api/messages/${question}$`);
    expect(reads.map(({ status }) => status)).toEqual([undefined, 200]);
  });
});

describe("a poison frame", () => {
  const wrongTypes = '{"cursor":5,"type":["message.created"],"channel_id":null,"payload":"x"}';
  const frames: Record<string, () => Promise<unknown>> = {
    garbage: () => clickclack.frame("\u0000 this is not JSON"),
    "truncated JSON": () => clickclack.frame('{"cursor":"cur_01m'),
    "JSON that is no event": () => clickclack.frame("[null]"),
    "an event with wrong types": () => clickclack.frame(wrongTypes),
    "a message whose ids have wrong types": async () => {
      const { tail_cursor: cursor } = await eventLog(world);
      const payload = { message_id: 7, author_id: {}, root_message_id: [] };
      await clickclack.frame(JSON.stringify({ cursor, type: "message.created", payload }));
    },
    "an ephemeral event of 1 MiB": async () => {
      const event = {
        workspace_id: world.room.workspaceId,
        channel_id: world.general,
        type: "typing.started",
        payload: { padding: "x".repeat(1024 * 1024 - 300) },
      };
      const response = await fetch(`${inject("clickclackUrl")}/api/realtime/ephemeral`, {
        method: "POST",
        headers: { authorization: `Bearer ${world.ada.token}` },
        body: JSON.stringify(event),
      });
      expect(response.status).toBe(202);
    },
  };

  it.each(Object.entries(frames))(
    "(%s) leaves the socket up, which brings the next message, and that is answered",
    async (name, send) => {
      const before = await clickclack.sockets();
      await send();
      const question = await world.room.say(world.ada, world.general, `after ${name}`);
      await expectOneAnswer(question);
      expect((await world.status()).roads.realtime.first).toBe(1);
      const opened = (sockets: typeof before) => sockets.map(({ opened_at }) => opened_at);
      expect(opened(await clickclack.sockets())).toEqual(opened(before));
    },
  );
});
