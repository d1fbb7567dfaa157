import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../src/domain/pattern.ts";

/** What OpenClaw's own function (openclaw 2026.9.6) makes of each of them. */
const BY_OPENCLAW: [verdict: string, patterns: string[]][] = [
  [
    "ok",
    [
      ...["@?rosie\\b", "hey (ro|rosie)", "^ops[,:]", "(ro)?sie", "(?:foo){2,3}", "(a|b)*", "()*"],
      ...["(a|ab)?", "(a|ab){2}", "(a|ab){2,5}", "((a|ab))*", "(?=a|bb)*c", "(?<!a)b+"],
      ...["([+*])+", "\\(a+\\)+", "[(a+)]+", "[\\]+]+", "a{,2}+", "\\u{1F980}+"],
      // The characters after `(?` count, so that this one passes for even.
      "(?:a|aa)+",
    ],
  ],
  [
    "unsafe-nested-repetition",
    [
      ...["(a+)+", "(a|ab)*", "(foo|fo+){3}", "(a?)?", "(a{2}){3}", "a**", "a+*", "([ab]+)+"],
      ...["(a|ab){2,}", "(a|ab)+?", "(|a)+", "((a+)b)*", "(a+|b)*", "(?<name>a|bb)+"],
      // And this one for uneven.
      "(?:a|b)*",
    ],
  ],
  ["invalid-regex", ["(", "[a", "a)", "\\", "*a", "{2}a", "x{2,1}"]],
];

describe.each(BY_OPENCLAW)("OpenClaw says %s", (verdict, patterns) => {
  test.each(patterns)("of %s", (text) => {
    const compiled = compilePattern(text);
    expect(compiled?.ok === false ? compiled.reason : "ok").toBe(verdict);
  });
});

function compiled(text: string, flags?: "i" | "iu"): RegExp {
  const result = compilePattern(text, flags);
  if (result?.ok !== true) throw new Error(`no pattern: ${text}`);
  return result.pattern;
}

test.each(["", " ", "\n\t"])("blank text is no pattern: %j", (text) => {
  expect(compilePattern(text)).toBeUndefined();
});

test("space around a pattern does not belong to it", () => {
  expect(compiled("  rosie ").source).toBe("rosie");
});

test("a literal backspace is a word boundary, as it stands in JSON5 by mistake", () => {
  expect(compiled("\brosie\b").source).toBe("\\brosie\\b");
  expect(compiled("\brosie\b").test("hey rosie!")).toBe(true);
  expect(compiled("\brosie\b").test("rosiest")).toBe(false);
});

test("case does not matter, and what is derived from a name is read by characters", () => {
  expect(compiled("ROSIE").flags).toBe("i");
  expect(compiled("\\p{So}", "iu").test("🦞")).toBe(true);
  expect(compiled("^.$", "iu").test("🦞")).toBe(true);
  expect(compiled("^.$").test("🦞")).toBe(false);
});

test("no pattern remembers the last text it was put to", () => {
  const pattern = compiled("rosie");
  expect([pattern.test("rosie"), pattern.test("rosie")]).toEqual([true, true]);
});
