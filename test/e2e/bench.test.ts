import { expect, it, onTestFinished } from "vitest";
import { until } from "../support/wait.ts";
import { NpmScript } from "./npm.ts";

// Only that it runs: a shared machine proves nothing about how fast.
it("npm run bench -- --quick measures everything, and leaves nothing behind", async () => {
  const run = new NpmScript(["run", "bench", "--", "--quick", "--json"]);
  onTestFinished(() => run.end("SIGKILL"));
  expect(await run.exit(), run.output).toBe(0);
  const json = run.output.slice(run.output.indexOf("[\n"));
  const reports = JSON.parse(json) as { lines: { name: string; edge: number; holds?: boolean }[] }[];
  const lines = reports.flatMap(({ lines }) => lines);
  expect(lines.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "A  40 one after the other, median (model)",
      "A  40 one after the other, median (agent)",
      "rows written for an answer (model)",
      "D  100 to 10 rooms, model 50 ms, all (agent)",
      "50 at once",
      "start to ready",
      "memory of workerd",
    ]),
  );
  for (const { name, edge } of lines) expect(edge, name).toBeGreaterThanOrEqual(0);
  // What is counted and not timed holds on any machine.
  for (const { name, holds } of lines) if (name.startsWith("rows written")) expect(holds, name).toBe(true);
  await until(() => !run.isAlive());
});

it("npm run bench -- --trace shows the way of a message, of the product and of the floor", async () => {
  const run = new NpmScript(["run", "bench", "--", "--trace", "--quick"]);
  onTestFinished(() => run.end("SIGKILL"));
  expect(await run.exit(), run.output).toBe(0);
  for (const player of ["floor", "model", "agent"])
    expect(run.output).toMatch(
      new RegExp(
        `^${player}\n( .*\n)* .*bot GET /api/messages/\\S+\n( .*\n)* .*POST /v1/chat/completions`,
        "m",
      ),
    );
});

it("npm run bench leaves nothing behind when it is interrupted", async () => {
  const run = new NpmScript(["run", "bench", "--", "callbacks"]);
  onTestFinished(() => run.end("SIGKILL"));
  await run.until(/round 1/);
  await run.end("SIGINT");
  await until(() => !run.isAlive());
});

it("npm run bench says what there is to measure", async () => {
  const run = new NpmScript(["run", "bench", "--", "nothing"]);
  onTestFinished(() => run.end("SIGKILL"));
  expect(await run.exit()).not.toBe(0);
  expect(run.output).toContain("say what to measure: answers, callbacks");
});
