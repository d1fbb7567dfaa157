import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { IDENTITY_RENEWAL_MS } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { passTime } from "../support/time.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("link");
const gateway = gatewayOf("link");
const clickclack = clickclackOf(world.bot.id);
const stub = () => (env as unknown as Env).BOT_ACCOUNT.getByName("link");
const before: string[] = [];

beforeAll(async () => {
  before.push(await world.room.say(world.ada, world.general, "said before the bot was ever there"));
});
// A fresh object each time, on the same storage: its backoff starts from the floor.
beforeEach(async () => {
  await abortAllDurableObjects();
  await until(async () => (await clickclack.sockets()).length === 0);
  await world.link();
});
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** Runs the alarm until something holds: retries are driven by it, and the test does not wait for its time. */
async function tickUntil(holds: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    await runDurableObjectAlarm(stub());
    return holds();
  });
}

const linked = async () =>
  (await world.status()).link.state === "linked" && (await clickclack.sockets()).length === 1;

it("knows itself and its workspace, and shows them", async () => {
  expect(await world.status()).toMatchObject({
    link: { state: "linked" },
    identity: { id: world.bot.id, handle: "bot", displayName: "Bot" },
    workspace: { id: world.room.workspaceId, slug: "link", name: "Room of link" },
  });
});

it("takes the tail at its very first start: what was said before is not answered", async () => {
  const question = await world.room.say(world.ada, world.general, "said after the first start");
  await world.answerTo(question);
  expect(await world.answersTo(before[0] ?? "")).toEqual([]);
  expect(await gateway.askedAbout("said before the bot was ever there")).toEqual([]);
});

it("answers what was said while its object was gone, once, and takes no new tail", async () => {
  const tails = async () =>
    (await clickclack.calls("GET", "/api/realtime/events")).filter(({ query }) => query.limit === "1").length;
  const tailsBefore = await tails();
  await abortAllDurableObjects();
  await until(async () => (await clickclack.sockets()).length === 0);
  const question = await world.room.say(world.ada, world.general, "said while it was gone");
  await world.link();
  await world.answerTo(question);
  expect(await world.answersTo(question)).toHaveLength(1);
  expect(await tails()).toBe(tailsBefore);
});

it.each([1013, 1001, 4001])(
  "comes back after close code %i and answers what was said meanwhile",
  async (code) => {
    await clickclack.closeSocket(code);
    const question = await world.room.say(world.ada, world.general, `said after close ${code}`);
    await tickUntil(linked);
    await world.answerTo(question);
    expect(await world.answersTo(question)).toHaveLength(1);
  },
);

it("comes back after a connection that broke without a close", async () => {
  await clickclack.destroySocket();
  const question = await world.room.say(world.ada, world.general, "said after the break");
  await tickUntil(linked);
  await world.answerTo(question);
});

it("reports no gap after 4001 while the log still holds its cursor, and one once that was pruned", async () => {
  await clickclack.closeSocket(4001);
  await tickUntil(linked);
  const { cursor, gap } = await world.status();
  expect(gap).toBeUndefined();
  await world.room.say(world.otherBot, world.side, "the only event that is left");
  await clickclack.prune(world.room.workspaceId, 1);
  await clickclack.closeSocket(4001);
  await tickUntil(linked);
  expect((await world.status()).gap).toEqual({
    fromCursor: cursor,
    toCursor: expect.stringMatching(/^cur_/),
    at: expect.any(Number),
    uncovered: [],
  });
});

it("asks again who it is at a reconnect only, however long it is linked", async () => {
  const asked = async () => (await clickclack.calls("GET", "/api/me")).length;
  const looks = async () => (await clickclack.calls("GET", "/api/realtime/events")).length;
  const [before, looked] = [await asked(), await looks()];
  await passTime("link", 2 * IDENTITY_RENEWAL_MS);
  await until(async () => (await looks()) > looked);
  expect(await asked()).toBe(before);
});

it("waits and tries again while ClickClack cannot be reached", async () => {
  await clickclack.fault("GET", "/api/me", { kind: "status", status: 502 }, 2);
  await clickclack.destroySocket();
  await until(async () => (await world.status()).link.state === "reconnecting");
  const { link } = await world.status();
  expect(link.retryAt).toBeGreaterThan(link.since);
  await tickUntil(linked);
});

it("makes no storm of a refusal: it says why and retries slowly", async () => {
  const refused = worldOf("refused");
  const its = clickclackOf(refused.bot.id);
  await refused.link();
  await its.revoke(refused.bot.token);
  await its.destroySocket();
  const account = (env as unknown as Env).BOT_ACCOUNT.getByName("refused");
  await until(async () => {
    await runDurableObjectAlarm(account);
    return (await refused.status()).link.state === "refused";
  });
  const { link } = await refused.status();
  expect(link).toMatchObject({ reason: "unauthorized", error: expect.stringContaining("401") });
  expect((link.retryAt ?? 0) - link.since).toBeGreaterThanOrEqual(60_000);
});

it("names a workspace that is not there", async () => {
  const account = (env as unknown as Env).BOT_ACCOUNT.getByName("lost");
  await account.ensure();
  const lost = worldOf("lost");
  await until(async () => (await lost.status()).link.state === "refused");
  expect((await lost.status()).link).toMatchObject({
    reason: "workspace_not_found",
    error: "ClickClack workspace not found: nowhere",
  });
});
