import { expect, test } from "vitest";
import { Breaker, type Pass } from "../../../src/domain/breaker.ts";

const BOUNDS = { callersToOpen: 3, probeMinMs: 1_000, probeMaxMs: 8_000 };
/** The longest wait that jitter gives. */
const SLOWEST = 1;

function enter(breaker: Breaker, caller: string, now = 0): Pass {
  const pass = breaker.enter(caller, now);
  if (pass === undefined) throw new Error("it has to wait");
  return pass;
}

function opened(): Breaker {
  const breaker = new Breaker(BOUNDS);
  for (const caller of ["a", "b", "c"]) enter(breaker, caller).missed(0, SLOWEST);
  return breaker;
}

test("it opens once several callers have missed, and one that gets through begins the count anew", () => {
  const breaker = new Breaker(BOUNDS);
  for (const [callers, isOpen] of [
    [["a", "b"], false],
    [["a", "b", "c"], true],
  ] as const) {
    enter(breaker, "d").reached();
    for (const caller of callers) enter(breaker, caller).missed(0, SLOWEST);
    expect(breaker.isOpen).toBe(isOpen);
  }
});

test("one caller that misses again and again does not open it", () => {
  const breaker = new Breaker(BOUNDS);
  for (let i = 0; i < 50; i++) enter(breaker, "poison").missed(0, SLOWEST);
  enter(breaker, "b").missed(0, SLOWEST);
  expect(breaker.isOpen).toBe(false);
});

test("open, it lets nobody through before its time, and then one at a time", () => {
  const breaker = opened();
  expect(breaker.probeAt).toBe(1_000);
  expect(breaker.enter("a", 999)).toBeUndefined();
  const probe = enter(breaker, "a", 1_000);
  expect(breaker.enter("b", 60_000)).toBeUndefined();
  expect(breaker.probeAt).toBeUndefined();
  probe.leave();
  expect(breaker.enter("b", 1_000)).toBeDefined();
});

test("a probe that misses makes the next wait longer, up to the ceiling", () => {
  const breaker = opened();
  let now = 0;
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    waits.push((breaker.probeAt ?? 0) - now);
    now = breaker.probeAt ?? 0;
    enter(breaker, "a", now).missed(now, SLOWEST);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test("what the remote asked for is waited for", () => {
  const breaker = opened();
  enter(breaker, "a", 1_000).missed(1_000, SLOWEST, 300_000);
  expect(breaker.probeAt).toBe(301_000);
});

test("a probe that reaches closes it for all, and so does a call that was on its way", () => {
  const probed = opened();
  enter(probed, "a", 1_000).reached();
  expect(probed.isOpen).toBe(false);

  const breaker = new Breaker(BOUNDS);
  const early = enter(breaker, "d");
  for (const caller of ["a", "b", "c"]) enter(breaker, caller).missed(0, SLOWEST);
  early.reached();
  expect(breaker.isOpen).toBe(false);
});

test("calls that were on their way when it opened do not lengthen the wait", () => {
  const breaker = new Breaker(BOUNDS);
  const many = Array.from({ length: 20 }, (_, i) => enter(breaker, `caller ${i}`));
  for (const pass of many) pass.missed(0, SLOWEST);
  expect(breaker.probeAt).toBe(1_000);
});

test("a call tells once: what it says after that is no news", () => {
  const breaker = new Breaker(BOUNDS);
  const early = enter(breaker, "d");
  expect(early.reached()).toBe(true);
  for (const caller of ["a", "b", "c"]) enter(breaker, caller).missed(0, SLOWEST);
  expect(early.reached()).toBe(false);
  expect(breaker.isOpen).toBe(true);

  const probe = enter(breaker, "a", 1_000);
  probe.leave();
  expect(probe.reached()).toBe(false);
  probe.missed(1_000, SLOWEST, 300_000);
  expect(breaker.probeAt).toBe(1_000);
});

test("tripped on what is known from before, it lets one call through at once and no other", () => {
  const breaker = new Breaker(BOUNDS);
  breaker.trip(5_000);
  const probe = enter(breaker, "a", 5_000);
  expect(breaker.enter("b", 5_000)).toBeUndefined();
  probe.missed(5_000, SLOWEST);
  expect(breaker.probeAt).toBe(7_000);
});
