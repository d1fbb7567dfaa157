import { expect, it, onTestFinished } from "vitest";
import { until } from "../support/wait.ts";
import { NpmScript } from "./npm.ts";

// Only that it runs: a shared machine proves nothing about how fast.
it("npm run bench -- callbacks --quick measures both, and leaves nothing behind", async () => {
  const run = new NpmScript(["run", "bench", "--", "callbacks", "--quick"]);
  onTestFinished(() => run.end("SIGKILL"));
  expect(await run.exit(), run.output).toBe(0);
  for (const row of ["1 at once", "50 at once"])
    expect(run.output).toMatch(
      new RegExp(
        `^${row} +bare( +[\\d.]+ ms){2} .*\\n +edge( +[\\d.]+ ms){2} .*\\n +ratio( +[\\d.]+){2}$`,
        "m",
      ),
    );
  await until(() => !run.isAlive());
});

it("npm run bench leaves nothing behind when it is interrupted", async () => {
  const run = new NpmScript(["run", "bench", "--", "callbacks"]);
  onTestFinished(() => run.end("SIGKILL"));
  await run.until(/round 1/);
  await run.end("SIGINT");
  await until(() => !run.isAlive());
});

it("npm run bench says what there is to measure", async () => {
  const run = new NpmScript(["run", "bench"]);
  onTestFinished(() => run.end("SIGKILL"));
  expect(await run.exit()).not.toBe(0);
  expect(run.output).toContain("say what to measure: callbacks");
});
