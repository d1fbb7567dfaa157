import { isDeepStrictEqual } from "node:util";
import JSON5 from "json5";
import { Problem } from "../problem.ts";
import { insert, type Piece, pieceOf, remove, replace } from "./json5-edit.ts";
import { type Container, entryOf, type Node, nodeAt, scan } from "./json5-scan.ts";
import { indentAt, type Style, styleOf, write, writeKey } from "./json5-style.ts";

/** Quotes and comments, which are passed over, and what a line begins with. */
const LINES =
  /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|(\r\n|\n|\r)([ \t]*)/g;

type Path = readonly string[];
type JsonObject = Record<string, unknown>;

/**
 * A JSON5 text that is changed in single places and stays as it is in all others: comments, quotes, commas, line ends.
 *
 * After every change json5 reads the text again, and it has to mean what was asked for and nothing else. So a layout that
 * nobody has thought of leads to an error, and never to another document.
 */
export class Json5Document {
  #text: string;
  #value: unknown;
  #root: Node;

  /** @param text valid JSON5 */
  constructor(text: string) {
    this.#text = text;
    this.#value = JSON5.parse(text);
    this.#root = scan(text);
  }

  get text(): string {
    return this.#text;
  }

  /** What the document says at a place; undefined where there is nothing. */
  get(path: Path): unknown {
    return path.reduce<unknown>((value, key) => (isObject(value) ? own(value, key) : undefined), this.#value);
  }

  /**
   * Sets a value. Objects on the way are made.
   *
   * @returns whether it was another before
   * @throws when something else than an object stands on the way
   */
  set(path: Path, value: unknown): boolean {
    if (isDeepStrictEqual(this.get(path), value)) return false;
    const style = styleOf(this.#text, this.#root);
    const found = nodeAt(this.#root, path);
    const expected = this.#with(path, value);
    if (found !== undefined) {
      const margin = indentAt(this.#text, found.start);
      const isInline = this.#isOnOneLine(found);
      this.#commit(replace(this.#text, found, write(value, style, isInline, margin)), expected);
      return true;
    }
    const depth = this.#depthOf(path);
    const [key = "", ...inner] = path.slice(depth);
    const wrapped = inner.reduceRight<unknown>((all, name) => ({ [name]: all }), value);
    this.#insert(path.slice(0, depth), key, expected, (margin, isInline) =>
      write(wrapped, style, isInline, margin),
    );
    return true;
  }

  /** Takes a key out. @returns whether it was there */
  remove(path: Path): boolean {
    if (this.#find(path).entry === undefined) return false;
    this.#takeOut(path, false);
    return true;
  }

  /** Adds a value at the end of a list. */
  append(path: Path, value: unknown): void {
    const list = nodeAt(this.#root, path);
    if (list?.kind !== "list") throw new Problem(`${path.join(".")} is no list`);
    const style = styleOf(this.#text, this.#root);
    const expected = this.#with(path, [...(this.get(path) as unknown[]), value]);
    this.#commit(
      insert(this.#text, list, style, (margin, isInline) => write(value, style, isInline, margin)),
      expected,
    );
  }

  /**
   * Moves keys of one object into a new one within it, as they are written and with their comments.
   *
   * @param from the object
   * @param keys those that are not there are passed over
   * @param into where the new object goes, from there; nothing may stand there yet
   */
  move(from: Path, keys: readonly string[], into: Path): void {
    const moved = keys.filter((key) => entryOf(nodeAt(this.#root, from), key) !== undefined);
    const values = Object.fromEntries(moved.map((key) => [key, this.get([...from, key])]));
    // One after the other: whose comment it is depends on what else stands on the line.
    const pieces = moved.map((key) => {
      const piece = this.#pieceOf([...from, key]);
      this.#takeOut([...from, key], true);
      return piece;
    });
    const path = [...from, ...into];
    const depth = this.#depthOf(path);
    const [key = "", ...inner] = path.slice(depth);
    const style = styleOf(this.#text, this.#root);
    this.#insert(path.slice(0, depth), key, this.#with(path, values), (margin, isInline) =>
      writePieces(pieces, inner, style, isInline, margin),
    );
  }

  /** How many keys of a path lead to objects that are there. */
  #depthOf(path: Path): number {
    let depth = 0;
    while (depth < path.length - 1 && nodeAt(this.#root, path.slice(0, depth + 1)) !== undefined) depth++;
    return depth;
  }

  #insert(
    path: Path,
    key: string,
    expected: unknown,
    value: (margin: string, isInline: boolean) => string,
  ): void {
    const container = nodeAt(this.#root, path);
    if (container?.kind !== "object") throw new Problem(`${path.join(".") || "the document"} is no object`);
    const style = styleOf(this.#text, this.#root);
    const text = insert(
      this.#text,
      container,
      style,
      (margin, isInline) => `${writeKey(key, style)}: ${value(margin, isInline)}`,
    );
    this.#commit(text, expected);
  }

  /** Also where the key stands twice: the one before would come to count. */
  #takeOut(path: Path, takesComments: boolean): void {
    const expected = this.#without(path);
    let text = this.#text;
    let found = this.#find(path);
    while (found.container !== undefined && found.entry !== undefined) {
      text = remove(text, found.container, found.entry, takesComments);
      found = this.#find(path, scan(text));
    }
    this.#commit(text, expected);
  }

  #find(path: Path, root = this.#root) {
    const node = nodeAt(root, path.slice(0, -1));
    const container: Container | undefined = node?.kind === "object" ? node : undefined;
    return { container, entry: entryOf(container, path.at(-1) ?? "") };
  }

  #pieceOf(path: Path): Piece {
    const { container, entry } = this.#find(path);
    if (container === undefined || entry === undefined) throw new Problem(`${path.join(".")} is not there`);
    return pieceOf(this.#text, container, entry);
  }

  #isOnOneLine({ start }: Node): boolean {
    return !/[\n\r]/.test(this.#text.trim()) && start > 0;
  }

  #with(path: Path, value: unknown): unknown {
    const copy = structuredClone(this.#value);
    const last = path.at(-1) ?? "";
    const place = path.slice(0, -1).reduce<JsonObject>((object, key) => {
      if (!isObject(own(object, key))) object[key] = {};
      return object[key] as JsonObject;
    }, copy as JsonObject);
    place[last] = value;
    return copy;
  }

  #without(path: Path): unknown {
    const copy = structuredClone(this.#value);
    const place = path.slice(0, -1).reduce<unknown>((object, key) => own(object as JsonObject, key), copy);
    delete (place as JsonObject)[path.at(-1) ?? ""];
    return copy;
  }

  #commit(text: string, expected: unknown): void {
    const value: unknown = JSON5.parse(text);
    if (!isDeepStrictEqual(value, expected))
      throw new Problem(
        "the document is laid out in a way that setup cannot change; write the account by hand",
      );
    this.#text = text;
    this.#value = value;
    this.#root = scan(text);
  }
}

/** An object of entries as they were written elsewhere, within objects of the keys before it. */
function writePieces(
  pieces: readonly Piece[],
  keys: readonly string[],
  style: Style,
  isInline: boolean,
  margin: string,
): string {
  const [key, ...inner] = keys;
  const hasComments = pieces.some(({ above, behind }) => above.length > 0 || behind !== "");
  if (isInline && !hasComments) {
    const written =
      key === undefined
        ? pieces.map(({ body }) => body).join(", ")
        : `${writeKey(key, style)}: ${writePieces(pieces, inner, style, true, margin)}`;
    return written === "" ? "{}" : `{ ${written} }`;
  }
  const step = `${margin}${style.indent}`;
  const end = style.closesWithComma ? "," : "";
  const lines =
    key === undefined
      ? pieces.flatMap(({ above, body, behind, margin: old }, index) => {
          const comma = index < pieces.length - 1 ? "," : end;
          return [...above, `${shift(body, old, step)}${comma}${behind === "" ? "" : ` ${behind}`}`];
        })
      : [`${writeKey(key, style)}: ${writePieces(pieces, inner, style, false, step)}${end}`];
  if (lines.length === 0) return "{}";
  return `{${lines.map((line) => `${style.newline}${step}${line}`).join("")}${style.newline}${margin}}`;
}

/** Gives the lines of a text another margin; not those that begin within quotes or a comment. */
function shift(text: string, from: string, to: string): string {
  return text.replace(LINES, (found: string, newline?: string, margin?: string) =>
    newline !== undefined && margin?.startsWith(from) ? `${newline}${to}${margin.slice(from.length)}` : found,
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
