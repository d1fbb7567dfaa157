import type { Command } from "commander";
import type { Host } from "./host.ts";
import { readVariables } from "./variables.ts";
import { WorkerClient } from "./worker.ts";

/** Flags of every command that calls the Worker. */
export interface WorkerFlags {
  url?: string;
  json?: boolean;
}

/** Gives a command `--url` and `--json`. */
export function withWorker(command: Command): Command {
  return command
    .option("--url <address>", "the Worker's address; EDGE_URL otherwise")
    .option("--json", "print JSON, for programs");
}

/**
 * The Worker that a command is about. Its tokens are `EDGE_API_TOKEN` and `EDGE_ADMIN_TOKEN`.
 *
 * @throws {Problem} without an address
 */
export async function workerOf(host: Host, { url }: WorkerFlags): Promise<WorkerClient> {
  return new WorkerClient(url, await readVariables(host), host.signal);
}

/** Shows examples below a command's help; each line is a command without `npm run edge --`. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  npm run edge -- ${example}`);
  return command.addHelpText("after", ["", "Examples:", ...lines].join("\n"));
}

/** Collects a flag that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
