import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const EDGE = fileURLToPath(new URL("../../cli/edge.ts", import.meta.url));

/** How a run of the tool has ended. */
export interface Run {
  exit: number;
  out: string;
  err: string;
  /** Of a run with `--json`. */
  json(): unknown;
}

/** What a run of the tool is given. */
interface Given {
  /** Beside the bare minimum; nothing of this process's is passed on. */
  env?: Record<string, string>;
  /** What is typed. */
  input?: string;
}

/** Runs the tool as a process. */
export async function edge(args: readonly string[], { env = {}, input = "" }: Given = {}): Promise<Run> {
  const child = spawnEdge(args, env);
  const said = listenTo(child);
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { exit: Number(code), ...said, json: () => JSON.parse(said.out) };
}

/** A run of the tool that goes on until it is ended. */
export interface Running {
  readonly out: string;
  readonly err: string;
  exit: Promise<number>;
  /** As Ctrl-C does. */
  end(): void;
  /** As `| head` does. */
  stopReading(): void;
}

/** Starts the tool as a process. */
export function startEdge(args: readonly string[], { env = {} }: Given = {}): Running {
  const child = spawnEdge(args, env);
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = listenTo(child);
  const exit = once(child, "close").then(([code]) => Number(code));
  return {
    get out() {
      return said.out;
    },
    get err() {
      return said.err;
    },
    exit,
    end: () => void child.kill("SIGINT"),
    stopReading: () => void child.stdout.destroy(),
  };
}

function spawnEdge(args: readonly string[], env: Record<string, string>): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [EDGE, ...args], { env: { PATH: process.env.PATH ?? "", ...env } });
}

function listenTo(child: ChildProcessWithoutNullStreams): { out: string; err: string } {
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  return said;
}
