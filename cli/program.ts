import { Command, CommanderError } from "commander";
import { errorText } from "../src/observe/redact.ts";
import { addCallbacks } from "./commands/callbacks.ts";
import { addDead } from "./commands/dead.ts";
import { addMessage } from "./commands/message.ts";
import { addStatus } from "./commands/status.ts";
import { addTail } from "./commands/tail.ts";
import { addWhy } from "./commands/why.ts";
import type { Host } from "./host.ts";
import { outputFor } from "./output.ts";
import { EXIT, type Exit, Problem } from "./problem.ts";

/** Adds a command to the program. Its action returns how the tool ends. */
export type AddCommand = (program: Command, host: Host, end: (exit: Exit) => void) => void;

/** In the order in which help shows them. */
const COMMANDS: readonly AddCommand[] = [addMessage, addStatus, addWhy, addTail, addDead, addCallbacks];

/**
 * Runs the tool once.
 *
 * @param args the command line behind the program's name
 * @returns the exit code
 */
export async function run(args: readonly string[], host: Host): Promise<Exit> {
  let exit: Exit = EXIT.ok;
  const isJson = args.includes("--json");
  try {
    await programOf(host, (code) => {
      exit = code;
    }).parseAsync(args, { from: "user" });
    return exit;
  } catch (error) {
    const output = outputFor(host, isJson);
    if (error instanceof CommanderError) {
      // Help and version end the parsing as well.
      if (error.exitCode === 0) return EXIT.ok;
      output.json({ error: errorText(error) });
      return EXIT.usage;
    }
    if (!(error instanceof Problem)) throw error;
    // A token that landed in the wrong flag is not repeated.
    const text = errorText(error);
    output.json({ error: text, code: error.code });
    host.err(`${text}\n`);
    return error.exit;
  }
}

function programOf(host: Host, end: (exit: Exit) => void): Command {
  const program = new Command("edge")
    .description("Sets up and looks after clickclack-edge: OpenClaw agents as bots in ClickClack.")
    .exitOverride()
    .configureOutput({ writeOut: host.out, writeErr: host.err })
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText(
      "after",
      `
Exit codes: ${EXIT.ok} well, ${EXIT.failed} the answer is bad, ${EXIT.usage} the command line or the configuration has to be mended, ${EXIT.unreachable} something cannot be reached.`,
    );
  for (const add of COMMANDS) add(program, host, end);
  return program;
}
