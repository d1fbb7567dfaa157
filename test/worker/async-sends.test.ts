import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { BotAccount } from "../../src/account/bot-account.ts";
import type { Env } from "../../src/env.ts";
import {
  ATTEMPTS_MAX,
  CLEANUP_INTERVAL_MS,
  RETENTION_MS,
  RETRY_AFTER_MAX_MS,
  SENDS_PENDING_MAX,
  SENDS_PENDING_RETRY_AFTER_MS,
} from "../../src/limits.ts";
import { clickclackOf } from "../support/control.ts";
import { at, passTime } from "../support/time.ts";
import { until } from "../support/wait.ts";
import { callWorker, postMessage, sendState, worldOf } from "../support/world.ts";

const own = env as unknown as Env;
const world = worldOf("later");
const clickclack = clickclackOf(world.bot.id);
const stub = (account = "later") => own.BOT_ACCOUNT.getByName(account);
const posts = {
  general: `^/api/channels/${world.general}/messages$`,
  side: `^/api/channels/${world.side}/messages$`,
};
const EDGE_FAILS = { kind: "status", status: 503 };

afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** Asks for a send in the background. */
async function ask(body: object, headers: Record<string, string> = {}) {
  const response = await postMessage({ account: "later", ...body }, { prefer: "respond-async", ...headers });
  const answer = (await response.json()) as Record<string, string>;
  return { status: response.status, headers: response.headers, answer, id: answer.id ?? "" };
}

/** Waits for a send's end, driving time. */
async function ended(id: string): Promise<Record<string, unknown>> {
  await until(async () => {
    await passTime("later", RETRY_AFTER_MAX_MS);
    return (await sendState(id)).state !== "pending";
  });
  return sendState(id);
}

const bodiesIn = async (channel: string) =>
  (await world.room.inChannel(world.ada, channel)).map(({ body }) => body);
const timesIn = async (channel: string, text: string) =>
  (await bodiesIn(channel)).filter((body) => body === text).length;
const postsOf = async (channel: string, text: string) =>
  (await clickclack.calls("POST", `/api/channels/${channel}/messages`)).filter(
    ({ body }) => body?.body === text,
  ).length;
const rowOf = (id: string) =>
  runInDurableObject(stub(), (_account, { storage }) =>
    storage.sql.exec("SELECT * FROM outbox WHERE nonce LIKE ?", `%:${id.slice(-24)}:%`).one(),
  );

