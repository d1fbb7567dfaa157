import { expect, it } from "vitest";
import { edge } from "./tool.ts";

it("shows what there is", async () => {
  const { exit, out, err } = await edge(["--help"]);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  expect(out).toContain("Usage: edge");
  expect(out).toContain("Exit codes: 0 well");
});

it("names an unknown flag, and ends with the code for that", async () => {
  const { exit, out, err } = await edge(["--nonsense"]);
  expect({ exit, out }).toEqual({ exit: 2, out: "" });
  expect(err).toContain("unknown option '--nonsense'");
});
