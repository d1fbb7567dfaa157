import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { V4ModuleDefinition } from "miniflare";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WRANGLER = fileURLToPath(import.meta.resolve("wrangler/package.json")).replace(
  /package\.json$/,
  "bin/wrangler.js",
);

/** What would be uploaded, main module first. Plain data. */
export type Bundle = V4ModuleDefinition[];

/**
 * Bundles the Worker exactly as it is deployed.
 *
 * @param folder an empty one, to write to
 * @throws with what wrangler says, when it fails
 */
export async function bundleWorker(folder: string): Promise<Bundle> {
  const args = [WRANGLER, "deploy", "--dry-run", "--outdir", folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout.setEncoding("utf8").toArray(),
    child.stderr.setEncoding("utf8").toArray(),
    once(child, "exit"),
  ]);
  if (code !== 0)
    throw new Error(`wrangler could not bundle the Worker:\n${[...stdout, ...stderr].join("")}`);

  const texts = (await readdir(folder)).filter((name) => name.endsWith(".json5"));
  const read = async (type: V4ModuleDefinition["type"], name: string) => ({
    type,
    path: join(folder, name),
    contents: await readFile(join(folder, name), "utf8"),
  });
  return Promise.all([read("ESModule", "worker.js"), ...texts.map((name) => read("Text", name))]);
}