describe("a send with Prefer: respond-async", () => {
  it.each([
    ["refuses", EDGE_FAILS],
    ["breaks", { kind: "drop" }],
  ])(
    "is answered at once while ClickClack %s all calls, and delivered once it does not",
    async (how, fault) => {
      await clickclack.fault("GET", "", fault, 1000);
      await clickclack.fault("POST", "", fault, 1000);
      await abortAllDurableObjects();
      const asked = await ask({ text: `while it ${how}` });
      expect(asked.status).toBe(202);
      expect(asked.answer).toEqual({
        id: expect.stringMatching(/^snd_later_[0-9a-f]{24}$/),
        account: "later",
        to: "channel:general",
        state: "pending",
      });
      expect(asked.headers.get("preference-applied")).toBe("respond-async");
      expect(asked.headers.get("location")).toBe(`/v1/messages/${asked.id}`);
      await until(async () => Number((await sendState(asked.id)).attempts) > 0);
      const { createdAt, ...waiting } = await sendState(asked.id);
      expect(waiting).toMatchObject({
        ...asked.answer,
        status: 200,
        detail: expect.stringContaining("ClickClack"),
      });
      expect(Math.abs(Date.now() - Number(createdAt))).toBeLessThan(60_000);

      await clickclack.clearFaults();
      const sent = await ended(asked.id);
      expect(sent).toMatchObject({ state: "sent", messageId: expect.stringMatching(/^msg_/), createdAt });
      expect(sent).not.toHaveProperty("retryAt");
      const there = await world.room.inChannel(world.ada, world.general);
      expect(there.filter(({ body }) => body === `while it ${how}`).map(({ id }) => id)).toEqual([
        sent.messageId,
      ]);
    },
  );

  it("survives its object while ClickClack hangs, and its own alarm brings it back", async () => {
    // Nothing else has set an alarm there.
    const { room, bot, ada, side } = worldOf("unlinked");
    const its = clickclackOf(bot.id);
    await its.fault("POST", "/messages$", { kind: "hang" });
    const { status, id } = await ask({ account: "unlinked", to: "side", text: "survives" });
    expect(status).toBe(202);
    await until(async () => (await its.calls("POST", "/messages$")).length > 0);
    expect((await sendState(id)).state).toBe("pending");
    await abortAllDurableObjects();
    expect(await runDurableObjectAlarm(stub("unlinked"))).toBe(true);
    await until(async () => (await sendState(id)).state === "sent");
    expect((await room.inChannel(ada, side)).map(({ body }) => body)).toEqual(["survives"]);
  });

  it("is posted once although the answer to its post was lost", async () => {
    await clickclack.fault("POST", posts.general, { kind: "drop_after_commit" });
    const { id } = await ask({ text: "lost answer" });
    expect(await ended(id)).toMatchObject({ state: "sent", attempts: 1 });
    expect(await postsOf(world.general, "lost answer")).toBe(1);
    expect(await timesIn(world.general, "lost answer")).toBe(1);
  });

  it("is settled by its nonce when its author edited it after a lost answer", async () => {
    await clickclack.fault("POST", posts.general, { kind: "drop_after_commit" });
    await clickclack.fault("GET", "/by-nonce$", EDGE_FAILS);
    const { id } = await ask({ text: "before the edit" });
    const find = async () =>
      (await world.room.inChannel(world.ada, world.general)).find(({ body }) => body === "before the edit");
    await until(async () => (await find()) !== undefined);
    const posted = await find();
    await world.room.edit(world.bot, posted?.id ?? "", "after the edit");
    expect(await ended(id)).toMatchObject({ state: "sent", messageId: posted?.id });
    expect(await postsOf(world.general, "before the edit")).toBe(1);
    expect(await bodiesIn(world.general)).not.toContain("before the edit");
  });

  it("is looked for before it is posted again after a crash, though no failure was counted", async () => {
    // The commit is there, and the object died before it heard of it.
    await clickclack.fault("POST", posts.side, { kind: "drop_after_commit" });
    const { id } = await ask({ to: "side", text: "committed unheard" });
    await until(async () => (await timesIn(world.side, "committed unheard")) === 1);
    await abortAllDurableObjects();
    await runInDurableObject(stub(), (_account, { storage }) =>
      storage.sql.exec("UPDATE outbox SET attempts = 0 WHERE nonce LIKE ?", `%:${id.slice(-24)}:%`),
    );
    expect(await ended(id)).toMatchObject({ state: "sent" });
    expect(await postsOf(world.side, "committed unheard")).toBe(1);
  });

  it.each([
    ["channel:nowhere", "channel_not_found"],
    ["chn_0", "channel_not_found"],
    ["dm:usr_0", "user_not_found"],
    ["dm:@nobody", "user_not_found"],
    ["thread:msg_0", "thread_not_found"],
  ])("to %s fails with %s", async (to, code) => {
    const { status, id } = await ask({ to, text: "to nobody" });
    expect(status).toBe(202);
    await until(async () => (await sendState(id)).state === "failed");
    expect(await sendState(id)).toMatchObject({ code, detail: expect.stringMatching(/.{8}/), attempts: 0 });
  });

  it("fails with what ClickClack refuses, and quotes as asked", async () => {
    const refusedQuote = await ask({ text: "quotes nothing", replyTo: "msg_0" });
    await until(async () => (await sendState(refusedQuote.id)).state === "failed");
    expect((await sendState(refusedQuote.id)).code).toBe("invalid_request");

    const question = await world.room.say(world.ada, world.general, "to be quoted later");
    const { id } = await ask({ text: "quotes", replyTo: question });
    const { messageId } = await ended(id);
    const there = await world.room.inChannel(world.ada, world.general);
    expect(there.find((said) => said.id === messageId)?.quoted_message_id).toBe(question);
  });

  it("keeps no text once it is sent or failed", async () => {
    const [sent, failed] = [
      await ask({ text: "gone when sent" }),
      await ask({ to: "nowhere", text: "gone too" }),
    ];
    for (const { id } of [sent, failed]) {
      await ended(id);
      expect((await rowOf(id)).text).toBe("");
    }
  });

  it("waits as long as ClickClack asks it to", async () => {
    await clickclack.fault("POST", posts.side, { ...EDGE_FAILS, headers: { "retry-after": "300" } });
    const { id } = await ask({ to: "side", text: "asked to wait" });
    await until(async () => Number((await sendState(id)).attempts) === 1);
    const { retryAt } = await sendState(id);
    expect(Number(retryAt) - Date.now()).toBeGreaterThan(240_000);
    const alarm = await runInDurableObject(stub(), (_account, { storage }) => storage.getAlarm());
    expect(alarm).toBeLessThanOrEqual(Number(retryAt));
    expect((await ended(id)).state).toBe("sent");
  });

  it("waits for a token to be mended like for an outage", async () => {
    const rejected = { kind: "status", status: 401, body: { error: "authentication required" } };
    await clickclack.fault("POST", posts.side, rejected);
    const { id } = await ask({ to: "side", text: "token mended" });
    await until(async () => Number((await sendState(id)).attempts) === 1);
    expect(await ended(id)).toMatchObject({ state: "sent" });
  });

  it("is given up after so many tries, and says why", async () => {
    await clickclack.fault("POST", posts.side, EDGE_FAILS, 1000);
    const { id } = await ask({ to: "side", text: "never delivered" });
    const failed = await ended(id);
    expect(failed).toMatchObject({ state: "failed", code: "clickclack_unavailable" });
    expect(failed.detail).toMatch(
      new RegExp(`^given up after ${ATTEMPTS_MAX} tries: .*503.*; it may have been posted all the same$`),
    );
    expect(
      (await clickclack.calls("POST", `/api/channels/${world.side}/messages`)).slice(-ATTEMPTS_MAX),
    ).toEqual(Array.from({ length: ATTEMPTS_MAX }, () => expect.objectContaining({ status: 503 })));
    expect((await rowOf(id)).text).toBe("");
  });

  it.each([
    ["of an unknown kind", "foo:bar", "invalid_target"],
    ["that is too long", "x".repeat(600), "invalid_request"],
  ])("is refused at once for a target %s", async (_name, to, code) => {
    const { status, answer } = await ask({ to, text: "x" });
    expect([status, answer.code]).toEqual([400, code]);
  });

  it("is not what another preference asks for", async () => {
    const { status, headers } = await ask({ text: "waited for" }, { prefer: "wait=10, return=minimal" });
    expect([status, headers.get("preference-applied")]).toEqual([201, null]);
  });
});

