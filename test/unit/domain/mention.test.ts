import { describe, expect, test } from "vitest";
import { mentionsHandle } from "../../../src/domain/mention.ts";

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
