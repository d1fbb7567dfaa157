import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { CLEANUP_INTERVAL_MS, DEAD_RETENTION_MS, RETENTION_MS } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { postMessage, worldOf } from "../support/world.ts";

const world = worldOf("robust");
const gateway = gatewayOf("robust");
const clickclack = clickclackOf(world.bot.id);
const stub = () => (env as unknown as Env).BOT_ACCOUNT.getByName("robust");

// A fresh object each time: one test's leap in time must not be the next one's past.
beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await clickclack.clearFaults();
  await clickclack.deaf(false);
});
afterAll(() => abortAllDurableObjects());

const { inStorage, passTime } = objectOf("robust");

describe("the alarm", () => {
  it("is still set while more conversations wait than are worked on at once", async () => {
    await clickclack.fault("GET", "^/api/messages/msg_", { kind: "delay", ms: 200 }, 12);
    const roots: string[] = [];
    for (let i = 0; i < 12; i++) roots.push(await world.room.say(world.otherBot, world.side, `root ${i}`));
    for (const root of roots) await world.room.replyInThread(world.ada, root, "one of many");
    await runDurableObjectAlarm(stub());
    const alarm = await runInDurableObject(stub(), (_account, { storage }) => storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now());
    for (const root of roots)
      await until(async () =>
        (await world.room.inThread(world.ada, root)).some(({ author_id }) => author_id === world.bot.id),
      );
  });
});

describe("clean-up", () => {
  it("keeps what the next sweep reads again, so that a quiet workspace's last message stays answered", async () => {
    const question = await world.room.say(world.ada, world.general, "the last for a long time");
    await world.answerTo(question);
    await passTime(60_000);
    await until(async () => (await world.status()).cursor !== undefined);
    await inStorage((sql) => {
      const aged = Date.now() - RETENTION_MS - CLEANUP_INTERVAL_MS;
      sql.exec("UPDATE turns SET settled_at = ?", aged);
      sql.exec("UPDATE journal SET seen_at = ?", aged);
      sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'");
    });
    await passTime(2 * 60_000);
    const kept = await inStorage((sql) =>
      sql.exec("SELECT 1 FROM journal WHERE message_id = ?", question).toArray(),
    );
    expect(kept).toHaveLength(1);
    expect(await gateway.askedAbout("the last for a long time")).toHaveLength(1);
  });

  it("forgets what is old and swept", async () => {
    await inStorage((sql) => {
      const aged = Date.now() - RETENTION_MS - CLEANUP_INTERVAL_MS;
      sql.exec(
        "INSERT INTO journal (message_id, conversation, cursor, road, correlation_id, seen_at, state, reason, attempts, due_at) VALUES ('msg_old', 'c', 'cur_0', 'sweep', NULL, ?, 'seen', NULL, 0, 0)",
        aged,
      );
      sql.exec(
        "INSERT INTO turns (message_id, conversation, cursor, correlation_id, state, reason, attempts, runs, due_at, session_key, run_id, settled_at) VALUES ('msg_old', 'c', 'cur_0', NULL, 'answered', NULL, 1, 0, 0, NULL, NULL, ?)",
        aged,
      );
      sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'");
    });
    await passTime(60_000);
    const left = await inStorage((sql) =>
      ["journal", "turns"].flatMap((table) =>
        sql.exec(`SELECT 1 FROM ${table} WHERE message_id = 'msg_old'`).toArray(),
      ),
    );
    expect(left).toEqual([]);
  });
});

