import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** An npm script that runs as a person runs it, in a process group of its own. */
export class NpmScript {
  output = "";
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #changed = Promise.withResolvers<void>();

  /** @param args of npm, as in `["run", "dev"]` */
  constructor(args: readonly string[]) {
    this.#child = spawn("npm", args, { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        this.#wake();
      });
    this.#exited = once(this.#child, "exit").then(([code]) => {
      this.#wake();
      return code as number | null;
    });
  }

  /** Waits until the output has something. @throws when the script ends before it has */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output);
      if (found !== null) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`npm ended before ${pattern} came:\n${this.output}`);
      await this.#changed.promise;
    }
  }

  /** Waits for the end. */
  exit(): Promise<number | null> {
    return this.#exited;
  }

  /** Sends a signal to everything the script started, as a terminal does, and waits until npm itself has ended. */
  async end(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.isAlive()) process.kill(-this.#group(), signal);
    await this.#exited;
  }

  /** Whether anything of the group still runs. */
  isAlive(): boolean {
    try {
      return process.kill(-this.#group(), 0);
    } catch {
      return false;
    }
  }

  #group(): number {
    if (this.#child.pid === undefined) throw new Error("npm did not start");
    return this.#child.pid;
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
