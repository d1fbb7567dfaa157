import { fileURLToPath } from "node:url";

/** What the tool has of the process that it runs in. */
export interface Host {
  /** Where `openclaw.json5` and `.dev.vars` are, unless said otherwise. */
  cwd: string;
  /** Where the user is: what relative paths on the command line start from. */
  here: string;
  env: Record<string, string | undefined>;
  /** Whether there is somebody to ask. */
  isInteractive: boolean;
  /** Columns of the terminal; undefined when the output is none. */
  columns: number | undefined;
  out(text: string): void;
  err(text: string): void;
  /** Everything that comes in on stdin. */
  input(): Promise<string>;
  /** Aborted when the user interrupts. */
  signal: AbortSignal;
}

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export function processHost(): Host {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const { stdin, stdout, stderr } = process;
  // Whoever reads has enough, as `head` has after ten lines.
  stdout.on("error", () => interrupted.abort());
  return {
    cwd: ROOT,
    // npm runs every script in the project's folder, and says where it was called.
    here: process.env.INIT_CWD ?? process.cwd(),
    env: process.env,
    isInteractive: Boolean(stdin.isTTY && stdout.isTTY),
    columns: stdout.isTTY ? stdout.columns : undefined,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    input: async () => (await stdin.setEncoding("utf8").toArray()).join(""),
    signal: interrupted.signal,
  };
}
