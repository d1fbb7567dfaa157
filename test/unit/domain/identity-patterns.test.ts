import { describe, expect, test } from "vitest";
import { identityPatterns } from "../../../src/domain/identity-patterns.ts";
import { matchesPattern } from "../../../src/domain/mention.ts";
import { compilePattern } from "../../../src/domain/pattern.ts";

/** Whether a message calls the agent. */
function calls(body: string, identity: { name?: string; emoji?: string }): boolean {
  const patterns = identityPatterns(identity).map((text) => {
    const compiled = compilePattern(text, "iu");
    if (compiled?.ok !== true) throw new Error(`no pattern: ${text}`);
    return compiled.pattern;
  });
  return matchesPattern(body, patterns);
}

/** Names, what calls them and what does not: OpenClaw's own functions (openclaw 2026.9.6) say the same of each. */
const NAMES: [name: string, calling: string[], other: string[]][] = [
  [
    "Rosie",
    ["rosie", "Hey ROSIE!", "@rosie", "x@rosie", "ro\u200bsie", "rosie's"],
    ["rosies", "_rosie", "rosié"],
  ],
  ["🦞 Molty", ["molty", "🦞 molty", "🦞molty", "@🦞molty", "hey molty"], ["🦞", "moltys", "a🦞molty"]],
  ["Molty 🦞", ["molty", "molty 🦞", "molty🦞"], ["molty🦞x", "amolty🦞"]],
  ["Foo 🦞 Bar", ["foo 🦞 bar", "foo🦞bar", "foo bar", "foo  bar"], ["foobar", "foo", "foo🦞"]],
  ["Foo🦞Bar", ["foo🦞bar", "foo bar", "foo 🦞 bar", "foobar"], ["foo", "foobars"]],
  ["Jean-Luc", ["jean-luc", "@Jean-Luc."], ["jean luc", "jeanluc", "jean-lucy"]],
  ["Ops Bot", ["ops bot", "ops  bot", "ops\nbot"], ["opsbot", "ops", "ops-bot"]],
  ["C++", ["c++", "i like c++ a lot"], ["c", "c++x", "abc++"]],
  ["1️⃣ One", ["one", "1️⃣one"], ["1 on"]],
  ["日本 太郎", ["日本 太郎", "日本\u3000太郎"], ["日本太郎", "日本"]],
  ["🦞", ["🦞", "hey 🦞!"], ["lobster", "x🦞", "🦞x"]],
];

describe.each(NAMES)("the agent %j", (name, calling, other) => {
  test.each(calling)("is called by %j", (body) => {
    expect(calls(body, { name })).toBe(true);
  });
  test.each(other)("is not called by %j", (body) => {
    expect(calls(body, { name })).toBe(false);
  });
});

test("an emoji calls it anywhere, beside the name", () => {
  const identity = { name: "Rosie", emoji: " 🦞 " };
  expect(calls("x🦞x", identity)).toBe(true);
  expect(calls("rosie", identity)).toBe(true);
  expect(calls("🦐", identity)).toBe(false);
});

test("an emoji of several is known without the joiner between them, which no pattern is put to", () => {
  expect(calls("hey 👨‍💻", { emoji: "👨‍💻" })).toBe(true);
});

test("what has a meaning in patterns has none in a name", () => {
  expect(calls("rosie", { name: "r.sie" })).toBe(false);
  expect(calls("(x) [y] a/b $1", { name: "(x) [y] a/b $1" })).toBe(true);
});

test.each([{}, { name: "", emoji: "" }, { name: "  ", emoji: " " }, { name: "\u200b" }])(
  "%j is called by nothing",
  (identity) => {
    expect(identityPatterns(identity)).toEqual([]);
  },
);
