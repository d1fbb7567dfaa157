import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const EDGE = fileURLToPath(new URL("../../cli/edge.ts", import.meta.url));

/** How a run of the tool has ended. */
export interface Run {
  exit: number;
  out: string;
  err: string;
  /** Of a run with `--json`. */
  json(): unknown;
}

/**
 * Runs the tool as a process.
 *
 * @param env beside the bare minimum; nothing of this process's is passed on
 * @param input what is typed
 */
export async function edge(
  args: readonly string[],
  { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [EDGE, ...args], { env: { PATH: process.env.PATH ?? "", ...env } });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { exit: Number(code), ...said, json: () => JSON.parse(said.out) };
}
