import type { Command } from "commander";
import { readMessageLink } from "../../src/domain/message-link.ts";
import { reasonWords } from "../../src/domain/reasons.ts";
import { type WorkerFlags, withExamples, withWorker, workerOf } from "../options.ts";
import { outputFor } from "../output.ts";
import { Problem } from "../problem.ts";
import type { AddCommand } from "../program.ts";
import { span } from "../times.ts";
import type { DeadItem } from "../worker/answers.ts";
import type { WorkerClient } from "../worker.ts";

interface ActFlags extends WorkerFlags {
  all?: boolean;
}

const STAGES: Readonly<Record<string, string>> = {
  read: "could not be read",
  ask: "got no answer",
  post: "its answer could not be posted",
};

/** `dead`: the messages that were given up. */
export const addDead: AddCommand = (program, host) => {
  const dead = program.command("dead").description("Shows messages that were given up, and acts on them.");

  const list = dead.command("list").description("Shows them, the newest first.").argument("<account>");
  withExamples(withWorker(list), "dead list service").action(async (account: string, flags: WorkerFlags) => {
    const output = outputFor(host, flags.json ?? false);
    const items = await (await workerOf(host, flags)).dead(account);
    if (items.length === 0) output.line(`No message of ${account} was given up.`);
    for (const item of items) for (const line of linesOf(item)) output.line(line);
    output.json(items);
  });

  const act = (name: "retry" | "discard", description: string, done: string) => {
    const command: Command = dead
      .command(name)
      .description(`${description} Needs EDGE_ADMIN_TOKEN.`)
      .argument("<account>")
      .argument("[message...]", "ids or links")
      .option("--all", "every message that was given up, 200 at most");
    withExamples(withWorker(command), `dead ${name} service msg_01m8…`, `dead ${name} service --all`).action(
      async (account: string, messages: string[], flags: ActFlags) => {
        const output = outputFor(host, flags.json ?? false);
        const worker = await workerOf(host, flags);
        const acted = [];
        for (const message of await namedBy(worker, account, messages, flags)) {
          acted.push(await worker.actOnDead(account, message, name));
          output.line(`${message} ${done}`);
        }
        if (acted.length === 0) output.line(`No message of ${account} was given up.`);
        output.json(acted);
      },
    );
  };
  act("retry", "Has messages tried again, from where they failed.", "is tried again");
  act("discard", "Lets messages go, and deletes what was to be posted.", "is let go");
};

async function namedBy(
  worker: WorkerClient,
  account: string,
  messages: readonly string[],
  { all = false }: ActFlags,
): Promise<string[]> {
  if (all === messages.length > 0)
    throw new Problem("give the message, or --all for every one that was given up");
  if (all) return (await worker.dead(account)).map(({ message }) => message);
  for (const written of messages)
    if (readMessageLink(written) === undefined)
      throw new Problem(`${written} is no message; give its id (msg_…) or a link to it`);
  return [...messages];
}

function linesOf({ message, conversation, stage, reason, error, attempts, since }: DeadItem): string[] {
  const [words = reason, mend] = reasonWords(reason) ?? [];
  return [
    `${message} in ${conversation}, ${span(Date.now() - since)} ago: ${STAGES[stage] ?? stage}`,
    `  ${words} (${reason}, ${attempts === 1 ? "1 try" : `${attempts} tries`})`,
    `  ${error}`,
    ...(mend === undefined ? [] : [`  → ${mend}`]),
  ];
}
