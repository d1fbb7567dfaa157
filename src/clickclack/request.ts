import * as z from "zod/mini";
import { parseJson } from "../domain/json.ts";
import { retryAfterMs } from "../domain/retry-after.ts";
import { CLICKCLACK_REQUEST_TIMEOUT_MS, CLICKCLACK_RESPONSE_MAX_BYTES } from "../limits.ts";
import { errorText, redact } from "../observe/redact.ts";
import { Deadline } from "../remote/deadline.ts";
import { type Remote, remoteHeaders } from "../remote/headers.ts";
import { ClickClackError, classify } from "./errors.ts";
import { ErrorAnswer } from "./wire.ts";

export interface Call<Answer> {
  /** Names the call in errors. */
  operation: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** A body that is not JSON. */
  form?: { contentType: string; body: ReadableStream<Uint8Array> | Uint8Array };
  /** Breaks the call off, as its deadline does. */
  signal?: AbortSignal;
  /** Of the whole call, milliseconds, where it is not that of all others. */
  timeoutMs?: number;
  answer: z.core.$ZodType<Answer>;
}

/**
 * Makes one call with a deadline over all of it, connect to last byte.
 *
 * @throws {ClickClackError} for every way it can fail, an unreadable answer included
 */
export async function request<Answer>(remote: Remote, call: Call<Answer>): Promise<Answer> {
  const deadline = new Deadline(call.timeoutMs ?? CLICKCLACK_REQUEST_TIMEOUT_MS);
  let status = 0;
  try {
    const response = await fetch(urlOf(remote, call.path, call.query), {
      method: call.method,
      headers: remoteHeaders(remote, {
        accept: "application/json",
        "content-type": call.form?.contentType ?? "application/json",
      }),
      // A redirect could carry the token elsewhere or turn a POST into a GET; ClickClack makes none.
      redirect: "manual",
      signal: call.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, call.signal]),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(call.form !== undefined && { body: call.form.body }),
    });
    status = response.status;
    const text = await readText(response, call.operation);
    if (!response.ok) throw refusal(call.operation, response, text);
    return parseAnswer(call, response, text);
  } catch (error) {
    if (error instanceof ClickClackError) throw error;
    throw new ClickClackError(call.operation, "unavailable", status, deadline.expired ?? errorText(error));
  } finally {
    deadline.end();
  }
}

/** The address of a path: always base + `/api/…`, because the base may have a path of its own. */
export function urlOf(remote: Remote, path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `${remote.url}${path}${search === "" ? "" : `?${search}`}`;
}

/** The error that a refused or failed answer means. Also for a handshake that was not upgraded. */
export function refusal(operation: string, response: Response, text: string): ClickClackError {
  const { status } = response;
  if (status < 400) {
    const mend = "redirects; set apiBaseUrl to the final address";
    return new ClickClackError(operation, "not_clickclack", status, mend);
  }
  const said = ErrorAnswer.safeParse(parseJson(text)).data?.error;
  const { failure, scope } = classify(status, said);
  const wait = retryAfterMs(response.headers.get("retry-after"));
  return new ClickClackError(operation, failure, status, redact(said ?? "without ClickClack's JSON error"), {
    ...(scope !== undefined && { scope }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

function parseAnswer<Answer>(call: Call<Answer>, response: Response, text: string): Answer {
  // Outside /api every path of ClickClack serves its web app, so a wrong base URL answers 200 with HTML.
  const type = response.headers.get("content-type") ?? "nothing";
  if (!type.startsWith("application/json")) {
    const what = `answered ${type} instead of JSON; check baseUrl and apiBaseUrl`;
    throw new ClickClackError(call.operation, "not_clickclack", response.status, what);
  }
  const parsed = z.safeParse(call.answer, parseJson(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join(".") || "its root").join(", ");
  throw new ClickClackError(
    call.operation,
    "not_clickclack",
    response.status,
    `unexpected answer at: ${where}`,
  );
}

/**
 * Reads an answer that is no file.
 *
 * @throws {ClickClackError} when it is larger than any of ClickClack's; whatever the network throws
 */
export async function readText(response: Response, operation: string): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > CLICKCLACK_RESPONSE_MAX_BYTES)
      throw new ClickClackError(operation, "not_clickclack", response.status, "the answer is too large");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
