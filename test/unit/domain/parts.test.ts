import { describe, expect, test } from "vitest";
import { splitText } from "../../../src/domain/parts.ts";
import { seeded, seeds } from "../random.ts";

test("a text that fits is one part, as it is", () => {
  expect(splitText("", 10)).toEqual([""]);
  expect(splitText("0123456789", 10)).toEqual(["0123456789"]);
  expect(splitText(" a\n b ", 10)).toEqual([" a\n b "]);
});

test("one character more makes two", () => {
  expect(splitText("0123456789x", 10)).toEqual(["0123456789", "x"]);
});

describe("cuts", () => {
  test("at the last paragraph, before it would cut at a line or a word", () => {
    expect(splitText("aaa aaaa\n\nbb\nb b cc", 15)).toEqual(["aaa aaaa", "bb\nb b cc"]);
  });

  test("at the last line, before it would cut at a word", () => {
    expect(splitText("aaa aaaaaa\nbb b cc", 16)).toEqual(["aaa aaaaaa", "bb b cc"]);
  });

  test("at the last word", () => {
    expect(splitText("aaa bbb ccc ddd", 12)).toEqual(["aaa bbb ccc", "ddd"]);
  });

  test("within a word, where a break would leave a part of less than half", () => {
    expect(splitText("a\n\naaaaaaaaaaaaaaa", 10)).toEqual(["a\n\naaaaaaa", "aaaaaaaa"]);
  });

  test("never within a surrogate pair", () => {
    // As JSON, because half a pair would not get through to the report of the failure.
    expect(JSON.stringify(splitText("abc🙂def", 4))).toBe('["abc","🙂de","f"]');
    expect(JSON.stringify(splitText("🙂🙂🙂", 3))).toBe('["🙂","🙂","🙂"]');
    expect(JSON.stringify(splitText("🙂🙂🙂", 4))).toBe('["🙂🙂","🙂"]');
  });
});

describe("of any text", () => {
  const PIECES = ["a", "bc", "déf", "🙂", "👩‍👩‍👧", " ", "  ", "\n", "\n\n", "\t", "x".repeat(30), "　", "–"];

  test.each(seeds(40))("no part is too long or empty, no character lost, no pair split (seed %i)", (seed) => {
    const random = seeded(seed);
    const pick = () => PIECES[Math.floor(random() * PIECES.length)] ?? "";
    const text = Array.from({ length: 200 }, pick).join("").trim();
    const maxChars = 2 + Math.floor(random() * 60);
    const parts = splitText(text, maxChars);

    for (const part of parts) {
      expect(part.isWellFormed()).toBe(true);
      expect(part.length).toBeLessThanOrEqual(maxChars);
      expect(part.length).toBeGreaterThan(0);
    }
    expect(parts.map(withoutSpace).join("")).toBe(withoutSpace(text));
  });
});

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, "");
}
