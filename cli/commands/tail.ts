import { durationMs } from "../../src/domain/duration.ts";
import type { Host } from "../host.ts";
import { collect, type WorkerFlags, withExamples, withWorker, workerOf } from "../options.ts";
import { outputFor } from "../output.ts";
import { Problem } from "../problem.ts";
import type { AddCommand } from "../program.ts";
import { follow, type LogLine } from "../tail/follow.ts";
import { isWanted, lineText } from "../tail/lines.ts";
import { span } from "../times.ts";
import type { WorkerClient } from "../worker.ts";

interface TailFlags extends WorkerFlags {
  since?: string;
  event?: string[];
}

/** `tail`: the log as it is written. */
export const addTail: AddCommand = (program, host) => {
  const tail = program
    .command("tail")
    .description(
      "Shows what accounts log, the last lines first, until Ctrl-C. With --json, one value in each line.",
    )
    .argument("[account]", "one of them; all otherwise")
    .option(
      "--since <time>",
      "nothing older: a span (10m, 1h; 0s for what comes now) or a moment (2026-11-24T10:00:00Z)",
    )
    .option(
      "--event <name>",
      "these events only, as often as there are some: turn:dead, or turn for all of its kind",
      collect,
    );
  withExamples(
    withWorker(tail),
    "tail",
    "tail service --since 10m",
    "tail --event turn:dead --event message:dead --json",
  ).action(async (account: string | undefined, flags: TailFlags) => {
    const since = sinceOf(flags.since, Date.now());
    const worker = await workerOf(host, flags);
    const ids = account === undefined ? await accountsOf(worker) : [account];
    const width = Math.max(...ids.map((id) => id.length));
    const isJson = flags.json ?? false;
    const show = (line: LogLine) => {
      if (line.at < since || !isWanted(line.event, flags.event ?? [])) return;
      host.out(`${isJson ? JSON.stringify(line) : lineText(line, width)}\n`);
    };
    await followAll(worker, ids, show, outputFor(host, isJson).note, host.signal);
  });
};

async function followAll(
  worker: WorkerClient,
  ids: readonly string[],
  show: (line: LogLine) => void,
  note: (text: string) => void,
  signal: Host["signal"],
): Promise<void> {
  // Whichever cannot be followed any more ends the others.
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const followed = ids.map((id) =>
    follow(
      worker,
      id,
      {
        line: (line) => show({ account: id, ...line }),
        lost: ({ message }, againInMs) => note(`${id}: ${message}; again in ${span(againInMs)}`),
      },
      either,
    ),
  );
  await Promise.all(followed).finally(() => ending.abort());
}

/** Those that have a log: the others' objects do nothing. */
async function accountsOf(worker: WorkerClient): Promise<string[]> {
  const { accounts } = await worker.accounts();
  const active = accounts.filter(({ link }) => link !== undefined).map(({ id }) => id);
  if (active.length > 0) return active;
  throw new Problem('no account is set up so that it could log anything; "status" says why');
}

function sinceOf(text: string | undefined, now: number): number {
  if (text === undefined) return 0;
  const ms = durationMs(text);
  if (ms !== undefined) return now - ms;
  const moment = Date.parse(text);
  if (!Number.isNaN(moment)) return moment;
  throw new Problem(`--since ${text}: give a span such as 10m, or a moment such as 2026-11-24T10:00:00Z`);
}
