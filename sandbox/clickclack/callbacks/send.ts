import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { brokenOff, unanswered } from "./go-errors.ts";
import type { CallbackRequest } from "./request.ts";

const ANSWER_MAX_BYTES = 65_536;

/** How a callback came out. */
export interface CallbackOutcome {
  /** 0 when nothing was answered. */
  readonly status: number;
  /** The first 64 KiB of the answer; empty when it broke off. */
  readonly body: string;
  /** Empty when the answer was a whole one with a 2xx. */
  readonly error: string;
}

/** How a callback is made. */
export interface SendOptions {
  /** How long all of it may take, from connecting to the end of the answer. */
  readonly timeoutMs: number;
  /** Ends it at once: the one who waits for it has gone. */
  readonly signal: AbortSignal;
  /** What the outcome says of an answer that is no 2xx. */
  readonly failure: string;
}

/**
 * Makes a callback, once: nothing is tried again, and no redirect is followed. It never throws; what went wrong is in the
 * outcome, in Go's words.
 *
 * This reaches addresses of this machine, and only so can it be tested. ClickClack calls public addresses alone, unless
 * it was built with the tag `clickclack_e2e_unsafe_callbacks`.
 */
export async function sendCallback(
  callback: CallbackRequest,
  { timeoutMs, signal, failure }: SendOptions,
): Promise<CallbackOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let answer: IncomingMessage;
  try {
    answer = await open(callback, AbortSignal.any([timeout, signal]));
  } catch (error) {
    return { status: 0, body: "", error: unanswered(callback.url, error, timeout.aborted) };
  }
  const status = answer.statusCode ?? 0;
  try {
    const body = await readStart(unzipped(answer));
    return { status, body, error: status >= 200 && status <= 299 ? "" : failure };
  } catch (error) {
    return { status, body: "", error: brokenOff(error, timeout.aborted) };
  }
}

/** Sends a callback on a connection of its own, and returns its answer as soon as that begins. */
function open({ url, headers, body }: CallbackRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.toLowerCase().startsWith("https:") ? httpsRequest : httpRequest;
    const sending = request(url, { method: "POST", headers, signal, agent: false }, resolve);
    // Go does not send it, and a receiver might look.
    sending.removeHeader("Connection");
    sending.on("error", reject);
    sending.end(body);
  });
}

/** Go's client asked for gzip by itself, so it also unpacks it. */
function unzipped(answer: IncomingMessage): Readable {
  if (answer.headers["content-encoding"]?.toLowerCase() !== "gzip") return answer;
  return pipeline(answer, createGunzip(), () => {
    // Whoever reads the end of the pipe gets its errors.
  });
}

/** Reads what is wanted of an answer; what is beyond breaks the connection. */
async function readStart(answer: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= ANSWER_MAX_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_MAX_BYTES).toString();
}
