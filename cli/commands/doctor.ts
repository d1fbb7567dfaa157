import { Secret } from "../../src/config/secret.ts";
import { variable } from "../../src/config/variables.ts";
import { CHECKS } from "../doctor/catalogue.ts";
import { examine } from "../doctor/examine.ts";
import type { State } from "../doctor/finding.ts";
import { exitOf, findingLines, heading, type Reported, reported, summary } from "../doctor/report.ts";
import type { Step } from "../doctor/round.ts";
import type { Host } from "../host.ts";
import { outputFor } from "../output.ts";
import { EXIT, type Exit } from "../problem.ts";
import type { AddCommand } from "../program.ts";
import { readVariables } from "../variables.ts";

interface Options {
  account?: string;
  url?: string;
  config?: string;
  session?: string;
  roundTrip?: boolean;
  target?: string;
  clean?: boolean;
  strict?: boolean;
  list?: boolean;
  json?: boolean;
}

/** `edge doctor`: what is wrong, and how to mend it. */
export const addDoctor: AddCommand = (program, host, end) => {
  program
    .command("doctor")
    .description(
      "Looks at the document, ClickClack, OpenClaw and the Worker, and says what is wrong and how to mend it.",
    )
    .option("--account <id>", "one account; all of them without it")
    .option("--url <address>", "the Worker's address (EDGE_URL)")
    .option("--config <file>", "the document, in place of openclaw.json5")
    .option("--session <token>", "a person's session at ClickClack; better in CLICKCLACK_SESSION")
    .option("--round-trip", "post a marked message as that person, and wait for the bot's answer")
    .option("--target <target>", "where --round-trip posts; the account's defaultTo without it")
    .option("--clean", "delete what --round-trip has posted")
    .option("--strict", "end with 1 for a warning as well")
    .option("--list", "show the checks, and make none")
    .option("--json", "print an array of {id, group, account, state, found, mend}")
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      end(await (options.list ? list(host, options) : doctor(host, options)));
    });
};

const HELP = `
It changes nothing, unless --round-trip says so: then it posts, and says what.

Ends with 0 when no check fails, 1 when one does, 2 when the command line has to be mended.

Examples:
  npm run edge -- doctor
  npm run edge -- doctor --url https://edge.example.workers.dev --account scout
  CLICKCLACK_SESSION=sst_… npm run edge -- doctor --url https://edge.example.workers.dev --round-trip --clean`;

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
  const variables = await readVariables(host);
  const session = options.session ?? variable(variables, "CLICKCLACK_SESSION");
  const steps = await examine(host, variables, {
    ...options,
    session: session === undefined ? undefined : new Secret(session),
    say: (text) => output.note(text),
  });
  const isColoured = host.columns !== undefined && !variable(host.env, "NO_COLOR");
  const all: Reported[] = [];
  let above = "";
  for await (const { step, findings } of finished(steps)) {
    const title = heading(step);
    if (title !== above) output.line(`${above === "" ? "" : "\n"}${title}`);
    above = title;
    for (const finding of findings) {
      for (const line of findingLines(step, finding, isColoured)) output.line(line);
      all.push(reported(step, finding));
    }
  }
  const states: State[] = all.map(({ state }) => state);
  output.line(`\n${summary(states)}`);
  output.json(all);
  return exitOf(states, options.strict ?? false);
}

/** Each as soon as it and those before it are done. */
async function* finished(steps: readonly Step[]) {
  for (const step of steps) yield { step, findings: (await step.outcome).findings };
}
