import * as z from "zod/mini";
import { type Document, documentSchema } from "./document.ts";
import { describe, formatPath, type Path } from "./faults.ts";
import { nearest } from "./nearest.ts";
import type { Fault } from "./types.ts";

/** What the schema makes of a document. */
export interface Checked {
  /** The document without the parts that are at fault, so that the rest can be looked at too. */
  document: Document;
  faults: readonly Fault[];
}

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType | undefined;
type Container = Record<PropertyKey, unknown>;

/** A wrong choice that is quoted. Tokens have digits or underscores, or are longer. */
const PLAIN_WORD = /^[a-z][a-z-]{0,23}$/i;

/** Keys under `channels` of which there is more to say than that they are unknown. */
const KNOWN_MISTAKES = new Map([
  ["timeoutSeconds", "remove it: OpenClaw has retired this key"],
  ["historyLimit", "move it to channels.clickclack, where it counts for every account"],
]);

/**
 * Checks the whole document and goes on after a fault, so that all of them are reported together.
 *
 * @param raw the document as written; faults describe this one, since a filled-in variable may be a secret
 * @param filled the same document with its variables filled in; parts that are at fault are taken out of it
 */
export function checkDocument(raw: unknown, filled: unknown): Checked {
  const result = documentSchema.safeParse(filled);
  if (result.success) return { document: result.data, faults: [] };

  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, raw));
  for (const issue of result.error.issues) takeOut(filled, issue);
  return { document: documentSchema.safeParse(filled).data ?? {}, faults };
}

/**
 * @param path a place in the document
 * @returns the keys that the schema knows there; none where it does not look
 */
export function keysAt(path: Path): string[] {
  const place = path.reduce<Schema>((schema, step) => partOf(required(schema), step), documentSchema);
  const schema = required(place);
  return schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : [];
}

function partOf(schema: Schema, step: PropertyKey): Schema {
  if (schema instanceof z.ZodMiniRecord) return schema.def.valueType;
  return schema instanceof z.ZodMiniObject ? schema.shape[String(step)] : undefined;
}

function required(schema: Schema): Schema {
  const isWrapped = schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniCatch;
  return isWrapped ? required(schema.def.innerType) : schema;
}

function faultsOf(issue: Issue, raw: unknown): Fault[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(issue.path, key));
  return [
    { path: formatPath(issue.path), found: found(issue, partAt(raw, issue.path)), mend: issue.message },
  ];
}

function unknownKey(path: Path, key: string): Fault {
  const meant = nearest(key, keysAt(path));
  const mistake = path[0] === "channels" ? KNOWN_MISTAKES.get(key) : undefined;
  const guess = meant === undefined ? "remove it" : `did you mean ${meant}? Otherwise remove it`;
  return { path: formatPath([...path, key]), found: "an unknown key", mend: mistake ?? guess };
}

/** Quotes only what cannot be a secret: a number where one belongs, a plain word among choices. */
function found(issue: Issue, value: unknown): string {
  const wantsNumber =
    issue.code === "too_small" ||
    (issue.code === "invalid_type" && ["number", "int"].includes(issue.expected));
  if (wantsNumber && typeof value === "number") return String(value);
  const isWord = issue.code === "invalid_value" && typeof value === "string" && PLAIN_WORD.test(value);
  return isWord ? `"${value}"` : describe(value);
}

/** An unknown key goes; a wrong value becomes unset and keeps its key, which shows what follows from it. */
function takeOut(document: unknown, issue: Issue): void {
  if (issue.code === "unrecognized_keys") {
    const container = partAt(document, issue.path);
    for (const key of issue.keys) delete (container as Container)[key];
    return;
  }
  // A wrong item takes its list along: the rest of an allowlist is not what was meant.
  const item = issue.path.findIndex((step) => typeof step === "number");
  const path = item < 0 ? issue.path : issue.path.slice(0, item);
  const key = path.at(-1);
  if (key === undefined) return;
  const isObject = issue.code === "invalid_type" && issue.expected === "object";
  (partAt(document, path.slice(0, -1)) as Container)[key] = isObject ? {} : undefined;
}

function partAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, step) => (part as Container)[step], document);
}
