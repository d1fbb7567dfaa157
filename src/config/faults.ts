import type { Fault } from "./types.ts";

/** Where something stands in the document: keys and list positions, from the root. */
export type Path = readonly PropertyKey[];

/** What a fault says about the document as a whole. */
export const WHOLE_DOCUMENT = "(document)";

/** A key that can stand in a dotted path without quotes. */
const PLAIN_KEY = /^[\w$-]+$/;

/** `["accounts", "a.b", "allowFrom", 1]` → `accounts["a.b"].allowFrom[1]` */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!PLAIN_KEY.test(String(step))) text += `[${JSON.stringify(String(step))}]`;
    else text += text === "" ? String(step) : `.${String(step)}`;
  }
  return text || WHOLE_DOCUMENT;
}

/** Whether a formatted path is the place itself or a part of it. */
export function isWithin(path: string, place: string): boolean {
  return (
    place === WHOLE_DOCUMENT || path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`)
  );
}

/**
 * Says what kind of value it is and never quotes a text or a number: a token may have been put in any place.
 *
 * @param value a value of the document
 */
export function describe(value: unknown): string {
  if (value === undefined) return "not set";
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return { string: "a text", number: "a number" }[typeof value as string] ?? "an object";
}

/** Faults that several accounts inherit from one place are one fault. */
export function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
