import { describe, expect, test } from "vitest";
import { SendQueue, type SendStep } from "../../../src/account/send-queue.ts";
import { SENDS_AT_ONCE_MAX, WATCHDOG_INTERVAL_MS } from "../../../src/limits.ts";

/** A queue whose every try ends when the test says so, at a clock that the test moves. */
function queueWorld() {
  const inHand = new Map<string, (step: SendStep) => void>();
  const tried: string[] = [];
  const clock = { now: 1_000, changes: 0 };
  const queue = new SendQueue({
    deliver: (nonce) => {
      tried.push(nonce);
      return new Promise((resolve) => inHand.set(nonce, resolve));
    },
    now: () => clock.now,
    changed: () => clock.changes++,
  });
  return {
    queue,
    clock,
    tried,
    inHand: () => [...inHand.keys()],
    /** The first letter of a nonce is its target. */
    add(nonce: string, dueAt = 0) {
      queue.add({ nonce, to: nonce.charAt(0), dueAt });
      queue.pump();
    },
    async end(nonce: string, step: SendStep = { kind: "settled" }) {
      const resolve = inHand.get(nonce);
      if (resolve === undefined) throw new Error(`${nonce} is not in hand`);
      inHand.delete(nonce);
      resolve(step);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe("sends to one target", () => {
  test("are tried one after the other, in the order in which they were added", async () => {
    const world = queueWorld();
    for (const nonce of ["a1", "a2", "a3"]) world.add(nonce);
    expect(world.inHand()).toEqual(["a1"]);
    await world.end("a1");
    expect(world.inHand()).toEqual(["a2"]);
    await world.end("a2");
    await world.end("a3");
    expect([world.tried, world.queue.size, world.queue.nextDueAt()]).toEqual([
      ["a1", "a2", "a3"],
      0,
      undefined,
    ]);
  });

  test("wait behind one that is to be tried again", async () => {
    const world = queueWorld();
    world.add("a1");
    world.add("a2");
    await world.end("a1", { kind: "retry", at: 5_000 });
    world.queue.pump();
    expect([world.inHand(), world.queue.size, world.queue.nextDueAt()]).toEqual([[], 2, 5_000]);
    world.clock.now = 5_000;
    world.queue.pump();
    expect(world.inHand()).toEqual(["a1"]);
  });
});

describe("sends to several targets", () => {
  test("do not wait for each other", async () => {
    const world = queueWorld();
    for (const nonce of ["a1", "a2", "b1", "b2"]) world.add(nonce);
    await world.end("a1", { kind: "retry", at: 5_000 });
    await world.end("b1");
    expect(world.inHand()).toEqual(["b2"]);
  });

  test("are so many at once, and the next one starts as soon as there is a place", async () => {
    const world = queueWorld();
    const targets = Array.from({ length: SENDS_AT_ONCE_MAX + 2 }, (_, i) => String.fromCharCode(97 + i));
    for (const target of targets) world.add(`${target}1`);
    expect(world.inHand()).toHaveLength(SENDS_AT_ONCE_MAX);
    await world.end("a1");
    expect(world.inHand()).toHaveLength(SENDS_AT_ONCE_MAX);
    expect(world.queue.size).toBe(SENDS_AT_ONCE_MAX + 1);
  });

  test("take turns: a busy target does not keep a place from a quiet one", async () => {
    const world = queueWorld();
    for (const nonce of ["a1", "a2", "b1", "b2", "c1", "d1", "e1"]) world.add(nonce);
    await world.end("a1");
    expect(world.inHand()).toContain("e1");
    expect(world.inHand()).not.toContain("a2");
  });
});

describe("the time to look again", () => {
  test("is the earliest that is due", () => {
    const world = queueWorld();
    world.add("a1", 9_000);
    world.add("b1", 8_000);
    world.add("b2", 2_000);
    expect(world.queue.nextDueAt()).toBe(8_000);
  });

  test("comes while one is in hand, should the object die", () => {
    const world = queueWorld();
    world.add("a1");
    expect(world.queue.nextDueAt()).toBe(world.clock.now + WATCHDOG_INTERVAL_MS);
  });

  test("is not now for what is due and has no place", () => {
    const world = queueWorld();
    for (let i = 0; i <= SENDS_AT_ONCE_MAX; i++) world.add(`${i}`);
    expect(world.queue.nextDueAt()).toBe(world.clock.now + WATCHDOG_INTERVAL_MS);
  });

  test("is announced whenever it may have changed", async () => {
    const world = queueWorld();
    world.add("a1");
    const before = world.clock.changes;
    await world.end("a1", { kind: "retry", at: 5_000 });
    expect(world.clock.changes).toBeGreaterThan(before);
  });
});
