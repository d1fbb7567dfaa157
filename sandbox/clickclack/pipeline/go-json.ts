import { badRequest } from "../errors.ts";

/** A decoded JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const LITERALS = ["true", "false", "null"];
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const PLAIN_RUN = /[^"\\]*/y;
const SPACE_RUN = /[ \t\r\n]*/y;

/**
 * Reads a request body that must hold exactly one JSON value.
 *
 * ClickClack passes on the texts of Go's decoder: `EOF` for nothing, `unexpected EOF` for a value that breaks off, the
 * offending character otherwise. It does not look at the content type.
 *
 * @throws ApiError 400 with that text
 */
export function readSingleValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest(new FaultFinder(text).find());
  }
}

/**
 * Reads a text that must be one JSON value from its beginning to its end.
 *
 * Go has another function for that than for request bodies, with another text for what breaks off.
 *
 * @throws ApiError 400 with Go's text
 */
export function unmarshal(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest(new FaultFinder(text).findInWhole());
  }
}

/** Walks through a body that is no single JSON value, to say of it what Go would. */
class FaultFinder {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  find(): string {
    this.#skip(SPACE_RUN);
    if (this.#next() === undefined) return "EOF";
    try {
      this.#value();
      this.#value();
    } catch (fault) {
      return String(fault);
    }
    return "json request body must contain a single JSON value";
  }

  findInWhole(): string {
    const fault = this.#firstFault();
    return fault.endsWith("EOF") ? "unexpected end of JSON input" : fault;
  }

  #firstFault(): string {
    try {
      this.#value();
      return this.#fault("after top-level value");
    } catch (fault) {
      return String(fault);
    }
  }

  #value(): void {
    this.#skip(SPACE_RUN);
    const next = this.#next();
    if (next === "{") this.#members("}", "after object key:value pair", () => this.#member());
    else if (next === "[") this.#members("]", "after array element", () => this.#value());
    else if (next === '"') this.#string();
    else if (!this.#skip(NUMBER)) this.#literal();
    this.#skip(SPACE_RUN);
  }

  #members(end: string, context: string, member: () => void): void {
    this.#at++;
    this.#skip(SPACE_RUN);
    if (this.#next() === end) {
      this.#at++;
      return;
    }
    for (;;) {
      member();
      const next = this.#next();
      if (next !== end && next !== ",") throw this.#fault(context);
      this.#at++;
      if (next === end) return;
    }
  }

  #member(): void {
    this.#skip(SPACE_RUN);
    if (this.#next() !== '"') throw this.#fault("looking for beginning of object key string");
    this.#string();
    this.#skip(SPACE_RUN);
    if (this.#next() !== ":") throw this.#fault("after object key");
    this.#at++;
    this.#value();
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const start = this.#at;
      this.#skip(PLAIN_RUN);
      const control = [...this.#text.slice(start, this.#at)].findIndex((character) => character < " ");
      if (control >= 0) {
        this.#at = start + control;
        throw this.#fault("in string literal");
      }
      if (this.#next() === '"') break;
      if (!this.#skip(ESCAPE)) {
        this.#at++;
        throw this.#fault("in string escape code");
      }
    }
    this.#at++;
  }

  #literal(): void {
    const word = LITERALS.find((literal) => literal[0] === this.#next());
    if (word === undefined) {
      if (this.#next() !== "-") throw this.#fault("looking for beginning of value");
      this.#at++;
      throw this.#fault("in numeric literal");
    }
    for (const letter of word) {
      if (this.#next() !== letter) throw this.#fault(`in literal ${word} (expecting '${letter}')`);
      this.#at++;
    }
  }

  #next(): string | undefined {
    return this.#text[this.#at];
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #fault(context: string): string {
    const character = this.#next();
    return character === undefined ? "unexpected EOF" : `invalid character ${quoted(character)} ${context}`;
  }
}

function quoted(character: string): string {
  if (character === "'" || character === "\\") return `'\\${character}'`;
  return character === '"' ? `'"'` : `'${JSON.stringify(character).slice(1, -1)}'`;
}
