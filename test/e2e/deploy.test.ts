import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { NpmScript } from "./npm.ts";

/** The promise of the README. */
const BUNDLE_MAX_BYTES = 120 * 1024;

it("npm run deploy bundles the Worker, under 120 KiB gzipped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-bundle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const deploy = new NpmScript(["run", "deploy", "--", "--dry-run", "--outdir", folder]);
  onTestFinished(() => deploy.end("SIGKILL"));
  expect(await deploy.exit(), deploy.output).toBe(0);
  expect(deploy.output).toContain("env.BOT_ACCOUNT (BotAccount)");
  expect(gzipSync(await readFile(join(folder, "worker.js"))).length).toBeLessThan(BUNDLE_MAX_BYTES);
});
