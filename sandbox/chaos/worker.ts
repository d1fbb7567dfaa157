import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const DEV = fileURLToPath(new URL("../../scripts/dev.ts", import.meta.url));
/** How long a killed group may take to be gone. */
const GONE_TIMEOUT_MS = 10_000;
const GONE_INTERVAL_MS = 20;

/**
 * The Worker as `npm run dev` runs it, in a process group of its own: a kill ends wrangler and workerd in the same moment,
 * with no line of theirs run any more.
 */
export class KillableWorker {
  readonly #args: readonly string[];
  readonly #env: Record<string, string>;
  readonly #onOutput: (text: string) => void;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #url: string | undefined;
  #changed = Promise.withResolvers<void>();
  #diedByItself: string | undefined;

  /**
   * @param args of `wrangler dev`
   * @param env beside this process's own
   * @param onOutput told of what wrangler and the Worker print
   */
  constructor(args: readonly string[], env: Record<string, string>, onOutput: (text: string) => void) {
    this.#args = args;
    this.#env = env;
    this.#onOutput = onOutput;
  }

  /** Where it listens; undefined while it is dead or starting. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Starts it, and does not wait until it is up. */
  start(): void {
    const child = spawn(process.execPath, [DEV, ...this.#args], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.#env },
    });
    this.#child = child;
    let seen = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        if (child !== this.#child) return;
        this.#onOutput(text);
        if (this.#url !== undefined) return;
        seen += text;
        this.#url = /Ready on (http:\S+)/.exec(seen)?.[1];
        if (this.#url !== undefined) this.#wake();
      });
    this.#exited = once(child, "exit").then(([code]) => {
      if (child !== this.#child) return;
      this.#diedByItself = `the Worker's process ended by itself, with code ${code}:\n${seen}`;
      this.#wake();
    });
  }

  /** Waits until it listens. @throws when it ends by itself */
  async up(): Promise<string> {
    for (;;) {
      if (this.#diedByItself !== undefined) throw new Error(this.#diedByItself);
      if (this.#url !== undefined) return this.#url;
      await this.#changed.promise;
    }
  }

  /** Sends SIGKILL to the whole group, now, and waits until nothing of it is left. */
  async kill(): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    this.#child = undefined;
    this.#url = undefined;
    signal(pid, "SIGKILL");
    await this.#exited;
    const until = Date.now() + GONE_TIMEOUT_MS;
    while (signal(pid, 0)) {
      if (Date.now() > until) throw new Error(`process group ${pid} outlived SIGKILL`);
      await sleep(GONE_INTERVAL_MS);
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

/** @returns whether there was anybody in the group to get it */
function signal(group: number, signal: "SIGKILL" | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
