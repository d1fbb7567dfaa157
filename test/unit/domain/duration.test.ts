import { expect, test } from "vitest";
import { durationMs } from "../../../src/domain/duration.ts";

test.each([
  ["500ms", 500],
  ["90s", 90_000],
  ["15m", 900_000],
  [" 1 h ", 3_600_000],
  ["1.5h", 5_400_000],
  ["2d", 172_800_000],
  ["0s", 0],
])("%j is %i ms", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(["", "90", "h", "-1h", "1 hour", "1h30m", "1e3s", "1H", "٣s", "1.2345s"])("%j is none", (text) => {
  expect(durationMs(text)).toBeUndefined();
});