describe("order", () => {
  it("holds among the sends to one target, while another target is stuck", async () => {
    await clickclack.fault("POST", posts.general, EDGE_FAILS, 2);
    const stuck = await ask({ text: "stuck 1" });
    const behind = await ask({ text: "stuck 2" });
    const texts = Array.from({ length: 6 }, (_, i) => `in order ${i}`);
    const sides: string[] = [];
    for (const text of texts) sides.push((await ask({ to: "side", text })).id);
    for (const id of sides) await until(async () => (await sendState(id)).state === "sent");
    expect((await bodiesIn(world.side)).filter((body) => body.startsWith("in order"))).toEqual(texts);
    expect(await sendState(stuck.id)).toMatchObject({ state: "pending" });
    expect(await sendState(behind.id)).toMatchObject({ state: "pending", attempts: 0 });
    await ended(behind.id);
    expect((await bodiesIn(world.general)).filter((body) => body.startsWith("stuck"))).toEqual([
      "stuck 1",
      "stuck 2",
    ]);
  });

  it("holds over a restart among sends of the same millisecond", async () => {
    await clickclack.fault("POST", posts.side, { ...EDGE_FAILS, headers: { "retry-after": "300" } });
    const texts = Array.from({ length: 6 }, (_, i) => `same moment ${i}`);
    const outcomes = await runInDurableObject(stub(), (account) =>
      at(Date.now(), async () => {
        const asked = [];
        for (const text of texts) asked.push(await account.accept({ to: "side", text }));
        return asked;
      }),
    );
    const last = outcomes.at(-1);
    if (last?.kind !== "pending") throw new Error("was not taken on");
    await until(
      async () =>
        (await clickclack.calls("POST", `/api/channels/${world.side}/messages`)).at(-1)?.status === 503,
    );
    await abortAllDurableObjects();
    await ended(last.id);
    expect((await bodiesIn(world.side)).filter((body) => body.startsWith("same moment"))).toEqual(texts);
  });
});

