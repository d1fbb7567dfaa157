/** Line breaks, control and invisible characters, halves of a pair: what could end a line, or hide in it. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Cs}]+/gu;

/**
 * A text of somebody's making as it may stand within a line of ours: on that line alone, with nothing in it that is not
 * seen, and cut where it is too long.
 *
 * @param maxChars longest label, UTF-16 units, the mark of a cut not counted
 */
export function oneLine(text: string, maxChars: number): string {
  const line = text.replace(UNSEEN, " ").trim();
  if (line.length <= maxChars) return line;
  return `${line.slice(0, maxChars).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** The same in quotes that it cannot close. */
export function inQuotes(text: string, maxChars: number): string {
  return JSON.stringify(oneLine(text, maxChars));
}
