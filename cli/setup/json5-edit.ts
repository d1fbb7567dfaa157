import type { Container, Entry } from "./json5-scan.ts";
import { indentAt, isBroken, isLineEnd, lineStart, type Style } from "./json5-style.ts";

const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/** Writes an entry that begins behind a margin; on one line if it has to. */
export type WriteEntry = (margin: string, isInline: boolean) => string;

/** A piece of the text that is to become another. */
interface Change {
  start: number;
  end: number;
  text: string;
}

/**
 * Adds an entry behind the others, on a line of its own where they have theirs.
 *
 * @param text the whole document
 * @returns the whole document anew
 */
export function insert(text: string, container: Container, style: Style, entry: WriteEntry): string {
  const last = container.entries.at(-1);
  const closing = container.end - 1;
  const place = lastInk(text, container.start + 1, closing);
  const tail = text.slice(last?.end ?? container.start + 1, closing);
  const isOpenEmpty = last === undefined && isSpread(text, container);
  const hasLines = isBroken(text, container) || /[\n\r\u2028\u2029]/.test(tail) || isOpenEmpty;
  const outer = indentAt(text, container.start);
  if (hasLines) {
    const margin = marginOf(text, container) ?? outer + style.indent;
    const hasComma = last === undefined ? style.closesWithComma : last.comma !== undefined;
    const added = `${style.newline}${margin}${entry(margin, false)}${hasComma ? "," : ""}`;
    const isClosed = /[\n\r]/.test(text.slice(place, closing)) || (last !== undefined && tail.trim() === "");
    return change(text, [
      ...commaBehind(last),
      isClosed
        ? { start: place, end: place, text: added }
        : { start: place, end: closing, text: `${added}${style.newline}${outer}` },
    ]);
  }
  const written = entry(outer, true);
  if (last === undefined) {
    const space = container.kind === "object" ? " " : "";
    return change(text, [{ start: place, end: closing, text: `${space}${written}${space}` }]);
  }
  const added = last.comma === undefined ? `, ${written}` : ` ${written},`;
  return change(text, [{ start: place, end: place, text: added }]);
}

/**
 * Takes an entry out, with its lines and the comment behind it on them.
 *
 * @param takesComments the comment lines right above it as well
 */
export function remove(text: string, container: Container, entry: Entry, takesComments = false): string {
  const before = container.entries[container.entries.indexOf(entry) - 1];
  const { start, end } = linesOf(text, entry);
  const changes: Change[] = [
    {
      start: takesComments && isAlone(text, entry) ? firstLineOf(text, container, entry) : start,
      end,
      text: "",
    },
  ];
  // What comes last now has a comma only if the last had one before.
  if (entry === container.entries.at(-1) && entry.comma === undefined && before?.comma !== undefined)
    changes.unshift({ start: before.comma, end: before.comma + 1, text: "" });
  return change(text, changes);
}

export function replace(text: string, { start, end }: { start: number; end: number }, by: string): string {
  return change(text, [{ start, end, text: by }]);
}

/** An entry with the comments that belong to it. */
export interface Piece {
  /** The comments above it and before its comma, line by line, without their margin. */
  above: readonly string[];
  /** Key and value as written. */
  body: string;
  /** The comment behind it on its line, or "". */
  behind: string;
  /** What its lines begin with, but for the first. */
  margin: string;
}

/** Reads an entry so that it can be written elsewhere. */
export function pieceOf(text: string, container: Container, entry: Entry): Piece {
  const above = isAlone(text, entry)
    ? text.slice(firstLineOf(text, container, entry), lineStart(text, entry.start))
    : "";
  const behind = isAlone(text, entry) ? text.slice(endOf(entry), lineEnd(text, endOf(entry))) : "";
  const beforeComma = text.slice(entry.end, entry.comma ?? entry.end);
  return {
    above: [...above.split(LINE_END), ...beforeComma.split(LINE_END)]
      .map((line) => line.trim())
      .filter((line) => line !== ""),
    body: text.slice(entry.start, entry.end),
    behind: behind.trim(),
    margin: indentAt(text, entry.start),
  };
}

/** Where its lines begin and end: the entry alone if it shares a line with others. */
function linesOf(text: string, entry: Entry): { start: number; end: number } {
  const end = endOf(entry);
  if (isAlone(text, entry)) return { start: lineStart(text, entry.start), end: nextLine(text, end) };
  const behind = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  return { start: entry.start, end: end + behind };
}

/** Whether nothing but its own comment stands on its lines. */
function isAlone(text: string, entry: Entry): boolean {
  const end = endOf(entry);
  const behind = text.slice(end, lineEnd(text, end));
  const isFirst = text.slice(lineStart(text, entry.start), entry.start).trim() === "";
  return isFirst && /^\s*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/\s*)?$/s.test(behind);
}

function firstLineOf(text: string, container: Container, entry: Entry): number {
  const before = container.entries[container.entries.indexOf(entry) - 1];
  const bound = before === undefined ? container.start + 1 : nextLine(text, endOf(before));
  let first = lineStart(text, entry.start);
  while (isAlone(text, entry) && first > bound) {
    const above = lineStart(text, first - (text.slice(0, first).endsWith("\r\n") ? 2 : 1));
    if (above < bound || !/^\s*(?:\/\/|\/\*(?:(?!\*\/).)*\*\/\s*$)/.test(text.slice(above, first))) break;
    first = above;
  }
  return first;
}

function endOf(entry: Entry): number {
  return entry.comma === undefined ? entry.end : entry.comma + 1;
}

/** Behind the last character before a place that is no space. */
function lastInk(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && /\s/.test(text[at - 1] ?? "")) at--;
  return at;
}

function lineEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isLineEnd(text[end])) end++;
  return end;
}

function nextLine(text: string, at: number): number {
  const end = lineEnd(text, at);
  return Math.min(text.length, end + (text.startsWith("\r\n", end) ? 2 : 1));
}

/** An empty container of a document that has lines is spread over lines as soon as there is something in it. */
function isSpread(text: string, container: Container): boolean {
  return container.kind === "object" && (container.start === 0 || /[\n\r]/.test(text.trim()));
}

function marginOf(text: string, { entries }: Container): string | undefined {
  const own = entries.findLast(({ start }) => text.slice(lineStart(text, start), start).trim() === "");
  return own === undefined ? undefined : indentAt(text, own.start);
}

function commaBehind(entry: Entry | undefined): Change[] {
  if (entry === undefined || entry.comma !== undefined) return [];
  return [{ start: entry.end, end: entry.end, text: "," }];
}

/** @param changes from front to back */
function change(text: string, changes: readonly Change[]): string {
  return changes.reduceRight(
    (all, { start, end, text: by }) => all.slice(0, start) + by + all.slice(end),
    text,
  );
}
