import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { NpmScript } from "./npm.ts";

/** The promise of the README. */
const BUNDLE_MAX_BYTES = 120 * 1024;

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

it("the example of secrets has what the document as it comes needs, and what the deploy button says of each", async () => {
  const named = [...(await read(".dev.vars.example")).matchAll(/^(\w+)=(.*)$/gm)];
  const { cloudflare } = JSON.parse(await read("package.json")) as { cloudflare: { bindings: object } };
  expect(named.map(([, name]) => name)).toEqual(Object.keys(cloudflare.bindings));
  // What stands there is what a hasty deployer deploys.
  expect(named.filter(([, , value]) => value !== "")).toEqual([]);

  const document = (await read("openclaw.json5")).replace(/^\s*\/\/.*$/gm, "");
  const needed = [...document.matchAll(/\$\{(\w+)\}|id: "([A-Z_]+)"/g)].map(([, a, b]) => a ?? b);
  expect(named.map(([, name]) => name)).toEqual(expect.arrayContaining(needed));
  expect(needed).toHaveLength(3);
});

it("npm run deploy bundles the Worker, under 120 KiB gzipped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-bundle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const deploy = new NpmScript(["run", "deploy", "--", "--dry-run", "--outdir", folder]);
  onTestFinished(() => deploy.end("SIGKILL"));
  expect(await deploy.exit(), deploy.output).toBe(0);
  expect(deploy.output).toContain("env.BOT_ACCOUNT (BotAccount)");
  expect(gzipSync(await readFile(join(folder, "worker.js"))).length).toBeLessThan(BUNDLE_MAX_BYTES);
});
