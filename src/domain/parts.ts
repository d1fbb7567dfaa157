/**
 * Cuts a text that is too long for one message, at the last line or word break that leaves parts of a fair size, and
 * never within a surrogate pair.
 *
 * @param maxChars longest part, UTF-16 units; at least 2
 * @returns at least one part, for an empty text an empty one
 */
export function splitText(text: string, maxChars: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > maxChars) {
    const at = cutAt(rest, maxChars);
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  if (rest !== "" || parts.length === 0) parts.push(rest);
  return parts;
}

function cutAt(text: string, maxChars: number): number {
  for (const mark of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(mark, maxChars - 1);
    if (at > maxChars / 2) return at;
  }
  const last = text.charCodeAt(maxChars - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return splitsPair ? maxChars - 1 : maxChars;
}
