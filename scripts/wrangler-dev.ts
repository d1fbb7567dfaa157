import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const WRANGLER = fileURLToPath(import.meta.resolve("wrangler/package.json")).replace(
  /package\.json$/,
  "bin/wrangler.js",
);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The deployed cron trigger's own interval. */
const CRON_INTERVAL_MS = 60_000;
/** wrangler bundles and starts workerd in a few seconds; a slow machine gets a minute. */
const START_TIMEOUT_MS = 60_000;

export interface DevWorker {
  url: string;
  /** Resolves with the exit code once wrangler, and with it workerd, has ended. */
  exited: Promise<number>;
}

export interface DevOptions {
  /** Passed on to `wrangler dev`. */
  args: readonly string[];
  /** Told of every line that wrangler and the Worker print. */
  onOutput(text: string): void;
  /** Ends wrangler, whether it is ready or still on its way. */
  signal: AbortSignal;
}

/**
 * Runs the Worker with `wrangler dev` and starts its accounts: at once and then every minute, because `wrangler dev`
 * knows the cron trigger but never fires it by itself.
 *
 * @throws when wrangler ends, or is not ready in time
 */
export async function startDevWorker({ args, onOutput, signal }: DevOptions): Promise<DevWorker> {
  signal.throwIfAborted();
  // In this process's own group, so that whoever ends the group ends workerd as well.
  const child = spawn(process.execPath, [WRANGLER, "dev", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", CI: "1" },
  });
  const exited = once(child, "exit").then(([code]) => (typeof code === "number" ? code : 1));
  // SIGTERM and not SIGKILL: wrangler passes it on, while a killed wrangler leaves its workerd behind.
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  process.once("exit", end);
  try {
    const url = await readyUrl(child, exited, onOutput);
    await runCron(url);
    const cron = setInterval(() => void runCron(url).catch(() => {}), CRON_INTERVAL_MS);
    void exited.then(() => clearInterval(cron));
    return { url, exited };
  } catch (error) {
    end();
    await exited;
    throw error;
  }
}

async function readyUrl(
  child: ChildProcess,
  exited: Promise<number>,
  onOutput: (text: string) => void,
): Promise<string> {
  const ready = new Promise<string>((resolve) => {
    let seen = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        onOutput(text);
        seen = (seen + text).slice(-4096);
        const url = /Ready on (https?:\/\/\S+)/.exec(seen)?.[1];
        if (url !== undefined) resolve(url.replace("//localhost", "//127.0.0.1"));
      });
    }
  });
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const late = once(timeout, "abort").then(() => {
    throw new Error(`wrangler dev was not ready within ${START_TIMEOUT_MS} ms`);
  });
  const ended = exited.then((code) => {
    throw new Error(`wrangler dev ended with code ${code} before it was ready`);
  });
  return Promise.race([ready, late, ended]);
}

/** What the platform does each minute once deployed. */
async function runCron(url: string): Promise<void> {
  const answer = await fetch(`${url}/cdn-cgi/handler/scheduled`);
  if (!answer.ok) throw new Error(`the cron handler answered ${answer.status}`);
}
