import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openSocket } from "../../../src/clickclack/socket.ts";
import { Secret } from "../../../src/config/secret.ts";
import { HANDSHAKE_TIMEOUT_MS } from "../../../src/limits.ts";
import { answerWith, requestsSeen } from "../fetched.ts";

const REMOTE = { url: "https://chat.example.com", token: new Secret("ccb_01m81fgk3he1kgwgmax38sphh5") };
const LONG_AFTER_MS = 1_000 * HANDSHAKE_TIMEOUT_MS;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const open = () => openSocket(REMOTE, "wsp_1", "cur_1");

function upgraded(): Response {
  const { 0: webSocket } = new WebSocketPair();
  return new Response(null, { status: 101, webSocket });
}

describe("timer on the handshake's AbortSignal kills the healthy socket later", () => {
  test("no timer is left once the socket is open, and its signal never goes off by itself", async () => {
    answerWith(upgraded());
    await open();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(LONG_AFTER_MS);
    expect(requestsSeen()[0]?.signal.aborted).toBe(false);
  });

  test("the signal still breaks the socket when we drop it, long after the handshake", async () => {
    answerWith(upgraded());
    const { drop } = await open();
    await vi.advanceTimersByTimeAsync(LONG_AFTER_MS);
    drop();
    expect(requestsSeen()[0]?.signal.aborted).toBe(true);
  });

  test("no timer is left after a handshake that was refused", async () => {
    answerWith(Response.json({ error: "no" }, { status: 403 }));
    await expect(open()).rejects.toMatchObject({ failure: "forbidden" });
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a handshake that is never answered is given up by its deadline", async () => {
  answerWith("never");
  const failed = expect(open()).rejects.toMatchObject({
    failure: "unavailable",
    detail: `not finished within ${HANDSHAKE_TIMEOUT_MS} ms`,
  });
  await vi.advanceTimersByTimeAsync(HANDSHAKE_TIMEOUT_MS - 1);
  expect(requestsSeen()[0]?.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await failed;
});
