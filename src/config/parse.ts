import parse from "json5/lib/parse.js";
import { formatPath, type Path, WHOLE_DOCUMENT } from "./faults.ts";
import type { Fault } from "./types.ts";

/** A document as written, without the keys that nothing may read, and a fault for each of those. */
export interface Parsed {
  /** Undefined when the text is no JSON5. */
  raw: unknown;
  faults: readonly Fault[];
}

/**
 * Reads JSON5. `$include` is OpenClaw's way to pull in other files, which a Worker does not have; `__proto__` would not
 * survive the copies that are made of the document. Both are refused wherever they stand.
 *
 * @param text the document
 */
export function parseDocument(text: string): Parsed {
  try {
    const faults: Fault[] = [];
    return { raw: withoutRefusedKeys(parse(text), [], faults), faults };
  } catch (error) {
    return { raw: undefined, faults: [syntaxFault(error)] };
  }
}

/** The parser's own message quotes a character of the line, which may be one of a token. */
function syntaxFault(error: unknown): Fault {
  const { lineNumber, columnNumber } = error as { lineNumber?: number; columnNumber?: number };
  return {
    path: WHOLE_DOCUMENT,
    found: `a JSON5 syntax error at line ${lineNumber ?? "?"}, column ${columnNumber ?? "?"}`,
    mend: "look there and just before for a comma, quote or bracket that is missing or too much",
  };
}

function withoutRefusedKeys(value: unknown, path: Path, faults: Fault[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutRefusedKeys(item, [...path, index], faults));
  }
  if (typeof value !== "object" || value === null) return value;

  const kept: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const place = [...path, key];
    if (key === "$include") faults.push(includeFault(place));
    else if (key === "__proto__") faults.push(protoFault(place));
    else kept.push([key, withoutRefusedKeys(item, place, faults)]);
  }
  return Object.fromEntries(kept);
}

function includeFault(path: Path): Fault {
  return {
    path: formatPath(path),
    found: "an include, and a Worker has no files",
    mend: "write the included part here in its place",
  };
}

function protoFault(path: Path): Fault {
  return { path: formatPath(path), found: "a key that cannot be used", mend: "choose another name" };
}
