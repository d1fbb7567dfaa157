import { expect, test } from "vitest";
import { Breaker, type Pass } from "../../../src/domain/breaker.ts";

const BOUNDS = { failuresToOpen: 3, probeMinMs: 1_000, probeMaxMs: 8_000 };
/** The longest wait that jitter gives. */
const SLOWEST = 1;

function enter(breaker: Breaker, now = 0): Pass {
  const pass = breaker.enter(now);
  if (pass === undefined) throw new Error("it has to wait");
  return pass;
}

function opened(): Breaker {
  const breaker = new Breaker(BOUNDS);
  for (let i = 0; i < BOUNDS.failuresToOpen; i++) enter(breaker).missed(0, SLOWEST);
  return breaker;
}

test("it opens after failures in a row, and a success in between begins the row anew", () => {
  const breaker = new Breaker(BOUNDS);
  for (const [misses, isOpen] of [
    [2, false],
    [3, true],
  ] as const) {
    enter(breaker).reached();
    for (let i = 0; i < misses; i++) enter(breaker).missed(0, SLOWEST);
    expect(breaker.isOpen).toBe(isOpen);
  }
});

test("open, it lets nobody through before its time, and then one at a time", () => {
  const breaker = opened();
  expect(breaker.probeAt).toBe(1_000);
  expect(breaker.enter(999)).toBeUndefined();
  const probe = enter(breaker, 1_000);
  expect(breaker.enter(60_000)).toBeUndefined();
  expect(breaker.probeAt).toBeUndefined();
  probe.leave();
  expect(breaker.enter(1_000)).toBeDefined();
});

test("a probe that misses makes the next wait longer, up to the ceiling", () => {
  const breaker = opened();
  let now = 0;
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    waits.push((breaker.probeAt ?? 0) - now);
    now = breaker.probeAt ?? 0;
    enter(breaker, now).missed(now, SLOWEST);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test("what the remote asked for is waited for", () => {
  const breaker = opened();
  enter(breaker, 1_000).missed(1_000, SLOWEST, 300_000);
  expect(breaker.probeAt).toBe(301_000);
});

test("a probe that reaches closes it for all, and so does a call that was on its way", () => {
  const probed = opened();
  enter(probed, 1_000).reached();
  expect([probed.isOpen, probed.failures]).toEqual([false, 0]);

  const breaker = new Breaker(BOUNDS);
  const early = enter(breaker);
  for (let i = 0; i < 3; i++) enter(breaker).missed(0, SLOWEST);
  early.reached();
  expect(breaker.isOpen).toBe(false);
});

test("calls that were on their way when it opened do not lengthen the wait", () => {
  const breaker = new Breaker(BOUNDS);
  const many = Array.from({ length: 20 }, () => enter(breaker));
  for (const pass of many) pass.missed(0, SLOWEST);
  expect(breaker.probeAt).toBe(1_000);
});

test("a call tells once: what it says after that counts no more", () => {
  const breaker = opened();
  const probe = enter(breaker, 1_000);
  probe.reached();
  for (let i = 0; i < 5; i++) probe.missed(1_000, SLOWEST);
  probe.leave();
  expect([breaker.isOpen, breaker.failures]).toEqual([false, 0]);
});

test("tripped on what is known from before, it lets one call through at once and no other", () => {
  const breaker = new Breaker(BOUNDS);
  breaker.trip(5_000);
  const probe = enter(breaker, 5_000);
  expect(breaker.enter(5_000)).toBeUndefined();
  probe.missed(5_000, SLOWEST);
  expect(breaker.probeAt).toBe(7_000);
});
