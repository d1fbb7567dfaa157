import type { z } from "zod";
import type { Secret } from "../config/secret.ts";
import type { AccessToken } from "../config/types.ts";
import { retryAfterMs } from "../domain/retry-after.ts";
import { CLICKCLACK_REQUEST_TIMEOUT_MS, CLICKCLACK_RESPONSE_MAX_BYTES } from "../limits.ts";
import { errorText, redact } from "../observe/redact.ts";
import { ClickClackError, classify } from "./errors.ts";
import { ErrorAnswer } from "./wire.ts";

/** One ClickClack server, as one bot. */
export interface ClickClackPeer {
  /** No trailing slash; may have a path, so that every call is base + `/api/…`. */
  apiBaseUrl: string;
  token: Secret;
  access?: AccessToken | undefined;
}

export interface Call<Answer> {
  /** Names the call in errors. */
  operation: string;
  method: "GET" | "POST" | "PUT";
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  answer: z.ZodType<Answer>;
  /** Carried over from the event that caused the call, so that both sides' logs meet. */
  correlationId?: string | undefined;
}

const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * Makes one call with a deadline over all of it, connect to last byte.
 *
 * @throws {ClickClackError} for every way it can fail, an unreadable answer included
 */
export async function request<Answer>(peer: ClickClackPeer, call: Call<Answer>): Promise<Answer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), CLICKCLACK_REQUEST_TIMEOUT_MS);
  let status = 0;
  try {
    const response = await fetch(urlOf(peer, call.path, call.query), {
      method: call.method,
      headers: headersOf(peer, call.correlationId),
      // A redirect could carry the token elsewhere or turn a POST into a GET; ClickClack makes none.
      redirect: "manual",
      signal: deadline.signal,
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    status = response.status;
    const text = await readText(response, call.operation);
    if (!response.ok) throw failed(call.operation, response, text);
    return parseAnswer(call, response, text);
  } catch (error) {
    if (error instanceof ClickClackError) throw error;
    const why = deadline.signal.aborted
      ? `no answer within ${CLICKCLACK_REQUEST_TIMEOUT_MS} ms`
      : errorText(error);
    throw new ClickClackError(call.operation, "unavailable", status, why);
  } finally {
    clearTimeout(timer);
  }
}

export function urlOf(peer: ClickClackPeer, path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `${peer.apiBaseUrl}${path}${search === "" ? "" : `?${search}`}`;
}

/** The scheme word is case-sensitive to ClickClack: `bearer` counts as no token at all. */
export function headersOf(peer: ClickClackPeer, correlationId?: string): Headers {
  const headers = new Headers({
    authorization: `Bearer ${peer.token.reveal()}`,
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": "clickclack-edge",
  });
  if (correlationId !== undefined && CORRELATION_ID.test(correlationId))
    headers.set("x-correlation-id", correlationId);
  if (peer.access !== undefined) {
    headers.set("cf-access-client-id", peer.access.clientId.reveal());
    headers.set("cf-access-client-secret", peer.access.clientSecret.reveal());
  }
  return headers;
}

/** The error that a refused or failed answer means. Also for a handshake that was not upgraded. */
export function failed(operation: string, response: Response, text: string): ClickClackError {
  const said = errorTextOf(text);
  if (response.status < 400)
    return new ClickClackError(
      operation,
      "not_clickclack",
      response.status,
      "redirects; set apiBaseUrl to the final address",
    );
  const { failure, scope } = classify(response.status, said);
  const wait = retryAfterMs(response.headers.get("retry-after"));
  return new ClickClackError(operation, failure, response.status, redact(said), {
    ...(scope !== undefined && { scope }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

function parseAnswer<Answer>(call: Call<Answer>, response: Response, text: string): Answer {
  // Outside /api every path of ClickClack serves its web app, so a wrong base URL answers 200 with HTML.
  if (!(response.headers.get("content-type") ?? "").startsWith("application/json")) {
    const what = `answered ${response.headers.get("content-type") ?? "nothing"} instead of JSON; check baseUrl and apiBaseUrl`;
    throw new ClickClackError(call.operation, "not_clickclack", response.status, what);
  }
  const parsed = call.answer.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new ClickClackError(
    call.operation,
    "not_clickclack",
    response.status,
    `unexpected answer at: ${where}`,
  );
}

function errorTextOf(text: string): string {
  const parsed = ErrorAnswer.safeParse(parseJson(text));
  // An edge before the server answers in HTML; its text helps nobody.
  return parsed.success ? parsed.data.error : "no JSON error body";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(response: Response, operation: string): Promise<string> {
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
