import { describe, expect, test } from "vitest";
import { cursorTimeMs, laterCursor, overlapCursor } from "../../../src/domain/cursor.ts";

/** The time in it is that of a recorded user's id, whose `created_at` is known. */
const CURSOR = "cur_01m81fgk3he1kgwgmax38sphh5";
const MADE_AT = Date.parse("2026-11-22T11:15:56.657Z");

/** A cursor of ten time characters and a random part. */
function cursor(time: string, random = "0".repeat(16)): string {
  return `cur_${time}${random}`;
}

describe("the time of a cursor", () => {
  test("is what its first ten characters count", () => {
    expect(cursorTimeMs(CURSOR)).toBe(MADE_AT);
    expect(cursorTimeMs(cursor("0000000000"))).toBe(0);
    expect(cursorTimeMs(cursor("0000000010"))).toBe(32);
    expect(cursorTimeMs(cursor("7zzzzzzzzz"))).toBe(2 ** 48 - 1);
  });

  test.each([
    ["", "the empty cursor"],
    ["cur_", "a bare prefix"],
    ["tail", "a word"],
    [CURSOR.slice(4), "no prefix"],
    [CURSOR.replace("cur_", "evt_"), "another prefix"],
    [CURSOR.slice(0, -1), "a character too few"],
    [`${CURSOR}0`, "a character too many"],
    [cursor("01M81FGK3H"), "upper case"],
    [cursor("01m81fgk3i"), "an i, which Crockford's alphabet lacks"],
    [cursor("01m81fgk3l"), "an l"],
    [cursor("01m81fgk3o"), "an o"],
    [cursor("01m81fgk3u"), "a u"],
  ])("%j has none: %s", (text) => {
    expect(cursorTimeMs(text)).toBeUndefined();
  });
});

describe("an overlapped cursor", () => {
  test("lies exactly so much earlier, before everything of that millisecond", () => {
    const earlier = overlapCursor(CURSOR, 30_000, "");
    expect(cursorTimeMs(earlier)).toBe(MADE_AT - 30_000);
    expect(earlier.slice(-16)).toBe("0".repeat(16));
  });

  test.each([
    ["0000000010", 1, "000000000z"],
    ["0000001000", 1, "0000000zzz"],
    ["1000000000", 1, "0zzzzzzzzz"],
    ["01m81fgk40", 32, "01m81fgk30"],
    ["01m81fgk3z", 31, "01m81fgk30"],
  ])("borrows from the next character: %s less %i ms is %s", (from, byMs, to) => {
    expect(overlapCursor(cursor(from, "zzzzzzzzzzzzzzzz"), byMs, "")).toBe(cursor(to));
  });

  test("never goes before the beginning of time", () => {
    expect(overlapCursor(cursor("0000000010"), 32, "")).toBe(cursor("0000000000"));
    expect(overlapCursor(cursor("0000000010"), 1_000, "")).toBe(cursor("0000000000"));
  });

  test("never goes before the floor", () => {
    const floor = cursor("01m81fgk00", "abcdefghjkmnpqrs");
    expect(overlapCursor(CURSOR, 30_000, floor)).toBe(floor);
    expect(overlapCursor(CURSOR, 0, floor)).toBe(cursor("01m81fgk3h"));
  });

  test("sorts before every cursor of the time stepped over, and after those before it", () => {
    const earlier = overlapCursor(CURSOR, 17, "");
    expect(earlier).toBe(cursor("01m81fgk30"));
    expect(earlier < cursor("01m81fgk30", "0000000000000001")).toBe(true);
    expect(earlier > cursor("01m81fgk2z", "zzzzzzzzzzzzzzzz")).toBe(true);
  });

  test.each(["", "tail", "cur_short", CURSOR.toUpperCase()])(
    "of %j is the same: no ULID, no time",
    (text) => {
      expect(overlapCursor(text, 30_000, "")).toBe(text);
    },
  );
});

test("the later cursor is the greater string, and the empty one stands before everything", () => {
  expect(laterCursor(cursor("01m81fgk3h"), cursor("01m81fgk3j"))).toBe(cursor("01m81fgk3j"));
  expect(laterCursor(cursor("01m81fgk3j"), cursor("01m81fgk3h"))).toBe(cursor("01m81fgk3j"));
  expect(laterCursor(cursor("01m81fgk39"), cursor("01m81fgk3a"))).toBe(cursor("01m81fgk3a"));
  expect(laterCursor("", CURSOR)).toBe(CURSOR);
  expect(laterCursor(CURSOR, "")).toBe(CURSOR);
  expect(laterCursor("", "")).toBe("");
});
