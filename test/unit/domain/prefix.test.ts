import { describe, expect, test } from "vitest";
import { resolvePrefix, withPrefix } from "../../../src/domain/prefix.ts";

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

describe("a prefix is written out", () => {
  const KNOWN = { identityName: " Rosie ", model: "anthropic/claude-opus-4-6-20260205" };

  test.each([
    ["[bot]", "[bot]"],
    [" [bot] ", "[bot]"],
    ["auto", "[Rosie]"],
    ["[{model}]", "[claude-opus-4-6]"],
    ["[{MODEL}]", "[claude-opus-4-6]"],
    ["{modelFull}:", "anthropic/claude-opus-4-6-20260205:"],
    ["{provider}/{model}", "anthropic/claude-opus-4-6"],
    ["{identity.name} ({identityName})", "Rosie (Rosie)"],
    ["{model} {model}", "claude-opus-4-6 claude-opus-4-6"],
    ["{think} {thinkingLevel} {other} {} { model }", "{think} {thinkingLevel} {other} {} { model }"],
    ["Auto", "Auto"],
  ])("%j as %j", (template, text) => {
    expect(resolvePrefix(template, KNOWN)).toBe(text);
  });

  test.each([
    ["openai/gpt-5.4-latest", "gpt-5.4"],
    ["gpt-5.4", "gpt-5.4"],
    ["openrouter/meta/llama-4", "llama-4"],
    ["gpt-20260101", "gpt"],
    ["gpt-2026", "gpt-2026"],
  ])("with %s as the short name of the model %s", (model, short) => {
    expect(resolvePrefix("{model}", { model })).toBe(short);
  });

  test("and what is not known stays as it is written", () => {
    const template = "{model} {modelFull} {provider} {identity.name}";
    expect(resolvePrefix(template, {})).toBe(template);
    expect(resolvePrefix(template, { model: "gpt" })).toBe("gpt {modelFull} {provider} {identity.name}");
    expect(resolvePrefix("{identity.name}", { identityName: " " })).toBe("{identity.name}");
  });
});

test.each(["", " "])("%j is no prefix", (template) => {
  expect(resolvePrefix(template, {})).toBeUndefined();
});

test("`auto` is no prefix for an agent without a name", () => {
  expect(resolvePrefix("auto", { model: "gpt" })).toBeUndefined();
});

test("a variable's value is text: what stands in it is not filled in again", () => {
  expect(resolvePrefix("[{identity.name}] $&", { identityName: "{model}", model: "gpt" })).toBe(
    "[{model}] $&",
  );
});
