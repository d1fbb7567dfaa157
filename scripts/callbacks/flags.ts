import { parseArgs } from "node:util";
import { Secret } from "../../src/config/secret.ts";
import type { CallbackKind } from "../../src/config/types.ts";
import { readBaseUrl } from "../../src/config/url.ts";
import { type Variables, variable } from "../../src/config/variables.ts";
import { Problem } from "./problem.ts";

export type Action = "set-up" | "rotate" | "finish" | "list";

/** What the script was asked for. */
export interface Flags {
  action: Action;
  session: Secret;
  /** Whether it stands on the command line. */
  isSessionOpen: boolean;
  /** Which kinds it is about. */
  kinds: readonly CallbackKind[];
  /** The Worker's address without a trailing slash; "" where none is needed. */
  url: string;
  account?: string | undefined;
  clickclack?: string | undefined;
  workspace?: string | undefined;
  bot?: string | undefined;
  /** In lower case with their slash. */
  commands: readonly string[];
}

const DEFAULT_COMMAND = "/ask";
/** ClickClack takes nearly anything for a command; people can type these. */
const COMMAND = /^\/[a-z0-9_-]{1,32}$/;
const KINDS: readonly CallbackKind[] = ["events", "commands"];

/**
 * Reads the command line.
 *
 * @param env holds the session when no flag does
 * @returns undefined when help is asked for
 * @throws {Problem}
 */
export function readFlags(args: readonly string[], env: Variables): Flags | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const actions = (["rotate", "finish", "list"] as const).filter((name) => values[name]);
  const [action = "set-up", second] = actions;
  if (second !== undefined) throw new Problem(`--${action} and --${second}: give one of them`);
  const kinds = kindsOf(values.only);
  if (values.command !== undefined && (action !== "set-up" || !kinds.includes("commands")))
    throw new Problem("--command: it is for the set-up of commands alone; leave it out");
  return {
    action,
    session: sessionOf(values.session ?? variable(env, "CLICKCLACK_SESSION")),
    isSessionOpen: values.session !== undefined,
    kinds,
    url: action === "list" ? "" : addressOf("url", values.url, "https://edge.example.workers.dev"),
    account: values.account,
    clickclack:
      values.clickclack && addressOf("clickclack", values.clickclack, "https://app.clickclack.chat"),
    workspace: values.workspace,
    bot: values.bot,
    commands: kinds.includes("commands") ? commandsOf(values.command) : [],
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ url: text, session: text, account: text, clickclack: text, workspace: text, bot: text },
        ...{ only: text, command: { type: "string", multiple: true } as const },
        ...{ rotate: flag, finish: flag, list: flag, help: flag },
      },
    }).values;
  } catch (error) {
    // The first line names the flag; those after it are about a dash that values may begin with.
    const [said] = (error as Error).message.split("\n");
    throw new Problem(`${said}; --help shows what there is`);
  }
}

function kindsOf(only: string | undefined): readonly CallbackKind[] {
  if (only === undefined) return KINDS;
  const kinds = KINDS.filter((kind) => kind === only);
  if (kinds.length === 0) throw new Problem("--only: use events or commands");
  return kinds;
}

function sessionOf(text: string | undefined): Secret {
  if (text === undefined)
    throw new Problem(
      "--session: give the session token (sst_…) of an owner or a moderator, here or in CLICKCLACK_SESSION",
    );
  if (/^sst_[0-9a-z]+$/.test(text)) return new Secret(text);
  const found = text.startsWith("ccb_") ? "a bot's token, and bots may not do this" : "no session token";
  throw new Problem(`--session: that is ${found}; give a person's (sst_…)`);
}

function addressOf(flag: string, text: string | undefined, example: string): string {
  if (!text?.trim()) throw new Problem(`--${flag}: give the address, such as ${example}`);
  const read = readBaseUrl(text);
  if ("url" in read) return read.url;
  throw new Problem(`--${flag}: that is ${read.found}; give an address such as ${example}`);
}

function commandsOf(given: readonly string[] = [DEFAULT_COMMAND]): string[] {
  const commands = given.map((text) => `/${text.trim().toLowerCase().replace(/^\//, "")}`);
  const wrong = commands.findIndex((command) => !COMMAND.test(command));
  if (wrong >= 0)
    throw new Problem(
      `--command ${given[wrong]}: use a name such as ${DEFAULT_COMMAND}, of a-z, 0-9, _ and -`,
    );
  return [...new Set(commands)];
}
