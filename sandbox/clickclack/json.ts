import { byCodePoint } from "./rules/text.ts";

const HTML = /[<>&\u2028\u2029]/g;

/**
 * Returns a value as Go's `encoding/json` writes it: `<`, `>`, `&` and the two line separators escaped, `undefined`
 * members left out.
 */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    HTML,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Returns a text in quotes, as Go's `%q` writes it; they differ in characters that nobody can see only. */
export function goQuoted(text: string): string {
  return JSON.stringify(text);
}

/**
 * Returns the value with the keys of every object in it sorted, as Go writes maps. Resource objects keep the order of
 * their fields, so this is for payloads and for the wrapper around a resource.
 */
export function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(sortedEntries(value).map(([key, item]) => [key, sortedDeep(item)]));
}

/** Returns the object with its own keys sorted, and what they hold untouched. */
export function sortedKeys(value: object): Record<string, unknown> {
  return Object.fromEntries(sortedEntries(value));
}

function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
}
