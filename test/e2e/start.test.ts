import { expect, it, onTestFinished } from "vitest";
import { until } from "../support/wait.ts";
import { NpmScript } from "./npm.ts";

it("npm start -- --check shows both bots answering everywhere, and ends with everything it started", async () => {
  const start = new NpmScript(["start", "--", "--check"]);
  onTestFinished(() => start.end("SIGKILL"));
  expect(await start.exit(), start.output).toBe(0);
  expect(start.output).toMatch(/\n16 passed, 0 failed\n/);
  expect(start.output.match(/✓/g)).toHaveLength(16);
  await until(() => !start.isAlive());
});

it("npm start -- --check is a failure when it is interrupted, and leaves nothing behind", async () => {
  const start = new NpmScript(["start", "--", "--check"]);
  onTestFinished(() => start.end("SIGKILL"));
  await start.until(/The bots come up/);
  await start.end("SIGTERM");
  expect(await start.exit()).not.toBe(0);
  await until(() => !start.isAlive());
  expect(start.output).not.toMatch(/\d+ passed, \d+ failed/);
});

it("npm start leaves nothing behind when it is interrupted on its way up", async () => {
  const start = new NpmScript(["start"]);
  onTestFinished(() => start.end("SIGKILL"));
  await start.until(/node sandbox\/start\.ts/);
  await start.end("SIGINT");
  await until(() => !start.isAlive());
});

it("npm start stays up for people, and Ctrl-C ends everything it started", async () => {
  const start = new NpmScript(["start"]);
  onTestFinished(() => start.end("SIGKILL"));
  const [, page = ""] = await start.until(/Open (http:\S+) and mention/);
  expect((await fetch(page)).headers.get("content-type")).toContain("text/html");
  await start.end("SIGINT");
  await until(() => !start.isAlive());
  await expect(fetch(page)).rejects.toThrow();
});
