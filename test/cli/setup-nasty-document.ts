import type { Random } from "../../sandbox/chaos/random.ts";

/** A JSON5 text of the odd kind, and the comments in it. */
export interface Nasty {
  text: string;
  comments: readonly string[];
}

const KEYS = [
  "a",
  "default",
  "null",
  "true",
  "NaN",
  "$x",
  "_",
  "über",
  "with space",
  "it's",
  'q"',
  "x.y",
  "\u2028",
];
const TEXTS = [
  "",
  "x",
  "say \"hi\" and 'ho'",
  "// no comment",
  "/* none */ }",
  "back\\slash",
  "two\nlines",
  "😀",
  "${NAME}",
];
const NUMBERS = ["0", "+1", "-.5", "5.", "0x1F", "1e-3", "Infinity", "-Infinity", "NaN", "+.5e3"];

/**
 * Makes up a document in which everything that JSON5 allows may stand anywhere: comments, both quotes, continued lines,
 * escapes, keys that are words of JavaScript, trailing commas, odd spaces and line ends.
 *
 * @param random decides
 */
export function nastyDocument(random: Random): Nasty {
  const comments: string[] = [];
  const newline = random.pick(["\n", "\r\n", "\r"]);
  const isTidy = random.chance(0.4);

  const comment = (): string => {
    const text = `c${comments.length} { "x': [`;
    comments.push(text);
    return random.chance(0.5) ? `//${text}${newline}` : `/*${text}*/`;
  };
  const space = (): string => {
    if (isTidy) return "";
    const parts = ["", " ", "\t", newline, `${newline}    `, "\u00a0", "\ufeff"];
    return Array.from({ length: random.whole(0, 2) }, () =>
      random.chance(0.3) ? comment() : random.pick(parts),
    ).join("");
  };
  const quoted = (text: string): string => {
    const quote = random.pick(["'", '"']);
    const body = [...text].map((char) => {
      if (char === quote || char === "\\") return `\\${char}`;
      if (char === "\n") return random.chance(0.5) ? "\\n" : `\\n\\${newline}`;
      if (char === "\u2028") return "\\u2028";
      return random.chance(0.1) && char < "\u0080"
        ? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`
        : char;
    });
    return `${quote}${body.join("")}${random.chance(0.1) ? `\\${newline}` : ""}${quote}`;
  };
  const key = (): string => {
    const name = `${random.pick(KEYS)}`;
    return /^[\p{ID_Start}$_]+$/u.test(name) && random.chance(0.7) ? name : quoted(name);
  };
  const inner = (depth: number, opening: string, closing: string, entry: () => string): string => {
    const count = random.whole(0, 3);
    if (isTidy && count > 0) {
      const margin = "  ".repeat(depth + 1);
      const lines = Array.from({ length: count }, (_, index) => {
        const above = random.chance(0.2) ? `${margin}//${fresh()}${newline}` : "";
        const comma = index < count - 1 || random.chance(0.5) ? "," : "";
        return `${above}${margin}${entry()}${comma}${random.chance(0.3) ? ` //${fresh()}` : ""}${newline}`;
      });
      return `${opening}${newline}${lines.join("")}${"  ".repeat(depth)}${closing}`;
    }
    const entries = Array.from({ length: count }, () => `${space()}${entry()}${space()}`);
    const comma = count > 0 && random.chance(0.4) ? `,${space()}` : "";
    return `${opening}${entries.join(",")}${count === 0 ? space() : comma}${closing}`;
  };
  const fresh = (): string => {
    comments.push(`c${comments.length} { "x': [`);
    return comments.at(-1) ?? "";
  };
  const value = (depth: number): string => {
    const kind = depth > 3 ? random.whole(0, 2) : random.whole(0, 5);
    if (kind === 0) return random.pick(NUMBERS);
    if (kind === 1) return quoted(random.pick(TEXTS));
    if (kind === 2) return random.pick(["true", "false", "null"]);
    if (kind === 3) return inner(depth, "[", "]", () => value(depth + 1));
    return object(depth);
  };
  const object = (depth: number): string =>
    inner(depth, "{", "}", () => `${key()}${space()}:${isTidy ? " " : space()}${value(depth + 1)}`);

  return { text: `${space()}${object(0)}${space()}`, comments };
}
