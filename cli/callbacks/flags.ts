import { Secret } from "../../src/config/secret.ts";
import type { CallbackKind } from "../../src/config/types.ts";
import { readBaseUrl } from "../../src/config/url.ts";
import { type Variables, variable } from "../../src/config/variables.ts";
import { Problem } from "../problem.ts";

export type Action = "set-up" | "rotate" | "finish" | "list";

/** What the command was asked for. */
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

/** The command's flags as commander reads them. */
export interface GivenFlags {
  url?: string;
  session?: string;
  account?: string;
  clickclack?: string;
  workspace?: string;
  bot?: string;
  command?: string[];
  only?: string;
  rotate?: boolean;
  finish?: boolean;
  list?: boolean;
}

/**
 * Checks what the command was given.
 *
 * @param env holds the session when no flag does
 * @throws {Problem}
 */
export function checkFlags(given: GivenFlags, env: Variables): Flags {
  const actions = (["rotate", "finish", "list"] as const).filter((name) => given[name]);
  const [action = "set-up", second] = actions;
  if (second !== undefined) throw new Problem(`--${action} and --${second}: give one of them`);
  const kinds = kindsOf(given.only);
  if (given.command !== undefined && (action !== "set-up" || !kinds.includes("commands")))
    throw new Problem("--command: it is for the set-up of commands alone; leave it out");
  return {
    action,
    session: sessionOf(given.session ?? variable(env, "CLICKCLACK_SESSION")),
    isSessionOpen: given.session !== undefined,
    kinds,
    url: action === "list" ? "" : addressOf("url", given.url, "https://edge.example.workers.dev"),
    account: given.account,
    clickclack: given.clickclack && addressOf("clickclack", given.clickclack, "https://app.clickclack.chat"),
    workspace: given.workspace,
    bot: given.bot,
    commands: kinds.includes("commands") ? commandsOf(given.command) : [],
  };
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
