/** A command that the bot carries out itself. The gateway's HTTP door has none: there `/new` is text for the model. */
export type BotCommandName = "new" | "reset" | "stop" | "status" | "help";

/** As ClickClack shows it in the bot's menu. */
export interface BotCommand {
  command: BotCommandName;
  /** 1 to 100 characters. */
  description: string;
  /** At most 100 characters. */
  argsHint: string;
}

/** Every command there is; only these are published. Names and hints are those of OpenClaw's own menu. */
export const BOT_COMMANDS: readonly BotCommand[] = [
  { command: "help", description: "Show available commands.", argsHint: "" },
  { command: "status", description: "Show current status.", argsHint: "" },
  { command: "stop", description: "Stop the current answer.", argsHint: "" },
  { command: "new", description: "Start a new session.", argsHint: "[message]" },
  { command: "reset", description: "Start a new session.", argsHint: "[message]" },
];

/** A command as somebody gave it. */
export interface GivenCommand {
  name: BotCommandName;
  /** What was said behind it; "" for nothing. */
  rest: string;
}

const HANDLE = "@[a-z0-9][a-z0-9_-]{1,31}";
const GIVEN = new RegExp(`^(?:(${HANDLE})[,:]?\\s+)?/([a-z]+)(?:(?::\\s*|\\s+)([\\s\\S]*))?$`, "i");
const ADDRESSEE = new RegExp(`^(${HANDLE})(?![a-z0-9_-])[,:]?\\s*`, "i");

/**
 * Reads a command of the bot in a message. It stands at the beginning; a handle right before or right behind it says whose
 * it is, so that in a room with several bots one of them can be meant.
 *
 * @param body the message as written
 * @param handle the bot's own, without `@`
 * @returns undefined for everything else, another bot's command included
 */
export function commandIn(body: string, handle: string): GivenCommand | undefined {
  const [, before, word = "", behind = ""] = GIVEN.exec(body.trim()) ?? [];
  const name = BOT_COMMANDS.find(({ command }) => command === word.toLowerCase())?.command;
  if (name === undefined) return undefined;
  const after = ADDRESSEE.exec(behind);
  const isMeant = (found: string | undefined) =>
    found === undefined || found.slice(1).toLowerCase() === handle.toLowerCase();
  if (!isMeant(before) || !isMeant(after?.[1])) return undefined;
  return { name, rest: behind.slice(after?.[0].length ?? 0).trim() };
}

/** Starts the session of a place anew. */
export function startsAfresh({ name }: GivenCommand): boolean {
  return name === "new" || name === "reset";
}

/** Carried out by the adapter alone; `/new` with a message behind it is a question for the agent. */
export function isAnsweredHere(given: GivenCommand): boolean {
  return !startsAfresh(given) || given.rest === "";
}

/** Carried out at once, past the questions that wait: it is about them. A new session takes its turn among them. */
export function isAside(name: BotCommandName): boolean {
  return name !== "new" && name !== "reset";
}
