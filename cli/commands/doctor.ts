import { ClickClackError } from "../../src/clickclack/errors.ts";
import { Secret } from "../../src/config/secret.ts";
import { variable } from "../../src/config/variables.ts";
import { CHECKS } from "../doctor/catalogue.ts";
import { examine } from "../doctor/examine.ts";
import type { State } from "../doctor/finding.ts";
import { exitOf, findingLines, heading, type Reported, reported, summary } from "../doctor/report.ts";
import type { Step } from "../doctor/round.ts";
import { deleteMessage } from "../doctor/round-trip/speaker.ts";
import type { Posted } from "../doctor/round-trip.ts";
import { readSources } from "../doctor/sources.ts";
import type { Host } from "../host.ts";
import { withExamples } from "../options.ts";
import { outputFor } from "../output.ts";
import { EXIT, type Exit, Problem } from "../problem.ts";
import type { AddCommand } from "../program.ts";

interface Options {
  account?: string;
  url?: string;
  config?: string;
  session?: string;
  roundTrip?: boolean;
  target?: string;
  clean?: boolean;
  wait: string;
  strict?: boolean;
  list?: boolean;
  json?: boolean;
}

/** `edge doctor`: what is wrong, and how to mend it. */
export const addDoctor: AddCommand = (program, host, end) => {
  const command = program
    .command("doctor")
    .description("Says what is wrong with document, ClickClack, OpenClaw and Worker, and how to mend it.")
    .option("--account <id>", "one account; all of them otherwise")
    .option("--url <address>", "the Worker's address; EDGE_URL otherwise")
    .option("--config <file>", "the document; openclaw.json5 or what OPENCLAW_CONFIG holds otherwise")
    .option("--session <sst_…>", "a person's at ClickClack, in place of CLICKCLACK_SESSION")
    .option("--round-trip", "post a marked message as that person, and wait for the bot's answer")
    .option("--target <target>", "where --round-trip posts; the account's defaultTo otherwise")
    .option("--wait <seconds>", "how long --round-trip waits for an answer", "120")
    .option("--clean", "delete what --round-trip has posted")
    .option("--strict", "end with 1 for a warning as well")
    .option("--list", "show the checks, and make none")
    .option("--json", "print JSON, for programs: an array of {id, group, account, state, found, mend}")
    .addHelpText("after", HELP);
  withExamples(
    command,
    "doctor",
    "doctor --url https://edge.example.workers.dev --account scout",
    "doctor --url https://edge.example.workers.dev --round-trip --target channel:general --clean",
  ).action(async (options: Options) => {
    end(await (options.list ? list(host, options) : doctor(host, options)));
  });
};

const HELP = `
It changes nothing without --round-trip, which says what it posts.
Exit codes: 0 no check fails, 1 one does, 2 the command line has to be mended.`;

const NPM_TELLS =
  "--session: npm has printed it and keeps it in its log; sign out of that session when you are done, and use CLICKCLACK_SESSION next time";

async function list(host: Host, { json = false }: Options): Promise<Exit> {
  const output = outputFor(host, json);
  output.json(CHECKS);
  let group = "";
  for (const check of CHECKS) {
    if (check.group !== group) output.line(heading({ check: check.id, account: undefined }));
    group = check.group;
    output.line(`  ${check.id.padEnd(18)} ${check.looksAt}`);
  }
  return EXIT.ok;
}

async function doctor(host: Host, options: Options): Promise<Exit> {
  const output = outputFor(host, options.json ?? false);
  const sources = await readSources(host);
  const session = options.session ?? variable(sources.variables, "CLICKCLACK_SESSION");
  if (options.session !== undefined && host.env.npm_lifecycle_event !== undefined) output.note(NPM_TELLS);
  const posted: Posted[] = [];
  const steps = await examine(host, sources, {
    ...options,
    session: session === undefined ? undefined : new Secret(session),
    waitMs: waitMs(options.wait),
    say: (text) => output.note(text),
    posted: (message) => posted.push(message),
  });
  const isColoured = host.columns !== undefined && !variable(host.env, "NO_COLOR");
  const all: Reported[] = [];
  let above = "";
  for await (const { step, findings } of finished(steps, host.signal)) {
    const title = heading(step);
    if (title !== above) output.line(`${above === "" ? "" : "\n"}${title}`);
    above = title;
    for (const finding of findings) {
      for (const line of findingLines(step, finding, isColoured)) output.line(line);
      all.push(reported(step, finding));
    }
  }
  if (options.clean) for (const message of posted) output.note(await cleanUp(message));
  if (host.signal.aborted) {
    output.note("interrupted");
    return EXIT.failed;
  }
  const states: State[] = all.map(({ state }) => state);
  output.line(`\n${summary(states)}`);
  output.json(all);
  return exitOf(states, options.strict ?? false);
}

/** @returns what became of it */
async function cleanUp({ id, author }: Posted): Promise<string> {
  if (author === undefined) return `${id} stays: its author's token is not here`;
  try {
    await deleteMessage(author, id);
    return `deleted ${id}`;
  } catch (error) {
    if (error instanceof ClickClackError) return `${id} stays: ${error.message}`;
    throw error;
  }
}

function waitMs(seconds: string): number {
  const number = Number(seconds);
  if (Number.isFinite(number) && number > 0) return number * 1000;
  throw new Problem("--wait: give a number of seconds above 0");
}

/** Each as soon as it and those before it are done; no more once the user has interrupted. */
async function* finished(steps: readonly Step[], signal: AbortSignal) {
  const interrupted = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => resolve(undefined), { once: true }),
  );
  for (const step of steps) {
    const outcome = await Promise.race([step.outcome, interrupted]);
    if (outcome === undefined || signal.aborted) return;
    yield { step, findings: outcome.findings };
  }
}
