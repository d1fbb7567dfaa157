import { expect, test } from "vitest";
import { withPrefix } from "../../../src/domain/prefix.ts";

test.each([
  [undefined, "Hello", "Hello"],
  ["", "Hello", "Hello"],
  ["[bot]", "Hello", "[bot] Hello"],
  ["[bot]", "[bot] Hello", "[bot] Hello"],
  ["[bot]", "[bot]Hello", "[bot]Hello"],
  ["[bot]", " [bot] Hello", "[bot]  [bot] Hello"],
  ["[bot]", "[Bot] Hello", "[bot] [Bot] Hello"],
  ["$&", "Hello", "$& Hello"],
])("the prefix %j makes %j into %j", (prefix, text, result) => {
  expect(withPrefix(prefix, text)).toBe(result);
});
