import JSON5 from "json5";
import { allNodes, type Container, type Node, scan } from "./json5-scan.ts";

/** How a document is written, as far as what is added should be written the same. */
export interface Style {
  newline: string;
  /** One step of indentation. */
  indent: string;
  /** Around texts. */
  quote: '"' | "'";
  /** Whether keys that need no quotes have some all the same. */
  quotesKeys: boolean;
  /** Whether the last entry of several lines has a comma behind it. */
  closesWithComma: boolean;
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** @param text valid JSON5 */
export function styleOf(text: string, root: Node = scan(text)): Style {
  const nodes = [...allNodes(root)];
  const containers = nodes.filter(isContainer);
  const objects = containers.filter(({ kind }) => kind === "object");
  const keys = objects.flatMap(({ entries }) => entries.map(({ start }) => text[start]));
  const texts = nodes.filter(({ kind }) => kind === "text").map(({ start }) => text[start]);
  const last = containers
    .filter((container) => container.entries.length > 0 && isBroken(text, container))
    .map(({ entries }) => entries.at(-1)?.comma !== undefined);
  const isPlainJson = keys.length > 0 && keys.every((first) => first === '"');
  return {
    newline: /\r\n|\n|\r/.exec(text)?.[0] ?? "\n",
    indent: indentIn(text, containers),
    quote: texts.includes("'") && !texts.includes('"') && !keys.includes('"') ? "'" : '"',
    quotesKeys: isPlainJson,
    closesWithComma: last.length === 0 ? !isPlainJson : last.includes(true),
  };
}

/** The spaces and tabs that the line of a place begins with. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at)))?.[0] ?? "";
}

export function lineStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && !isLineEnd(text[start - 1])) start--;
  return start;
}

export function isLineEnd(char: string | undefined): boolean {
  return char === "\n" || char === "\r" || char === "\u2028" || char === "\u2029";
}

/** Whether a container's entries stand on lines of their own. */
export function isBroken(text: string, { start, end, entries }: Container): boolean {
  const before = text.slice(start, entries[0]?.start ?? end);
  return /[\n\r]/.test(before);
}

/**
 * Writes a value.
 *
 * @param isInline on one line whatever it is
 * @param margin what its lines begin with, but for the first
 */
export function write(value: unknown, style: Style, isInline: boolean, margin: string): string {
  if (typeof value === "string") return writeText(value, style.quote);
  if (typeof value !== "object" || value === null) return JSON5.stringify(value) ?? "null";
  const isList = Array.isArray(value);
  const [opening, closing] = isList ? "[]" : "{}";
  const step = `${margin}${style.indent}`;
  // What is small stays on its line: a secret's reference, an empty object, a list of words.
  const isFlat = isInline || Object.values(value).every((item) => typeof item !== "object" || item === null);
  const inner = Object.entries(value).map(([key, item]) => {
    const written = write(item, style, isFlat, step);
    return isList ? written : `${writeKey(key, style)}: ${written}`;
  });
  if (inner.length === 0) return `${opening}${closing}`;
  if (isFlat) return isList ? `[${inner.join(", ")}]` : `{ ${inner.join(", ")} }`;
  const end = style.closesWithComma ? "," : "";
  const between = `,${style.newline}${step}`;
  return `${opening}${style.newline}${step}${inner.join(between)}${end}${style.newline}${margin}${closing}`;
}

export function writeKey(key: string, style: Style): string {
  return !style.quotesKeys && NAME.test(key) ? key : writeText(key, style.quotesKeys ? '"' : style.quote);
}

function writeText(text: string, quote: '"' | "'"): string {
  const json = JSON.stringify(text).replace(
    /[\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16)}`,
  );
  if (quote === '"') return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function isContainer(node: Node): node is Container {
  return node.kind === "object" || node.kind === "list";
}

/** The first step inwards that the document makes. */
function indentIn(text: string, containers: readonly Container[]): string {
  for (const container of containers) {
    const [first] = container.entries;
    if (first === undefined || !isBroken(text, container)) continue;
    const outer = indentAt(text, container.start);
    const inner = indentAt(text, first.start);
    if (inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
  }
  return "  ";
}
