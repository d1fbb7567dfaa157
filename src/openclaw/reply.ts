/** What OpenClaw writes for a reply that had media and no text. */
const NOTHING_TO_SAY = "No response from OpenClaw.";
const SILENT_LINE = /^\s*(?:NO_REPLY\s*)?$/i;

/**
 * The text to post of a finished completion. OpenClaw leaves a closing `NO_REPLY` line in the text and stands in a
 * sentence of its own for an answer without text; neither is for people.
 *
 * @returns the text, or undefined when the agent chose to say nothing
 */
export function replyText(completion: string): string | undefined {
  const lines = completion.trim().split("\n");
  while (lines.length > 0 && SILENT_LINE.test(lines.at(-1) ?? "")) lines.pop();
  const text = lines.join("\n").trim();
  return text === "" || text === NOTHING_TO_SAY ? undefined : text;
}
