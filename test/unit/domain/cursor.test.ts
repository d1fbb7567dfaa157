import { describe, expect, test } from "vitest";
import {
  cursorTimeMs,
  lastKnown,
  laterCursor,
  messageCursor,
  overlapCursor,
} from "../../../src/domain/cursor.ts";

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

  test("stays where it is before a floor that lies after it, and passes over nothing", () => {
    expect(overlapCursor(CURSOR, 30_000, cursor("01m81fgk4h"))).toBe(CURSOR);
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

describe("the last known point", () => {
  const FLOOR = cursor("01m81fgk00", "abcdefghjkmnpqrs");

  test("is a little before a lost cursor, and never before the floor", () => {
    expect(lastKnown(CURSOR, 17, "")).toBe(overlapCursor(CURSOR, 17, ""));
    expect(lastKnown(CURSOR, 30_000, FLOOR)).toBe(FLOOR);
    const later = cursor("01m81fgk4h");
    expect(lastKnown(CURSOR, 30_000, later)).toBe(later);
  });

  test("is the floor where the cursor was empty", () => {
    expect(lastKnown("", 30_000, FLOOR)).toBe(FLOOR);
  });

  test.each([
    ["", ""],
    ["tail", ""],
    ["tail", FLOOR],
    [CURSOR.toUpperCase(), FLOOR],
    [CURSOR, "tail"],
  ])("of %j and the floor %j is none", (lost, floor) => {
    expect(lastKnown(lost, 30_000, floor)).toBeUndefined();
  });
});

describe("a message's place among the events", () => {
  /** Two messages that were recorded in one millisecond or the next, each with the cursor of its own event. */
  const RECORDED = [
    ["msg_01m81fjx1g936xwmnemkv8az0p", "cur_01m81fjx1hmbma52ew560d26xf"],
    ["msg_01m81fjx3e0adwmpksnygkd6tc", "cur_01m81fjx3fds52q9x6z2vqq3fm"],
    ["msg_01m81fjx3mwggc4g4vdne31x4j", "cur_01m81fjx3mwggc4g4vdrqkr03g"],
  ] as const;

  test("is before its own event and after every event before it", () => {
    const inOrder = RECORDED.flatMap(([id, event]) => [messageCursor(id, ""), event]);
    expect(inOrder).toEqual([...inOrder].sort());
    expect(new Set(inOrder).size).toBe(6);
  });

  test("is told by the id, whatever was written down as its time", () => {
    expect(messageCursor("msg_01m81fjx3mwggc4g4vdne31x4j", "2001-01-01T00:00:00Z")).toBe(
      "cur_01m81fjx3mwggc4g4vdne31x4j",
    );
  });

  test.each([
    ["msg_7", "2026-11-22T11:15:56.657Z"],
    ["msg_01M81FJX3MWGGC4G4VDNE31X4J", "2026-11-22T11:15:56.657412345Z"],
    ["msg_01m81fjx3mwggc4g4vdne31xil", "2026-11-22T12:15:56.657+01:00"],
    ["01m81fjx3mwggc4g4vdne31x4j", "2026-11-22T11:15:56.6570Z"],
  ])("is the first of its millisecond for an id that is no ULID: %s, %s", (id, createdAt) => {
    expect(messageCursor(id, createdAt)).toBe(overlapCursor(CURSOR, 0, ""));
  });

  test("of times without the zeros that ClickClack trims is in order", () => {
    const at = ["56Z", "56.1Z", "56.12Z", "57Z"].map((rest) =>
      messageCursor("m", `2026-11-22T11:15:${rest}`),
    );
    expect(at).toEqual([...at].sort());
    expect(new Set(at).size).toBe(4);
  });

  test.each(["", "yesterday", "1969-12-31T23:59:59Z"])("is none when %j is all there is", (createdAt) => {
    expect(messageCursor("msg_7", createdAt)).toBeUndefined();
  });
});

test("the later cursor is the greater string, and the empty one stands before everything", () => {
  expect(laterCursor(cursor("01m81fgk3h"), cursor("01m81fgk3j"))).toBe(cursor("01m81fgk3j"));
  expect(laterCursor(cursor("01m81fgk3j"), cursor("01m81fgk3h"))).toBe(cursor("01m81fgk3j"));
  expect(laterCursor(cursor("01m81fgk39"), cursor("01m81fgk3a"))).toBe(cursor("01m81fgk3a"));
  expect(laterCursor("", CURSOR)).toBe(CURSOR);
  expect(laterCursor(CURSOR, "")).toBe(CURSOR);
  expect(laterCursor("", "")).toBe("");
});
