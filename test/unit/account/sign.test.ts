import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import type { Identity } from "../../../src/account/facts.ts";
import { showProgress } from "../../../src/account/progress-sign.ts";
import type { Sign } from "../../../src/account/sign.ts";
import { showTyping } from "../../../src/account/typing.ts";
import type { Ephemeral } from "../../../src/clickclack/ephemerals.ts";
import { PROGRESS_INTERVAL_MS, SIGN_AFTER_MS, TYPING_INTERVAL_MS } from "../../../src/limits.ts";

const CHANNEL = { kind: "channel", channelId: "chn_1" } as const;
const IDENTITY = { workspaceId: "wsp_1", handle: "rosie" } as Identity;
/** ClickClack's web client forgets a line of progress so long after its last frame. */
const FORGOTTEN_AFTER_MS = 45_000;

let shown: Ephemeral[];
/** How the next frames end. */
let answer: () => Promise<void>;
let logged: object[];
let behind: Promise<unknown>[];
let context: AccountContext;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  logged = [];
  behind = [];
  answer = async () => undefined;
  const client = {
    show: (_workspace: string, _conversation: object, frame: Ephemeral) => {
      shown.push(frame);
      return answer();
    },
  };
  context = {
    account: { id: "main", agentId: "ops" },
    client,
    log: (event: object) => logged.push(event),
    background: (work: Promise<unknown>) => behind.push(work),
  } as unknown as AccountContext;
});
afterEach(() => {
  vi.useRealTimers();
});

const KINDS: [name: string, intervalMs: number, make: () => Sign][] = [
  ["typing", TYPING_INTERVAL_MS, () => showTyping(context, "wsp_1", CHANNEL)],
  ["progress", PROGRESS_INTERVAL_MS, () => showProgress(context, IDENTITY, CHANNEL, "msg_1")],
];

const isLast = ({ type, payload }: Ephemeral) =>
  type === "typing.stopped" || (payload as { op?: string } | undefined)?.op === "clear";
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe.each(KINDS)("the sign of %s", (name, intervalMs, make) => {
  test("is renewed while it is up, and no more once it is down", async () => {
    const sign = make();
    sign.start();
    sign.start();
    await pass(SIGN_AFTER_MS + 2 * intervalMs);
    expect(shown.map(isLast)).toEqual([false, false, false]);
    sign.end();
    sign.end();
    sign.start();
    await pass(10 * intervalMs);
    expect(shown.map(isLast)).toEqual([false, false, false, true]);
  });

  test("is not put up for an answer that comes at once", async () => {
    const sign = make();
    sign.start();
    await pass(SIGN_AFTER_MS - 1);
    sign.end();
    await pass(intervalMs);
    expect(shown).toEqual([]);
  });

  test("that was never up is not taken down, nor put up by news that comes too late", async () => {
    const sign = make();
    sign.end();
    sign.start();
    await pass(intervalMs);
    expect(shown).toEqual([]);
  });

  test("goes down after a frame that is still on its way, and has one on its way at a time", async () => {
    const slow = Promise.withResolvers<void>();
    answer = () => slow.promise;
    const sign = make();
    sign.start();
    await pass(SIGN_AFTER_MS + 3 * intervalMs);
    sign.end();
    await pass(intervalMs);
    expect(shown.map(isLast)).toEqual([false]);
    answer = async () => undefined;
    slow.resolve();
    await Promise.all(behind);
    expect(shown.map(isLast)).toEqual([false, true]);
  });

  test("goes down although it could not be put up, and says once that something failed", async () => {
    answer = () => Promise.reject(new Error("down"));
    const sign = make();
    sign.start();
    await pass(SIGN_AFTER_MS + 2 * intervalMs);
    sign.end();
    await Promise.all(behind);
    expect(shown.map(isLast)).toEqual([false, false, false, true]);
    expect(logged).toEqual([{ event: `${name}:failed`, error: "down" }]);
  });
});

describe("a line of progress", () => {
  test("is written as OpenClaw's plugin writes it, each frame with the next number", async () => {
    const sign = showProgress(context, IDENTITY, CHANNEL, "msg_1");
    sign.start();
    await pass(SIGN_AFTER_MS + PROGRESS_INTERVAL_MS);
    sign.end();
    await Promise.all(behind);
    const line = { id: "turn", kind: "commentary", text: "rosie is responding", status: "running" };
    expect(shown).toEqual([
      { type: "agent.progress", payload: { turn_id: "msg_1", seq: 1, op: "append", line } },
      { type: "agent.progress", payload: { turn_id: "msg_1", seq: 2, op: "update", line } },
      { type: "agent.progress", payload: { turn_id: "msg_1", seq: 3, op: "clear" } },
    ]);
  });

  test("outlives the loss of one frame", () => {
    expect(2 * PROGRESS_INTERVAL_MS).toBeLessThan(FORGOTTEN_AFTER_MS);
  });

  test.each([
    [{ name: "Rosie", agentId: "ops" }, "rosie", "Rosie"],
    [{ agentId: "ops" }, "rosie", "rosie"],
    [{ agentId: "ops" }, "", "ops"],
    [{}, "", "main"],
  ])("names the bot by %j and handle %j as %s", async (account, handle, name) => {
    const named = { ...context, account: { id: "main", ...account } } as AccountContext;
    showProgress(named, { ...IDENTITY, handle }, CHANNEL, "msg_1").start();
    await pass(SIGN_AFTER_MS);
    expect(shown[0]?.payload).toMatchObject({ line: { text: `${name} is responding` } });
  });
});
