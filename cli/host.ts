import { fileURLToPath } from "node:url";

/** What the tool has of the process that it runs in. */
export interface Host {
  /** Where `openclaw.json5` and `.dev.vars` are, unless said otherwise. */
  cwd: string;
  env: Record<string, string | undefined>;
  /** Whether there is somebody to ask. */
  isInteractive: boolean;
  /** Columns of the terminal; undefined when the output is none. */
  columns: number | undefined;
  out(text: string): void;
  err(text: string): void;
  /** Aborted when the user interrupts. */
  signal: AbortSignal;
}

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export function processHost(): Host {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const { stdin, stdout, stderr } = process;
  return {
    cwd: ROOT,
    env: process.env,
    isInteractive: Boolean(stdin.isTTY && stdout.isTTY),
    columns: stdout.isTTY ? stdout.columns : undefined,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    signal: interrupted.signal,
  };
}
