import { expect, it, onTestFinished } from "vitest";
import { NpmScript } from "./npm.ts";

/** It takes about a minute; what is not answered two minutes after the last question is lost. */
const TIMEOUT_MS = 300_000;

it(
  "npm run chaos: nothing is lost, doubled or out of order under random faults and kills",
  async () => {
    const order = ["--messages", "40", "--kills", "3", "--seed", "7"];
    const run = new NpmScript(["run", "chaos", "--", ...order]);
    onTestFinished(() => run.end("SIGKILL"));
    expect(await run.exit(), run.output).toBe(0);
    expect(run.output).toMatch(/^3 kills: /m);
    // Faults that really happened, and more than a handful.
    expect(Number(/^(\d+) faults: /m.exec(run.output)?.[1])).toBeGreaterThan(10);
    expect(run.output).toMatch(/^\d+ faults: .*log pruned/m);
    expect(run.output).toMatch(/^\d+ faults: .*callback lost/m);
    expect(run.output).toMatch(/^40 questions: \d+ messages, [1-9]\d* slash commands/m);
    expect(run.output).toMatch(/^[1-9]\d* callbacks /m);
    expect(run.output).toMatch(/^8 sends: /m);
    expect(run.output).toMatch(/^lost 0, duplicated 0, out of order 0$/m);
  },
  TIMEOUT_MS,
);

it("npm run chaos refuses an order that it cannot carry out", async () => {
  const run = new NpmScript(["run", "chaos", "--", "--messages", "none"]);
  onTestFinished(() => run.end("SIGKILL"));
  expect(await run.exit()).not.toBe(0);
  expect(run.output).toContain("--messages must be a whole number from 1");
});