describe("the state of a send", () => {
  it("can be read of one that was waited for, without a key", async () => {
    const response = await postMessage({ account: "later", to: "side", text: "waited for, no key" });
    const { id, messageId } = (await response.json()) as { id: string; messageId: string };
    expect(response.headers.get("location")).toBe(`/v1/messages/${id}`);
    expect(await sendState(id)).toEqual({
      status: 200,
      id,
      account: "later",
      to: "channel:side",
      state: "sent",
      messageId,
      attempts: 0,
      createdAt: expect.any(Number),
    });
  });

  it.each([
    "snd_later_000000000000000000000000",
    "snd_nobody_000000000000000000000000",
    "snd_unconfigured_000000000000000000000000",
    "snd_later_0",
    "msg_1",
  ])("is not there for %s", async (id) => {
    expect(await sendState(id)).toMatchObject({ status: 404, code: "send_not_found" });
  });

  it("is not there for everyone", async () => {
    const response = await callWorker("/v1/messages/snd_later_000000000000000000000000");
    expect(response.status).toBe(401);
  });

  it("goes after the retention, but for what is still to be delivered", async () => {
    await clickclack.fault("POST", posts.side, { ...EDGE_FAILS, headers: { "retry-after": "600" } });
    const sent = await ask({ text: "old and sent" });
    const failed = await ask({ to: "nowhere", text: "old and failed" });
    await ended(sent.id);
    await ended(failed.id);
    const pending = await ask({ to: "side", text: "old and pending" });
    await until(async () => Number((await sendState(pending.id)).attempts) === 1);
    await runInDurableObject(stub(), (_account, { storage }) => {
      storage.sql.exec("UPDATE outbox SET created_at = ?", Date.now() - RETENTION_MS - CLEANUP_INTERVAL_MS);
      storage.sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'");
    });
    await passTime("later", 0);
    expect((await sendState(sent.id)).status).toBe(404);
    expect((await sendState(failed.id)).status).toBe(404);
    expect((await sendState(pending.id)).state).toBe("pending");
    expect((await ended(pending.id)).state).toBe("sent");
  });
});

it("an account that has no gateway sends in the background as well, by its alarm", async () => {
  const { ada, bot, general, room } = worldOf("gateless");
  const its = clickclackOf(bot.id);
  await its.fault("POST", "/messages$", EDGE_FAILS);
  const { gateway: _, ...config } = JSON.parse(own.OPENCLAW_CONFIG ?? "") as Record<string, unknown>;
  await runInDurableObject(stub("gateless"), async (_object, state) => {
    const gateless = { ...own, OPENCLAW_CONFIG: JSON.stringify(config) } as Env;
    const account = new BotAccount(state, gateless);
    account.ensure();
    expect(account.link()?.state).toBe("down");
    const outcome = await account.accept({ text: "without a gateway" });
    if (outcome.kind !== "pending") throw new Error("was not taken on");
    const stateOf = () => account.sendState(outcome.id.slice(-24));
    await until(() => stateOf()?.attempts === 1);
    const alarm = await state.storage.getAlarm();
    expect(alarm).toBeLessThanOrEqual(stateOf()?.retryAt ?? 0);
    await at(Date.now() + RETRY_AFTER_MAX_MS, () => account.alarm());
    await until(() => stateOf()?.state === "sent");
    expect(account.link()?.state).toBe("down");
  });
  expect((await room.inChannel(ada, general)).map(({ body }) => body)).toContain("without a gateway");
});

it("an account has only so many sends pending, and says when to ask again", async () => {
  await runInDurableObject(stub("crowded"), (_account, { storage }) => {
    for (let i = 0; i < SENDS_PENDING_MAX; i++)
      storage.sql.exec(
        `INSERT INTO outbox (nonce, target, place_kind, place_id, quote, text, request_hash, state, attempts, created_at, due_at)
         VALUES (?, 'channel:side', 'channel', '', NULL, 'x', 'h', 'pending', 1, ?, ?)`,
        `edge:send:crowded:${String(i).padStart(24, "0")}:0000000000000000`,
        i,
        Date.now() + 3_600_000,
      );
  });
  await abortAllDurableObjects();
  const full = await ask({ account: "crowded", text: "one too many" });
  expect([full.status, full.answer.code]).toEqual([429, "too_many_pending"]);
  expect(full.headers.get("retry-after")).toBe(String(SENDS_PENDING_RETRY_AFTER_MS / 1000));
  const waited = await postMessage({ account: "crowded", text: "waited for all the same" });
  expect(waited.status).toBe(201);

  await runInDurableObject(stub("crowded"), (_account, { storage }) =>
    storage.sql.exec("DELETE FROM outbox WHERE nonce LIKE '%:000000000000000000000000:%'"),
  );
  await abortAllDurableObjects();
  expect((await ask({ account: "crowded", text: "the last one" })).status).toBe(202);
  expect((await ask({ account: "crowded", text: "one too many" })).status).toBe(429);
});
