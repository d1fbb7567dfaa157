import { describe, expect, test } from "vitest";
import { matchesPattern, mentionsHandle } from "../../../src/domain/mention.ts";

describe("names @rosie", () => {
  test.each([
    "@rosie",
    "@rosie what is up?",
    "what is up, @rosie?",
    "@Rosie",
    "@ROSIE!",
    "@rosie.",
    "@rosie's idea",
    "(@rosie)",
    "**@rosie**",
    "`@rosie`",
    "```\n@rosie\n```",
    "[@rosie](https://example.com)",
    "first line\n@rosie",
    "@ben @rosie",
    "@ben,@rosie",
    "@b @rosie",
    "@rosie-x and @rosie",
    "@rosieé",
    "hé@rosie",
    "🙂@rosie🙂",
    "@rosie@example.com",
  ])("%j", (body) => {
    expect(mentionsHandle(body, "rosie")).toBe(true);
  });
});

describe("does not name @rosie", () => {
  test.each([
    "",
    "rosie",
    "Rosie, what is up?",
    "@ rosie",
    "@rosi",
    "@rosie2",
    "@rosie-x",
    "@rosie_x",
    "@rosie-",
    "@x-rosie",
    "@@rosie",
    "@-rosie",
    "a@rosie.com",
    "a_@rosie",
    "a-@rosie",
    "1@rosie",
    "@ben@rosie",
    "@other",
    "＠rosie",
  ])("%j", (body) => {
    expect(mentionsHandle(body, "rosie")).toBe(false);
  });
});

test("the handle's own case does not matter", () => {
  expect(mentionsHandle("hi @rosie", "Rosie")).toBe(true);
});

test("a bot without a handle is never mentioned", () => {
  expect(mentionsHandle("hi @ there @rosie", "")).toBe(false);
});

test("handles of every length that ClickClack gives are found, and a longer word is not cut to one", () => {
  for (const handle of ["ab", "a1-_", "a".repeat(32)]) {
    expect(mentionsHandle(`hi @${handle}!`, handle)).toBe(true);
    expect(mentionsHandle(`hi @${handle}a`, handle)).toBe(false);
  }
});

test("what a pattern would take for a wildcard is a letter here", () => {
  expect(mentionsHandle("@rosie", "r.sie")).toBe(false);
  expect(mentionsHandle("@rosie", ".*")).toBe(false);
});

describe("patterns", () => {
  const PATTERNS = [/\brosie\b/i, /^ops[,:]/i];

  test.each([
    "rosie",
    "Hey ROSIE!",
    "  ops: restart",
    "OPS, please",
    "ro\u200bsie",
    "\u2066rosie\u2069",
    "\u200bops: x",
  ])("%j matches one of them", (body) => {
    expect(matchesPattern(body, PATTERNS)).toBe(true);
  });

  test.each(["", "rosies", "the ops: x", "r osie"])("%j matches none", (body) => {
    expect(matchesPattern(body, PATTERNS)).toBe(false);
  });

  test("they are put to lower case, so that a pattern without the flag `i` is written in it", () => {
    expect(matchesPattern("ROSIE", [/rosie/])).toBe(true);
    expect(matchesPattern("ROSIE", [/ROSIE/])).toBe(false);
  });

  test("an empty message mentions nobody, and neither does a list without patterns", () => {
    expect(matchesPattern("", [/.*/])).toBe(false);
    expect(matchesPattern("\u200b", [/.*/])).toBe(true);
    expect(matchesPattern("rosie", [])).toBe(false);
  });
});
