import type { Socket } from "node:net";
import { ApiError } from "../errors.ts";
import { goJson, sortedKeys } from "../json.ts";

/** What goes back to the caller. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
  /** For 101: takes the connection over. */
  readonly upgrade?: (connection: Socket) => void;
}

const JSON_HEADERS = { "Content-Type": "application/json" };

/** Returns an answer whose body is a map: ClickClack's wrappers (`{"event":…,"message":…}`) have sorted keys. */
export function json(status: number, body: object): Answer {
  return struct(status, sortedKeys(body));
}

/** Returns an answer whose body keeps the order of its members. */
export function struct(status: number, body: object): Answer {
  return { status, headers: JSON_HEADERS, body: `${goJson(body)}\n` };
}

/** Returns an answer in plain text, which is what ClickClack's libraries write where its own code does not. */
export function text(status: number, body: string, headers: Answer["headers"] = {}): Answer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers }, body };
}

/** Returns an answer without a body. */
export function empty(status: number, headers: Answer["headers"] = {}): Answer {
  return { status, headers, body: "" };
}

/** Returns the answer to a refusal; anything else that was thrown is a fault of the stand-in and is thrown on. */
export function refusal(error: unknown): Answer {
  if (error instanceof ApiError) return json(error.status, { error: error.message });
  throw error;
}
