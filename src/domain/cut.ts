/**
 * The beginning of a text, never with half of a character that takes two units.
 *
 * @param maxChars longest beginning, UTF-16 units
 */
export function cut(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(/[\uD800-\uDBFF]$/, "");
}
