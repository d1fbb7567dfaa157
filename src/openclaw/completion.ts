import {
  COMPLETION_HEADERS_TIMEOUT_MS,
  COMPLETION_SILENCE_TIMEOUT_MS,
  COMPLETION_TEXT_MAX_CHARS,
  COMPLETION_TIMEOUT_MS,
} from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import { Deadline } from "../remote/deadline.ts";
import { type Remote, remoteHeaders } from "../remote/headers.ts";
import {
  classifyAnswer,
  classifyError,
  failure,
  type GatewayErrorBody,
  type GatewayFailure,
} from "./errors.ts";
import type { Question } from "./question.ts";
import { replyText } from "./reply.ts";
import { readCompletion } from "./stream.ts";

/** How a completion ended. Plain data, because it crosses RPC. */
export type CompletionOutcome =
  | { kind: "answered"; text: string }
  /**
   * The agent chose to say nothing for people (`no_reply`), or ended without a word (`no_text`), which may also be a run
   * that failed: the gateway tells the two in the same words.
   */
  | { kind: "silent"; reason: "no_reply" | "no_text" }
  | { kind: "failed"; failure: GatewayFailure };

/**
 * Puts one question to an agent and reads the streamed answer. Always streamed: the headers come within milliseconds
 * and free the connection, where without it nothing comes until the run ends. Dropping the connection cancels the run.
 *
 * @param onRun called with the run's id from the first frame, before any text; the id finds the answer in the session's
 *   history after a crash
 * @param stop breaks it off, which is the one way to cancel a run over HTTP
 */
export function complete(
  gateway: Remote,
  question: Question,
  onRun: (runId: string) => void | Promise<void>,
  stop: AbortSignal = new AbortController().signal,
): Promise<CompletionOutcome> {
  // No async function, which would keep the question, with its images, until the answer is there.
  const deadline = new Deadline(COMPLETION_TIMEOUT_MS);
  deadline.allowSilence(COMPLETION_HEADERS_TIMEOUT_MS);
  return answerTo(put(gateway, question, AbortSignal.any([deadline.signal, stop])), deadline, onRun);
}

function put(gateway: Remote, question: Question, signal: AbortSignal): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: headersOf(gateway, question),
    body: JSON.stringify({
      model: `openclaw/${question.agentId}`,
      messages: question.messages,
      stream: true,
    }),
    redirect: "manual",
    signal,
  });
}

async function answerTo(
  asked: Promise<Response>,
  deadline: Deadline,
  onRun: (runId: string) => void | Promise<void>,
): Promise<CompletionOutcome> {
  try {
    const response = await asked;
    if (response.status !== 200) return failed(await classifyAnswer(response));
    if (response.body === null || !isStream(response)) {
      await response.body?.cancel();
      return failed(failure("not_openclaw", "answered something else than a stream", response.status));
    }
    return await readAnswer(response.body, deadline, onRun);
  } catch (error) {
    // The gateway sends headers at once, even to a question that has to wait for its turn. None at all means that it hangs,
    // or that a proxy keeps the answer back until its end.
    if (deadline.expired !== undefined) return failed(failure("no_headers", deadline.expired));
    return failed(failure("unreachable", errorText(error)));
  } finally {
    deadline.end();
  }
}

async function readAnswer(
  body: ReadableStream<Uint8Array>,
  deadline: Deadline,
  onRun: (runId: string) => void | Promise<void>,
): Promise<CompletionOutcome> {
  let text = "";
  let outcome: CompletionOutcome | undefined;
  /** Whoever asked is not there any more. */
  let lost: { error: unknown } | undefined;
  try {
    deadline.allowSilence(COMPLETION_SILENCE_TIMEOUT_MS);
    for await (const step of readCompletion(body)) {
      deadline.allowSilence(COMPLETION_SILENCE_TIMEOUT_MS);
      if (lost !== undefined) throw lost.error;
      switch (step.kind) {
        case "run":
          // Not waited for: it is written down, and the answer would wait for that as well.
          Promise.resolve(onRun(step.runId)).catch((error: unknown) => {
            lost = { error };
          });
          break;
        case "text":
          text += step.text;
          if (text.length > COMPLETION_TEXT_MAX_CHARS)
            return failed(failure("answer_too_long", `over ${COMPLETION_TEXT_MAX_CHARS} characters`, 200));
          break;
        case "finished":
          // Read on to the end: leaving now would drop the connection before the gateway has stored the answer.
          outcome = finished(text);
          break;
        case "error":
          return outcome ?? errorFrame(step.error, text);
      }
    }
  } catch (error) {
    const found =
      deadline.expired === undefined
        ? failure("broken_stream", errorText(error), 200)
        : failure("timed_out", deadline.expired, 200);
    return outcome ?? failed(found);
  }
  return outcome ?? failed(failure("broken_stream", "the stream ended before the answer was finished", 200));
}

function finished(text: string): CompletionOutcome {
  const reply = replyText(text);
  return reply === undefined ? { kind: "silent", reason: "no_reply" } : { kind: "answered", text: reply };
}

/**
 * OpenClaw has no quiet end: an agent that says nothing, or only `NO_REPLY`, is asked once more by the gateway itself
 * and then ends as `internal error` before any text.
 */
function errorFrame(error: GatewayErrorBody, textBefore: string): CompletionOutcome {
  const found = classifyError(200, error);
  return found.reason === "run_failed" && error.message === "internal error" && textBefore === ""
    ? { kind: "silent", reason: "no_text" }
    : failed(found);
}

function headersOf(gateway: Remote, question: Question): Headers {
  return remoteHeaders(gateway, {
    "content-type": "application/json",
    accept: "text/event-stream",
    // Without it OpenClaw takes us for its web chat and offers the model embeds that ClickClack cannot show.
    "x-openclaw-message-channel": "clickclack",
    "x-openclaw-agent-id": question.agentId,
    ...(question.sessionKey !== undefined && { "x-openclaw-session-key": question.sessionKey }),
    ...(question.model !== undefined && { "x-openclaw-model": question.model }),
  });
}

function isStream(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}

function failed(found: GatewayFailure): CompletionOutcome {
  return { kind: "failed", failure: found };
}
