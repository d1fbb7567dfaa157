import { errorText } from "../src/observe/redact.ts";
import { finish, list, rotate, type Stage, setUp } from "./callbacks/actions.ts";
import { readDocument, readVariables } from "./callbacks/document.ts";
import { type Flags, readFlags } from "./callbacks/flags.ts";
import { HELP } from "./callbacks/help.ts";
import { explain, Problem } from "./callbacks/problem.ts";
import { concernsAbout } from "./callbacks/public.ts";
import { addressIn, findBot, findWorkspace, managerAt } from "./callbacks/site.ts";

// npm run callbacks -- --url https://edge.example.workers.dev: see callbacks/help.ts, or --help.
// Ends with code 1 and one line on stderr when something is to be mended.
try {
  const flags = readFlags(process.argv.slice(2), process.env);
  if (flags === undefined) process.stdout.write(HELP);
  else await run(flags);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  // A token that landed in the wrong flag is not repeated.
  console.error(errorText(error));
  process.exitCode = 1;
}

async function run(flags: Flags): Promise<void> {
  if (flags.action === "set-up") for (const concern of concernsAbout(flags.url)) console.error(concern);
  const described = await readDocument(await readVariables(), flags.account);
  const address = addressIn(flags, described);
  const manager = managerAt(address, flags, described);
  try {
    const wanted = flags.workspace ?? described.account.workspace;
    const workspace = await findWorkspace(manager, wanted, flags.action === "list");
    const print = (...lines: readonly string[]) => console.log(lines.join("\n"));
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
