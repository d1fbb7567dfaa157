import JSON5 from "json5";

/** A key with its value in an object, or a value in a list, and where it stands in the text. */
export interface Entry {
  /** Of the key, or of the value in a list. */
  start: number;
  /** Behind the value. */
  end: number;
  /** Of the comma behind it, if there is one. */
  comma: number | undefined;
  /** As it is meant, not as it is written; undefined in a list. */
  key: string | undefined;
  value: Node;
}

export interface Container {
  kind: "object" | "list";
  /** Of the opening bracket. */
  start: number;
  /** Behind the closing bracket. */
  end: number;
  entries: readonly Entry[];
}

export interface Leaf {
  kind: "text" | "other";
  start: number;
  end: number;
}

/** A value of a document and its place in the text, in UTF-16 units; `end` is behind it. */
export type Node = Container | Leaf;

const SPACE = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;
const TEXT = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y;
const WORD = /[^\s,:{}[\]"'/]+/y;

/**
 * Finds out where everything stands in a JSON5 text. What it means is json5's to say, which the Worker reads it with: only
 * a text that json5 has read may come here, so that no rule of the syntax has to be repeated.
 *
 * @param text valid JSON5
 */
export function scan(text: string): Node {
  let at = 0;

  const skip = (): void => {
    at = endOf(SPACE, text, at);
  };
  const readEntry = (isInObject: boolean): Entry => {
    const start = at;
    const key = isInObject ? readKey() : undefined;
    const value = readValue();
    const { end } = value;
    skip();
    const comma = text[at] === "," ? at++ : undefined;
    skip();
    return { start, end, comma, key, value };
  };
  const readKey = (): string => {
    const start = at;
    at = endOf(WORD, text, endOf(TEXT, text, at));
    const [key = ""] = Object.keys(JSON5.parse(`{${text.slice(start, at)}:0}`));
    skip();
    at++;
    skip();
    return key;
  };
  const readValue = (): Node => {
    const start = at;
    const closing = { "{": "}", "[": "]" }[text[start] ?? ""];
    if (closing !== undefined) {
      const entries: Entry[] = [];
      at++;
      skip();
      while (text[at] !== closing) entries.push(readEntry(closing === "}"));
      return { kind: closing === "}" ? "object" : "list", start, end: ++at, entries };
    }
    at = endOf(TEXT, text, start);
    if (at > start) return { kind: "text", start, end: at };
    at = endOf(WORD, text, start);
    if (at === start) throw new Error(`nothing is known to stand at ${start}`);
    return { kind: "other", start, end: at };
  };

  skip();
  return readValue();
}

/**
 * @param node where to begin
 * @param path keys; the last of several equal ones counts, as in json5
 */
export function nodeAt(node: Node, path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((inner, key) => entryOf(inner, key)?.value, node);
}

/** @returns an object's last entry with a key */
export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === "object" ? node.entries.findLast((entry) => entry.key === key) : undefined;
}

/** Every node, those within before those behind. */
export function* allNodes(node: Node): Generator<Node> {
  yield node;
  if (node.kind !== "object" && node.kind !== "list") return;
  for (const { value } of node.entries) yield* allNodes(value);
}

/** Where a pattern ends that is looked for at a place alone; the place itself when it is not there. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
