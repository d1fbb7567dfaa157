import { describe, expect, test } from "vitest";
import { backoffMs } from "../../../src/domain/backoff.ts";
import { RETRY_MAX_MS, RETRY_MIN_MS } from "../../../src/limits.ts";
import { seeded } from "../random.ts";

/** The greatest number below 1. */
const ALMOST_ONE = 1 - Number.EPSILON / 2;

test.each([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [7, 64_000],
  [8, 120_000],
  [9, 120_000],
  [1_000, 120_000],
])("after %i failures it waits between half of %i ms and all of it", (attempt, ceiling) => {
  expect(backoffMs(attempt, 1_000, 120_000, 0)).toBe(ceiling / 2);
  expect(backoffMs(attempt, 1_000, 120_000, 0.5)).toBe((ceiling * 3) / 4);
  expect(backoffMs(attempt, 1_000, 120_000, ALMOST_ONE)).toBe(ceiling);
});

test("a floor above the ceiling gives way to it", () => {
  expect(backoffMs(1, 60_000, 1_000, ALMOST_ONE)).toBe(1_000);
});

describe("for any random number", () => {
  test("it never waits less than half the floor or more than the ceiling, and a whole number of milliseconds", () => {
    const random = seeded(1);
    for (let attempt = 1; attempt <= 200; attempt++) {
      const wait = backoffMs(attempt, RETRY_MIN_MS, RETRY_MAX_MS, random());
      expect(wait).toBeGreaterThanOrEqual(RETRY_MIN_MS / 2);
      expect(wait).toBeLessThanOrEqual(RETRY_MAX_MS);
      expect(Number.isInteger(wait)).toBe(true);
    }
  });

  test("two that failed together seldom come back together", () => {
    const random = seeded(2);
    const waits = Array.from({ length: 100 }, () => backoffMs(8, 1_000, 120_000, random()));
    expect(new Set(waits).size).toBeGreaterThan(90);
  });
});
