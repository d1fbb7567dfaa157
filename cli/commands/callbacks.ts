import { finish, list, rotate, type Stage, setUp } from "../callbacks/actions.ts";
import { describe } from "../callbacks/described.ts";
import { explain } from "../callbacks/explain.ts";
import { checkFlags, type GivenFlags } from "../callbacks/flags.ts";
import { concernsAbout } from "../callbacks/public.ts";
import { addressIn, findBot, findWorkspace, managerAt } from "../callbacks/site.ts";
import { readDocument } from "../document.ts";
import type { Host } from "../host.ts";
import { collect, withExamples } from "../options.ts";
import { type Output, outputFor } from "../output.ts";
import { Problem } from "../problem.ts";
import type { AddCommand } from "../program.ts";
import { readVariables } from "../variables.ts";

const NPM_TELLS =
  "--session: npm has printed it and keeps it in its log; sign out of that session when you are done, and use CLICKCLACK_SESSION next time";

interface CallbacksFlags extends GivenFlags {
  config?: string;
  json?: boolean;
}

/** `callbacks`: what ClickClack calls the Worker with. */
export const addCallbacks: AddCommand = (program, host) => {
  const callbacks = program
    .command("callbacks")
    .description("Has ClickClack call the Worker: event subscriptions and slash commands, signed.")
    .option(
      "--rotate",
      "give new secrets; events go on without a gap until --finish, slash commands have one",
    )
    .option("--finish", "end a rotation of events: revoke the subscription with the old secret")
    .option("--list", "show what calls whom in the workspace")
    .option("--url <address>", "the Worker's public address; not needed for --list")
    .option("--session <sst_…>", "in place of CLICKCLACK_SESSION")
    .option("--account <id>", "account of the document; its default account otherwise")
    .option("--clickclack <url>", "ClickClack's address; the account's otherwise")
    .option("--workspace <name>", "workspace by id, slug or name; the account's otherwise")
    .option("--command </name>", "slash command, as often as there are some; /ask otherwise", collect)
    .option(
      "--bot <handle or id>",
      "in whose name commands are answered; the account's bot, or the only one, otherwise",
    )
    .option("--only <kind>", "events (no slash commands) or commands (no event subscription)")
    .option("--config <file>", "the document; openclaw.json5 or what OPENCLAW_CONFIG holds otherwise")
    .option("--json", "print JSON, for programs")
    .addHelpText(
      "after",
      `
Without --rotate, --finish and --list it makes what is not there yet and shows its secrets, once.

Bots may not do that. It takes the session token (sst_…) of an owner or a moderator of the workspace, which is neither
stored nor printed here. npm prints and logs the command line, so the variable is the better place for it:

  read -rs CLICKCLACK_SESSION && export CLICKCLACK_SESSION`,
    );
  withExamples(
    callbacks,
    "callbacks --url https://edge.example.workers.dev",
    "callbacks --url https://edge.example.workers.dev --rotate --only events",
    "callbacks --url https://edge.example.workers.dev --finish",
    "callbacks --list",
  ).action(async (given: CallbacksFlags) => {
    const output = outputFor(host, given.json ?? false);
    output.json(await run(host, given, output));
  });
};

async function run(host: Host, given: CallbacksFlags, output: Output): Promise<unknown> {
  const flags = checkFlags(given, host.env);
  // One value at the end would keep the first kind's secret back when the second fails.
  if (flags.action === "rotate" && flags.kinds.length > 1 && output.isJson)
    throw new Problem("--json: rotate one kind at a time; add --only events or --only commands");
  if (flags.isSessionOpen && host.env.npm_lifecycle_event !== undefined) output.note(NPM_TELLS);
  if (flags.action === "set-up") for (const concern of concernsAbout(flags.url)) output.note(concern);
  const variables = await readVariables(host);
  const described = describe(await readDocument(host, variables, given.config), variables, flags.account);
  const address = addressIn(flags, described);
  const manager = managerAt(address, flags, described);
  try {
    const wanted = flags.workspace ?? described.account.workspace;
    const workspace = await findWorkspace(manager, wanted, flags.action === "list");
    const print = (...lines: readonly string[]) => output.line(lines.join("\n"));
    const stage: Stage = { flags, described, manager, workspace, print };
    switch (flags.action) {
      case "set-up": {
        const needsBot = flags.commands.length > 0;
        const bot = needsBot ? await findBot(manager, workspace, flags.bot, address, described) : undefined;
        return await setUp(stage, bot?.id);
      }
      case "rotate":
        return await rotate(stage);
      case "finish":
        return await finish(stage);
      case "list":
        return await list(stage);
    }
  } catch (error) {
    throw explain(error, address.url);
  }
}
