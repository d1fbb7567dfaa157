import { expect, test } from "vitest";
import { prefersAsync } from "../../../src/domain/prefer.ts";

test.each([
  "respond-async",
  "Respond-Async",
  " respond-async ",
  "respond-async, wait=10",
  "wait=10, respond-async",
  "return=minimal,respond-async",
  "respond-async; foo=bar",
  "respond-async;foo",
  'respond-async=""',
  "respond-async =",
  'foo="", respond-async, bar="x"',
  'foo="a \\" b", respond-async',
])("%j asks to be answered first", (header) => {
  expect(prefersAsync(header)).toBe(true);
});

test.each([
  undefined,
  "",
  ",",
  "wait=10",
  "respond-asynchronously",
  "not-respond-async",
  "respond-async=no",
  'respond-async="no"',
  "foo; respond-async",
  'foo="respond-async"',
  'foo="bar, respond-async, baz"',
  'foo="bar \\", respond-async, \\" baz"',
])("%j does not", (header) => {
  expect(prefersAsync(header)).toBe(false);
});
