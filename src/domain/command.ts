import { cut } from "./cut.ts";

/** Whether it is the id of a slash command that was given (a trigger id), in a place where messages' ids stand as well. */
export function isCommandId(id: string): boolean {
  return id.startsWith("sci_");
}

/** Longer questions are cut where they stand above their answer. */
const QUESTION_MAX_CHARS = 500;

/**
 * An answer to a slash command with the question above it: the command itself stands nowhere in the channel, so that nobody
 * could tell what is answered.
 *
 * @param asker `@handle`, or a name for somebody who has none
 * @param command with its slash
 * @param text what was said behind it
 */
export function withQuestion(asker: string, command: string, text: string, answer: string): string {
  const said = `${asker}: ${command} ${text.trim()}`;
  const shown = said.length > QUESTION_MAX_CHARS ? `${cut(said, QUESTION_MAX_CHARS)}…` : said;
  const quoted = shown
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join("\n");
  return `${quoted}\n\n${answer}`;
}
