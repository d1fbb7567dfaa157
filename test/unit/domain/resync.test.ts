import { describe, expect, test } from "vitest";
import { hasMovedSince, reachesBack } from "../../../src/domain/resync.ts";

/** The first cursor of its millisecond. */
const SINCE = "cur_01m81fgk3h0000000000000000";
const SINCE_AT = "2026-11-22T11:15:56.657Z";

const made = (id: string, created_at = "") => ({ id, created_at });

describe("a page", () => {
  test("reaches back once a message in it is no newer than what is known", () => {
    const newer = made("msg_01m81fgk3h0000000000000001");
    expect(reachesBack([], SINCE)).toBe(false);
    expect(reachesBack([newer], SINCE)).toBe(false);
    expect(reachesBack([made("msg_01m81fgk3h0000000000000000"), newer], SINCE)).toBe(true);
    expect(reachesBack([made("msg_01m81fgk3g0000000000000001"), newer], SINCE)).toBe(true);
  });

  test("does so by time where the ids tell none, and not by a message without a time", () => {
    expect(reachesBack([made("a", "2026-11-22T11:15:56.658Z")], SINCE)).toBe(false);
    expect(reachesBack([made("a", "2026-11-22T11:15:56.656999999Z")], SINCE)).toBe(true);
    expect(reachesBack([made("a", "yesterday")], SINCE)).toBe(false);
  });
});

describe("a thread", () => {
  test.each([
    [undefined, false],
    ["2026-11-22T11:15:56.656999999Z", false],
    ["2026-11-22T11:15:56Z", false],
    ["2026-11-22T11:15:56.65Z", false],
    [SINCE_AT, true],
    ["2026-11-22T11:15:56.7Z", true],
    ["2026-11-22T11:15:57Z", true],
    ["2026-11-22T12:15:56.7+01:00", true],
    ["no time at all", true],
  ])("with its last reply at %s has moved: %s", (lastReplyAt, moved) => {
    expect(hasMovedSince(lastReplyAt, SINCE)).toBe(moved);
  });
});
