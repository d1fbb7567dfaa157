import { expect, test } from "vitest";
import { retryAt } from "../../../src/account/retry.ts";
import { RETRY_AFTER_MAX_MS, RETRY_MAX_MS, RETRY_MIN_MS } from "../../../src/limits.ts";

const NOW = 1_000_000;
const clock = { now: () => NOW, random: () => 0 };

test.each([
  ["nothing", undefined, RETRY_MIN_MS / 2],
  ["less than it would wait anyway", 1, RETRY_MIN_MS / 2],
  ["more than that", 30_000, 30_000],
  ["more than is followed", 10 * RETRY_AFTER_MAX_MS, RETRY_AFTER_MAX_MS],
])("a remote that asks for %s is tried again when that is over, within bounds", (_what, askedMs, wait) => {
  expect(retryAt(clock, 1, askedMs)).toBe(NOW + wait);
});

test("waits grow with the attempts, up to their ceiling", () => {
  expect(retryAt(clock, 3, undefined)).toBe(NOW + 2 * RETRY_MIN_MS);
  expect(retryAt(clock, 100, undefined)).toBe(NOW + RETRY_MAX_MS / 2);
});
