import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadline } from "../../../src/remote/deadline.ts";

let deadline: Deadline;

beforeEach(() => {
  vi.useFakeTimers();
  deadline = new Deadline(10_000);
});
afterEach(() => {
  deadline.end();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTime(ms);

test("the whole call has its time, however much comes", () => {
  for (let frame = 0; frame < 9; frame++) {
    deadline.allowSilence(5_000);
    pass(1_000);
  }
  expect(deadline.signal.aborted).toBe(false);
  pass(1_000);
  expect(deadline.expired).toBe("not finished within 10000 ms");
  expect(deadline.signal.aborted).toBe(true);
});

test("silence is counted from the last byte", () => {
  deadline.allowSilence(1_000);
  pass(999);
  deadline.allowSilence(1_000);
  pass(999);
  expect(deadline.expired).toBeUndefined();
  pass(1);
  expect(deadline.expired).toBe("nothing came for 1000 ms");
  expect(deadline.signal.aborted).toBe(true);
});

test("a longer silence may follow a shorter one, and a shorter a longer", () => {
  deadline.allowSilence(1_000);
  deadline.allowSilence(3_000);
  pass(2_999);
  expect(deadline.expired).toBeUndefined();
  deadline.allowSilence(500);
  pass(499);
  expect(deadline.expired).toBeUndefined();
  pass(1);
  expect(deadline.expired).toBe("nothing came for 500 ms");
});

test("a stream sets no timer for every frame", () => {
  deadline.allowSilence(5_000);
  const before = vi.getTimerCount();
  const setTimeout = vi.spyOn(globalThis, "setTimeout");
  for (let frame = 0; frame < 100; frame++) deadline.allowSilence(5_000);
  expect(setTimeout).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(before);
  setTimeout.mockRestore();
});

test("once it is ended, nothing is left that could go off", () => {
  deadline.allowSilence(1_000);
  deadline.end();
  expect(vi.getTimerCount()).toBe(0);
});
