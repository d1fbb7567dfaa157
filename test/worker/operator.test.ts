import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeadItem } from "../../src/account/dead.ts";
import type { Story } from "../../src/account/story.ts";
import { ATTEMPTS_MAX } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { linkTo } from "../support/links.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { callWorker, readWorker, worldOf } from "../support/world.ts";

const world = worldOf("operator");
const gateway = gatewayOf("operator");
const clickclack = clickclackOf(world.bot.id);
const { passTime, inStorage } = objectOf("operator");
/** Longer than any wait between two attempts. */
const RETRY_MS = 130_000;

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

async function story(message: string, account = "operator"): Promise<Story> {
  const response = await readWorker(`/v1/accounts/${account}/messages/${message}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Story;
}

const untilState = (message: string, state: Story["state"]) =>
  until(async () => (await story(message)).state === state);

async function dead(): Promise<DeadItem[]> {
  return ((await (await readWorker("/v1/accounts/operator/dead")).json()) as { dead: DeadItem[] }).dead;
}

function act(message: string, action: "retry" | "discard", token = "test-admin-token"): Promise<Response> {
  return callWorker(`/v1/accounts/operator/dead/${message}/${action}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
}

/** A question that the agent's provider refuses for good. */
async function askInVain(text: string): Promise<string> {
  await gateway.reply(text, { error: "provider_400" }, 1);
  await gateway.reply(text, { text: `now I can: ${text}` });
  const question = await world.room.say(world.ada, world.general, text);
  await until(async () => (await dead()).some(({ message }) => message === question));
  return question;
}

/** A question whose answer ClickClack refuses for good. */
async function answerInVain(text: string): Promise<string> {
  const refusal = { kind: "status", status: 403, body: { error: "moderation restriction" } };
  await clickclack.fault("POST", "/messages$", refusal);
  const question = await world.room.say(world.ada, world.general, text);
  await until(async () => (await dead()).some(({ message }) => message === question));
  return question;
}

describe("a message's story", () => {
  it("tells how it came, what was decided, how it was answered and where", async () => {
    const question = await world.room.say(world.ada, world.general, "tell me a story");
    const answer = await world.answerTo(question);
    await untilState(question, "answered");
    const told = await story(question);
    expect(told).toEqual({
      message: question,
      conversation: world.general,
      state: "answered",
      admittedAs: "open",
      setting: "channels.clickclack.accounts.operator.requireMention",
      roads: ["realtime"],
      cursor: expect.stringMatching(/^cur_/),
      correlationId: expect.any(String),
      seenAt: expect.any(Number),
      admittedAt: expect.any(Number),
      settledAt: expect.any(Number),
      fetchFailures: 0,
      attempts: 1,
      failedRuns: 0,
      run: { id: expect.stringMatching(/^chatcmpl_/), session: expect.stringContaining("operator") },
      replies: [{ state: "sent", message: answer.id, attempts: 0, storedAt: expect.any(Number) }],
    });
    expect(told.admittedAt).toBeGreaterThanOrEqual(told.seenAt);
    expect(told.settledAt).toBeGreaterThanOrEqual(told.admittedAt ?? Number.POSITIVE_INFINITY);
    await passTime(60_000);
    await until(async () => (await story(question)).roads.join() === "realtime,sweep");
  });

  it("tells the last error of one that was answered after all", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "status", status: 503 });
    const question = await world.room.say(world.ada, world.general, "a story with a hitch");
    await world.answerTo(question);
    await untilState(question, "answered");
    expect(await story(question)).toMatchObject({ error: expect.stringContaining("503"), attempts: 1 });
  });

  it("tells why there is no answer", async () => {
    const other = await world.room.say(world.otherBot, world.general, "I am a bot");
    await untilState(other, "dropped");
    expect(await story(other)).toMatchObject({ reason: "bot_author", replies: [], attempts: 0 });
  });

  it("is found by a link to the message, as people copy it", async () => {
    const question = await world.room.say(world.ada, world.general, "link to me");
    await world.answerTo(question);
    const link = await linkTo(world.ada, question);
    expect(link).toMatch(/\/app\/T\w{16}\/M\w{16}$/);
    for (const written of [link, `https://chat.example.com/app/${world.room.workspaceId}/${question}`])
      expect((await story(encodeURIComponent(written))).message).toBe(question);
    // In another workspace the same bot's token leads nowhere.
    const elsewhere = await readWorker(`/v1/accounts/agent/messages/${encodeURIComponent(link)}`);
    expect([elsewhere.status, await elsewhere.json()]).toMatchObject([404, { code: "message_not_found" }]);
    await clickclack.fault("GET", "/api/routes/", { kind: "status", status: 503 });
    const away = await readWorker(`/v1/accounts/operator/messages/${encodeURIComponent(link)}`);
    expect([away.status, await away.json()]).toMatchObject([503, { code: "clickclack_unavailable" }]);
  });

  it("is none of a message that nobody told of", async () => {
    const response = await readWorker("/v1/accounts/operator/messages/msg_nobody");
    expect([response.status, await response.json()]).toMatchObject([404, { code: "message_not_found" }]);
  });
});

