import { expect, test } from "vitest";
import { isCommandId, withQuestion } from "../../../src/domain/command.ts";

test("a trigger's id is told from a message's", () => {
  expect([isCommandId("sci_01m81fjx4says4fs7hs8fs716f"), isCommandId("msg_01")]).toEqual([true, false]);
});

test("an answer stands below its question", () => {
  expect(withQuestion("@ada", "/ask", " what time is it ", "Noon.")).toBe(
    "> @ada: /ask what time is it\n\nNoon.",
  );
});

test("every line of the question is quoted", () => {
  expect(withQuestion("Ada", "/ask", "one\r\ntwo\n\nthree", "Yes.")).toBe(
    "> Ada: /ask one\n> two\n> \n> three\n\nYes.",
  );
});

test("a long question is cut, and not within a character", () => {
  const shown = withQuestion("@ada", "/ask", `${"x".repeat(488)}🌊🌊`, "Yes.");
  expect(shown).toBe(`> @ada: /ask ${"x".repeat(488)}…\n\nYes.`);
});
