// Unicode White_Space, which is what Go's strings.TrimSpace cuts. JavaScript's trim() differs: it leaves U+0085 and
// cuts U+FEFF.
const SPACE = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const OUTER_SPACE = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

/** Returns the text without leading and trailing Unicode white space, as Go's `strings.TrimSpace` does. */
export function trimSpace(text: string): string {
  return text.replace(OUTER_SPACE, "");
}

/** Returns the number of Unicode code points, the unit of ClickClack's length limits. */
export function runeCount(text: string): number {
  return [...text].length;
}

/** Returns the first `count` code points of the text. */
export function firstRunes(text: string, count: number): string {
  return [...text].slice(0, count).join("");
}

/** Returns a channel or workspace name as ClickClack stores it: lowercase, every other run of characters one dash. */
export function slug(text: string): string {
  return trimSpace(text)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** Returns a command trimmed, lowercase and with its slash; blank stays empty. */
export function slashed(text: string): string {
  const command = trimSpace(text).toLowerCase();
  return command === "" || command.startsWith("/") ? command : `/${command}`;
}

/** Returns the values trimmed, without blanks and repetitions, in their order. */
export function compactStrings(values: readonly string[]): string[] {
  return [...new Set(values.map(trimSpace).filter((value) => value !== ""))];
}

/** Orders strings by code point, as SQLite's BINARY collation and Go's sort do. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