describe("a message that was given up", () => {
  it("is listed with what failed, tried again on an operator's word, and answered", async () => {
    const question = await askInVain("refused at first");
    expect((await dead()).find(({ message }) => message === question)).toMatchObject({
      stage: "ask",
      reason: "request_refused",
      conversation: world.general,
      attempts: 1,
    });
    const response = await act(question, "retry");
    expect([response.status, await response.json()]).toEqual([200, { message: question, state: "waiting" }]);
    expect((await world.answerTo(question)).body).toBe("now I can: refused at first");
    expect((await dead()).some(({ message }) => message === question)).toBe(false);
  });

  it("has its stored answer posted, and not made again, when only posting it failed", async () => {
    const question = await answerInVain("posted in vain");
    expect((await dead()).find(({ message }) => message === question)).toMatchObject({
      stage: "post",
      reason: "forbidden",
    });
    await act(question, "retry");
    await world.answerTo(question);
    expect(await world.answersTo(question)).toHaveLength(1);
    expect(await gateway.askedAbout("posted in vain")).toHaveLength(1);
  });

  it("is read again when it could not be read", async () => {
    await clickclack.fault("GET", "^/api/messages/msg_", { kind: "status", status: 503 }, ATTEMPTS_MAX);
    const question = await world.room.say(world.ada, world.general, "unreadable");
    await until(async () => {
      await passTime(RETRY_MS);
      return (await story(question)).state === "dead";
    });
    expect((await dead()).find(({ message }) => message === question)).toMatchObject({
      stage: "read",
      reason: "unavailable",
      attempts: ATTEMPTS_MAX,
    });
    // By the time that somebody looks, it is older than a message may be.
    const old = {
      id: question,
      channel_id: world.general,
      author_id: world.ada.id,
      thread_root_id: question,
      body: "unreadable",
      created_at: new Date(Date.now() - 2 * 3_600_000).toISOString(),
    };
    const answer = { kind: "status", status: 200, body: { message: old } };
    await clickclack.fault("GET", "^/api/messages/msg_", answer);
    await act(question, "retry");
    await world.answerTo(question);
  });

  it("survives a restart and the retry of it does, too", async () => {
    const question = await askInVain("dead over a restart");
    await abortAllDurableObjects();
    expect((await dead()).some(({ message }) => message === question)).toBe(true);
    await world.link();
    await act(question, "retry");
    await abortAllDurableObjects();
    await world.link();
    await world.answerTo(question);
    expect(await world.answersTo(question)).toHaveLength(1);
  });

  it("is let go on an operator's word, and its text is deleted", async () => {
    const question = await answerInVain("let it go");
    const texts = () =>
      inStorage((sql) => sql.exec("SELECT text FROM outbox WHERE nonce LIKE ?", `%${question}%`).toArray());
    expect(await texts()).toEqual([{ text: expect.stringContaining("let it go") }]);
    const response = await act(question, "discard");
    expect([response.status, await response.json()]).toEqual([
      200,
      { message: question, state: "discarded" },
    ]);
    expect(await texts()).toEqual([]);
    expect(await story(question)).toMatchObject({ state: "cancelled", reason: "discarded" });
    expect((await world.status()).cancelled.discarded).toBeGreaterThan(0);
  });

  it("is not done anything to when it is none, is unknown, or the word is not an operator's", async () => {
    const question = await world.room.say(world.ada, world.general, "alive and well");
    await world.answerTo(question);
    await untilState(question, "answered");
    for (const [message, status, code] of [
      [question, 409, "not_dead"],
      ["msg_nobody", 404, "message_not_found"],
    ] as const)
      for (const action of ["retry", "discard"] as const) {
        const response = await act(message, action);
        expect([response.status, await response.json()]).toMatchObject([status, { code }]);
      }
    expect((await act(question, "retry", "test-api-token")).status).toBe(401);
  });
});

describe("metrics", () => {
  it("count what was logged, by account and reason, and what is under way", async () => {
    const other = await world.room.say(world.otherBot, world.general, "counted");
    await untilState(other, "dropped");
    const response = await readWorker("/metrics");
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const lines = (await response.text()).split("\n");
    for (const line of [
      'clickclack_edge_up{account="operator"} 1',
      'clickclack_edge_linked{account="operator"} 1',
      'clickclack_edge_gateway_reachable{account="operator"} 1',
      'clickclack_edge_messages_running{account="operator"} 0',
      'clickclack_edge_events_total{account="operator",event="message:dropped",reason="bot_author"} 1',
      'clickclack_edge_messages_seen_total{account="operator",road="realtime",first="true"} 1',
      "# TYPE clickclack_edge_events_total counter",
    ])
      expect(lines).toContain(line);
  });

  it("are closed without the token", async () => {
    expect((await callWorker("/metrics")).status).toBe(401);
  });

  it.each([
    ["operator", 6],
    ["operatormodel", 5],
  ])("an answered message of %s writes %i rows", async (account, rows) => {
    const its = worldOf(account);
    await its.link();
    const written = async () => {
      const text = await (await readWorker("/metrics")).text();
      return Number(new RegExp(`rows_written_total{account="${account}"} (\\d+)`).exec(text)?.[1]);
    };
    const answered = async (text: string) => {
      const question = await its.room.say(its.ada, its.general, text);
      await its.answerTo(question);
      await until(async () => (await story(question, account)).state === "answered");
    };
    // The first one comes after everything that a start writes.
    await answered("the first");
    const before = await written();
    await answered("the second");
    expect((await written()) - before).toBe(rows);
  });
});
