import { expect, test } from "vitest";
import { retryAfterMs } from "../../../src/domain/retry-after.ts";

test.each([
  ["0", 0],
  ["1", 1_000],
  ["300", 300_000],
  ["999999", 999_999_000],
])("%j is %i ms", (header, ms) => {
  expect(retryAfterMs(header)).toBe(ms);
});

test.each([null, "", "1000000", "-1", "1.5", "1s", " 1", "0x10", "1e3", "Sun, 22 Nov 2026 10:41:07 GMT"])(
  "%j is not read",
  (header) => {
    expect(retryAfterMs(header)).toBeUndefined();
  },
);
