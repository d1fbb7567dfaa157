import { outputFor } from "../output.ts";
import type { AddCommand } from "../program.ts";
import type { RawFlags } from "../setup/flags.ts";
import { REAL_TOOLS, setup } from "../setup/run.ts";

const EXAMPLES = `
Examples:
  npm run edge -- setup
  npm run edge -- setup --code 'https://chat.example.com/#XXXX-XXXX-XXXX'
  npm run edge -- setup --base-url https://chat.example.com --workspace default --token - < token.txt
  npm run edge -- setup --account peter --agent peter-bot --reply-mode model --dry-run

Flags can be seen by others on this machine. A token comes from standard input with -, or from the environment:
CLICKCLACK_BOT_TOKEN, for other accounts CLICKCLACK_<ACCOUNT>_BOT_TOKEN, and OPENCLAW_GATEWAY_TOKEN.`;

/** `setup`: makes an account, or changes one. */
export const addSetup: AddCommand = (program, host, end) => {
  program
    .command("setup")
    .description(
      "give OpenClaw a bot in ClickClack: write the account, keep its secrets, see whether it works",
    )
    .option("--code <code>", "setup code from ClickClack, with its address: 'https://server/#XXXX-XXXX-XXXX'")
    .option("--base-url <url>", "where people open ClickClack")
    .option("--token <token>", "the bot's token, or - for a line of standard input")
    .option("--workspace <workspace>", "its id, slug or name")
    .option("--account <id>", "the account to make or change (default: the only one, or default)")
    .option("--agent <id>", "the OpenClaw agent that answers")
    .option(
      "--reply-mode <mode>",
      "agent: a session for each conversation; model: one completion with recent history",
    )
    .option("--name <name>", "a name for people")
    .option("--default-to <target>", "where a send without a target goes, such as channel:general")
    .option("--require-mention", "answer in channels only when mentioned")
    .option("--no-require-mention", "answer in channels without being mentioned")
    .option("--gateway-url <url>", "where the OpenClaw gateway is")
    .option("--gateway-token <token>", "its token, or - for a line of standard input")
    .option("--secrets <place>", "dev-vars (default), wrangler, both or none")
    .option("--config <path>", "the document (default: openclaw.json5); .dev.vars is beside it")
    .option("--dry-run", "show what would change, and write nothing")
    .option("--no-check", "do not look whether it works")
    .option("--yes", "ask nothing")
    .option("--json", "print one JSON value")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: RawFlags) => {
      end(await setup(host, outputFor(host, flags.json === true), flags, REAL_TOOLS));
    });
};
