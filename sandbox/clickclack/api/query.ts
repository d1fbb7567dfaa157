import { badRequest } from "../errors.ts";
import { trimSpace } from "../rules/text.ts";
import type { PageRequest } from "../store/message-pages.ts";

const INTEGER = /^[+-]?[0-9]+$/;
const CURSORS = [
  ["before_seq", "before"],
  ["after_seq", "after"],
  ["around_seq", "around"],
] as const;

/**
 * Returns a `limit`. ClickClack does not clamp: what is no integer, not positive or too large gives the default.
 */
export function limitOf(query: URLSearchParams, fallback: number, max: number): number {
  const raw = query.get("limit") ?? "";
  const limit = INTEGER.test(raw) ? Number(raw) : fallback;
  return limit <= 0 || limit > max ? fallback : limit;
}

/** Returns a `limit` where ClickClack does clamp: too large gives the most there is. */
export function clampedLimitOf(query: URLSearchParams, fallback: number, max: number): number {
  return Math.min(limitOf(query, fallback, Number.MAX_SAFE_INTEGER), max);
}

/**
 * Returns which page of messages is asked for: the latest, or one at a single cursor.
 *
 * @throws ApiError 400 `invalid message page request: …`
 */
export function pageOf(query: URLSearchParams): PageRequest {
  const limit = limitOf(query, 100, 200);
  const given = CURSORS.filter(([name]) => query.has(name));
  const windows = given.map(([name, at]) => ({ at, seq: seqOf(name, query.get(name) ?? "") }));
  if (windows.length > 1) throw invalidPage("before_seq, after_seq, and around_seq are mutually exclusive");
  const mode = query.get("mode") ?? "";
  if (mode !== "" && mode !== "latest")
    throw invalidPage(`unsupported message page mode ${JSON.stringify(mode)}`);
  if (mode !== "" && windows.length > 0) throw invalidPage("mode and cursor params are mutually exclusive");
  return { limit, window: windows[0] ?? { at: "latest" } };
}

/** Returns the refusal of a page that cannot be. */
export function invalidPage(detail: string): Error {
  return badRequest(`invalid message page request: ${detail}`);
}

function seqOf(name: string, raw: string): number {
  if (trimSpace(raw) === "") throw invalidPage(`${name} is required`);
  if (!INTEGER.test(raw) || Number(raw) < 0) throw invalidPage(`${name} must be a non-negative integer`);
  return Number(raw);
}