describe("clean-up of what was given up", () => {
  /** An answer of two parts, the first posted and the second given up, all of it so old. @returns the rows left after a clean-up */
  async function leftOf(name: string, ageMs: number): Promise<unknown[]> {
    const id = `msg_${name}`;
    await inStorage((sql) => {
      const then = Date.now() - ageMs;
      sql.exec(
        `INSERT INTO journal (message_id, conversation, cursor, road, seen_at, state, attempts, due_at)
         VALUES (?, 'c', 'cur_0', 'sweep', ?, 'seen', 0, 0)`,
        ...[id, then],
      );
      sql.exec(
        `INSERT INTO turns (message_id, conversation, cursor, state, reason, attempts, runs, due_at, settled_at)
         VALUES (?, 'c', 'cur_0', 'dead', 'forbidden', 1, 0, 0, ?)`,
        ...[id, then],
      );
      for (const [part, state] of ["sent", "dead"].entries())
        sql.exec(
          `INSERT INTO outbox (nonce, place_kind, place_id, text, state, attempts, created_at)
           VALUES (?, 'channel', 'c', 'x', ?, 0, ?)`,
          ...[`edge:reply:robust:${id}:${part}`, state, then],
        );
      sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'");
    });
    await passTime(0);
    return inStorage((sql) =>
      ["journal WHERE message_id", "turns WHERE message_id", "outbox WHERE nonce"].flatMap((where) =>
        sql.exec(`SELECT 1 FROM ${where} LIKE ?`, `%${id}%`).toArray(),
      ),
    );
  }

  it("keeps all of it longer than what was answered, or trying again would make another answer", async () => {
    expect(await leftOf("week", RETENTION_MS + 1)).toHaveLength(4);
  });

  it("forgets it in the end", async () => {
    expect(await leftOf("month", DEAD_RETENTION_MS + 1)).toEqual([]);
  });
});

describe("a proxy before ClickClack that answers 404", () => {
  it("does not make a message gone", async () => {
    await clickclack.fault("GET", "^/api/messages/msg_", { kind: "html", status: 404 });
    const question = await world.room.say(world.ada, world.general, "404 while reading");
    await world.answerTo(question);
  });

  it("does not make an answer undeliverable", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "html", status: 404 });
    const question = await world.room.say(world.ada, world.general, "404 while posting");
    await world.answerTo(question);
    expect(await gateway.askedAbout("404 while posting")).toHaveLength(1);
  });
});

it.each([
  ["a token that is not accepted for a moment", { kind: "status", status: 401, body: { error: "x" } }],
  ["a page in place of the API", { kind: "html", status: 200 }],
])("keeps a finished answer through %s", async (name, fault) => {
  await clickclack.fault("POST", "/messages$", fault);
  const question = await world.room.say(world.ada, world.general, name);
  await world.answerTo(question);
  expect(await gateway.askedAbout(name)).toHaveLength(1);
});

it("finds a deaf socket by what it let pass, repairs that, and leaves no second socket behind", async () => {
  const [deaf] = await clickclack.sockets();
  await clickclack.deaf(true);
  const question = await world.room.say(world.ada, world.general, "said to deaf ears");
  await passTime(50_000);
  await world.answerTo(question);
  expect((await world.status()).roads.sweep.first).toBe(1);
  await clickclack.deaf(false);
  await passTime(100_000);
  await until(async () => {
    const [socket, ...others] = await clickclack.sockets();
    return others.length === 0 && socket !== undefined && socket.opened_at !== deaf?.opened_at;
  });
  const next = await world.room.say(world.ada, world.general, "said to open ears");
  await world.answerTo(next);
});

it("tells a run that failed from one that had nothing to say", async () => {
  await gateway.reply("fails without a word", { error: "timeout" });
  const before = (await world.status()).turns;
  await world.room.say(world.ada, world.general, "fails without a word");
  await until(async () => (await world.status()).turns.dead === before.dead + 1);
  expect((await world.status()).turns.silent).toBe(before.silent);
});

describe("a send", () => {
  it("that was posted once is answered with that post, whatever refuses the repeat", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "drop_after_commit" });
    await clickclack.fault("POST", "/messages$", {
      kind: "status",
      status: 403,
      body: { error: "moderation restriction" },
    });
    const response = await postMessage({ account: "robust", to: "side", text: "posted once" });
    expect(response.status).toBe(201);
    const { messageId } = (await response.json()) as { messageId: string };
    const there = await world.room.inChannel(world.ada, world.side);
    expect(there.filter(({ body }) => body === "posted once").map(({ id }) => id)).toEqual([messageId]);
  });

  it("goes to the workspace that is configured, not to the one that was", async () => {
    await inStorage((sql) =>
      sql.exec(
        "UPDATE facts SET value = json_set(value, '$.workspaceId', 'wsp_old', '$.workspaceSlug', 'old', '$.workspaceName', 'Old') WHERE key = 'identity'",
      ),
    );
    await abortAllDurableObjects();
    const response = await postMessage({ account: "robust", text: "to the right workspace" });
    expect(response.status).toBe(201);
  });

  it("answers a target that is no text of ours with a problem", async () => {
    const response = await postMessage({ account: "robust", to: "channel:chn_\ud800", text: "x" });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      400,
      "invalid_target",
    ]);
  });
});
