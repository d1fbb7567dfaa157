import { afterEach, describe, expect, test, vi } from "vitest";
import { Secret } from "../../../src/config/secret.ts";
import {
  COMPLETION_HEADERS_TIMEOUT_MS,
  COMPLETION_SILENCE_TIMEOUT_MS,
  COMPLETION_TEXT_MAX_CHARS,
  COMPLETION_TIMEOUT_MS,
} from "../../../src/limits.ts";
import { type CompletionOutcome, complete } from "../../../src/openclaw/completion.ts";
import type { Question } from "../../../src/openclaw/question.ts";
import { answerWith, requestsSeen } from "../fetched.ts";
import { bodyOf, brokenAfter, frame, silentAfter, streamed } from "./bodies.ts";
import { recordedResponse } from "./recording.ts";

const PEER: Parameters<typeof complete>[0] = {
  url: "https://gateway.example.com/base",
  token: new Secret("gateway-token"),
};
const QUESTION: Question = { agentId: "support", messages: [{ role: "user", content: "hello" }] };

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const runs: string[] = [];

async function ask(question = QUESTION, peer = PEER): Promise<CompletionOutcome> {
  runs.length = 0;
  return complete(peer, question, (runId) => void runs.push(runId));
}

function stream(body: string | ReadableStream<Uint8Array>): Response {
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

describe("as sent", () => {
  test("a question names its agent twice, streams, and says that it comes from ClickClack", async () => {
    answerWith(stream(streamed("hi")));
    await ask();
    const [sent, ...more] = requestsSeen();
    expect(more).toEqual([]);
    expect(sent).toMatchObject({
      url: "https://gateway.example.com/base/v1/chat/completions",
      method: "POST",
      redirect: "manual",
    });
    expect(JSON.parse(String(sent?.body))).toEqual({
      model: "openclaw/support",
      messages: [{ role: "user", content: "hello" }],
      stream: true,
    });
    expect(sent?.headers).toEqual({
      authorization: "Bearer gateway-token",
      accept: "text/event-stream",
      "content-type": "application/json",
      "user-agent": "clickclack-edge",
      "x-openclaw-message-channel": "clickclack",
      "x-openclaw-agent-id": "support",
    });
  });

  test("a session, a model and an access token go along in headers", async () => {
    answerWith(stream(streamed("hi")));
    const access = { clientId: new Secret("id.access"), clientSecret: new Secret("shh") };
    await ask({ ...QUESTION, sessionKey: "agent:support:main", model: "fake/small" }, { ...PEER, access });
    expect(requestsSeen()[0]?.headers).toMatchObject({
      "x-openclaw-session-key": "agent:support:main",
      "x-openclaw-model": "fake/small",
      "cf-access-client-id": "id.access",
      "cf-access-client-secret": "shh",
    });
  });
});

describe("an answer", () => {
  test("is the whole text, once the gateway has finished it", async () => {
    answerWith(
      stream(bodyOf(frame.role, frame.text("Hello "), frame.text("Ada."), frame.finish(), frame.done)),
    );
    expect(await ask()).toEqual({ kind: "answered", text: "Hello Ada." });
    expect(runs).toEqual(["chatcmpl_1"]);
  });

  test.each([
    ["02-stream-ok", "pong #2"],
    ["03-stream-ok-usage", "pong #3"],
    ["50-stream-trailing-NO_REPLY", "An actual answer"],
    ["53-stream-HEARTBEAT_OK", "HEARTBEAT_OK"],
  ])("of the recording %s is %j", async (name, text) => {
    answerWith(recordedResponse(name));
    expect(await ask()).toEqual({ kind: "answered", text });
    expect(runs).toEqual([expect.stringMatching(/^chatcmpl_[0-9a-f-]{36}$/)]);
  });

  test("that was finished counts, even when the connection breaks before the end", async () => {
    answerWith(stream(brokenAfter(`${frame.role}${frame.text("hi")}${frame.finish()}`)));
    expect(await ask()).toEqual({ kind: "answered", text: "hi" });
  });

  test("is read to its end, because leaving earlier would drop the connection", async () => {
    const cancelled = vi.fn();
    let pulled = 0;
    const pieces = [frame.role, frame.text("hi"), frame.finish(), frame.done];
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => controller.enqueue(new TextEncoder().encode(pieces[pulled++] ?? "")),
        cancel: cancelled,
      },
      { highWaterMark: 0 },
    );
    answerWith(stream(body));
    expect(await ask()).toEqual({ kind: "answered", text: "hi" });
    expect(pulled).toBeGreaterThanOrEqual(pieces.length);
  });

  test("is read on while its run is noted, which nobody waits for", async () => {
    answerWith(stream([frame.role, frame.text("hi"), frame.finish(), frame.done].join("")));
    const noted = Promise.withResolvers<void>();
    expect(await complete(PEER, QUESTION, () => noted.promise)).toEqual({ kind: "answered", text: "hi" });
    noted.resolve();
  });

  test("is broken off, and with it the run, when there is nobody to note it", async () => {
    let isCancelled = false;
    const pieces = [frame.role, ...Array.from({ length: 100 }, () => frame.text("hi"))];
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          // As on a wire: others get on with their work between two pieces.
          await new Promise((resolve) => setTimeout(resolve));
          controller.enqueue(new TextEncoder().encode(pieces.shift() ?? frame.finish()));
        },
        cancel() {
          isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    answerWith(stream(body));
    const outcome = await complete(PEER, QUESTION, () => Promise.reject(new Error("the object is gone")));
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: { reason: "broken_stream", detail: expect.stringContaining("the object is gone") },
    });
    expect(isCancelled).toBe(true);
    expect(pieces.length).toBeGreaterThan(90);
  });
});

describe("the agent was silent", () => {
  test.each([
    "46-stream-provider-empty",
    "47-stream-NO_REPLY",
    "52-stream-whitespace-only",
    "54-stream-no_reply-lower",
  ])("in the recording %s, which ended without a word", async (name) => {
    answerWith(recordedResponse(name));
    expect(await ask()).toEqual({ kind: "silent", reason: "no_text" });
  });

  test("in the recording 51-stream-media-only, which had nothing for people", async () => {
    answerWith(recordedResponse("51-stream-media-only"));
    expect(await ask()).toEqual({ kind: "silent", reason: "no_reply" });
  });

  test.each(["NO_REPLY", "", "No response from OpenClaw."])("when it says %j", async (text) => {
    answerWith(stream(streamed(text)));
    expect(await ask()).toEqual({ kind: "silent", reason: "no_reply" });
  });
});

/** The failure of an outcome. */
function failureOf(outcome: CompletionOutcome): object {
  if (outcome.kind !== "failed") throw new Error(`not failed: ${JSON.stringify(outcome)}`);
  return outcome.failure;
}

describe("an error within the stream", () => {
  test.each<[string, string, number?]>([
    ["40-stream-provider-500", "provider_failed"],
    ["42b-stream-after-provider-401-cooldown", "run_failed"],
    ["42c-stream-provider-402", "provider_refused"],
    ["43-stream-provider-400", "request_refused"],
    ["44-stream-provider-404", "request_refused"],
    ["45-stream-provider-dies-midstream", "provider_failed"],
    ["141-stream-agent-timeout", "run_failed"],
  ])("of the recording %s is a failure: %s", async (name, reason) => {
    answerWith(recordedResponse(name));
    expect(failureOf(await ask())).toMatchObject({ reason, status: 200 });
    expect(runs).toHaveLength(1);
  });

  test("after some text is no silence, and the text is not an answer", async () => {
    const body = `${frame.role}${frame.text("Let me see")}${frame.error("internal error", "api_error")}${frame.done}`;
    answerWith(stream(body));
    expect(failureOf(await ask())).toMatchObject({ reason: "run_failed", detail: "internal error" });
  });

  test("without a type or a message is a failure like any other", async () => {
    answerWith(stream(`${frame.role}data: {"error":{}}\n\n${frame.done}`));
    expect(failureOf(await ask())).toMatchObject({ reason: "not_openclaw", status: 200 });
  });

  test("of the provider is no silence, even before any text", async () => {
    answerWith(stream(`${frame.role}${frame.error("upstream provider error", "api_error")}${frame.done}`));
    expect(failureOf(await ask())).toMatchObject({ reason: "provider_failed" });
  });
});

describe("a stream that is cut", () => {
  test.each([
    ["before anything", ""],
    ["after its first frame", frame.role],
    ["after some text", `${frame.role}${frame.text("half an ans")}`],
    [
      "before the frame that finishes it is whole",
      `${frame.role}${frame.text("hi")}${frame.finish().trimEnd()}`,
    ],
    ["by a [DONE] without an end", `${frame.role}${frame.text("hi")}${frame.done}`],
  ])("%s brings no answer", async (_when, text) => {
    answerWith(stream(bodyOf(text)));
    expect(failureOf(await ask())).toMatchObject({
      reason: "broken_stream",
      status: 200,
      detail: "the stream ended before the answer was finished",
    });
  });

  test("by a broken connection says so", async () => {
    answerWith(stream(brokenAfter(`${frame.role}${frame.text("half")}`)));
    expect(failureOf(await ask())).toMatchObject({
      reason: "broken_stream",
      detail: "Network connection lost.",
    });
    expect(runs).toEqual(["chatcmpl_1"]);
  });

  test("by what is no frame of OpenClaw's is broken", async () => {
    answerWith(stream(`${frame.role}data: oops\n\n`));
    expect(failureOf(await ask())).toMatchObject({ reason: "broken_stream", status: 200 });
  });
});

describe("an answer that is no stream", () => {
  test("is not OpenClaw's, even when it is a completion", async () => {
    answerWith(recordedResponse("01-nonstream-ok"));
    expect(failureOf(await ask())).toMatchObject({ reason: "not_openclaw", status: 200 });
  });

  test("is told by its status and error", async () => {
    answerWith(recordedResponse("99-err-draining-503"));
    expect(failureOf(await ask())).toMatchObject({ reason: "draining", status: 503, retryAfterMs: 1_000 });
    answerWith(recordedResponse("10-err-bad-token"));
    expect(failureOf(await ask())).toMatchObject({
      reason: "gateway_unauthorized",
      status: 401,
      mend: expect.stringContaining("gateway.remote.token"),
    });
  });

  test("of an access proxy's sign-in page is not followed", async () => {
    answerWith(new Response(null, { status: 302, headers: { location: "https://login.example.com/" } }));
    expect(failureOf(await ask())).toMatchObject({ reason: "not_openclaw", status: 302 });
  });
});

test("more text than anybody reads is no answer", async () => {
  const half = "x".repeat(COMPLETION_TEXT_MAX_CHARS / 2);
  answerWith(stream(bodyOf(frame.role, frame.text(half), frame.text(half), frame.finish(), frame.done)));
  expect(await ask()).toMatchObject({ kind: "answered" });
  answerWith(
    stream(
      bodyOf(frame.role, frame.text(half), frame.text(half), frame.text("x"), frame.finish(), frame.done),
    ),
  );
  expect(failureOf(await ask())).toMatchObject({
    reason: "answer_too_long",
    detail: expect.stringMatching(/^over \d+ characters$/),
  });
});

test("a gateway that is not reached is a failure whose text has no token", async () => {
  answerWith(new TypeError("fetch failed: Bearer gateway-token"));
  expect(failureOf(await ask())).toEqual({
    reason: "unreachable",
    status: 0,
    detail: "fetch failed: Bearer [secret]",
  });
});

describe("it gives up", () => {
  test("when no headers come", async () => {
    vi.useFakeTimers();
    answerWith("never");
    const outcome = ask();
    await vi.advanceTimersByTimeAsync(COMPLETION_HEADERS_TIMEOUT_MS - 1);
    expect(requestsSeen()[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(failureOf(await outcome)).toMatchObject({
      reason: "no_headers",
      status: 0,
      detail: `nothing came for ${COMPLETION_HEADERS_TIMEOUT_MS} ms`,
    });
  });

  test("when the stream falls silent, which drops the connection and cancels the run", async () => {
    vi.useFakeTimers();
    answerWith(stream(silentAfter(`${frame.role}${frame.text("half")}`)));
    const outcome = ask();
    await vi.advanceTimersByTimeAsync(COMPLETION_SILENCE_TIMEOUT_MS - 1);
    expect(requestsSeen()[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(failureOf(await outcome)).toMatchObject({
      reason: "timed_out",
      status: 200,
      detail: `nothing came for ${COMPLETION_SILENCE_TIMEOUT_MS} ms`,
    });
    expect(requestsSeen()[0]?.signal.aborted).toBe(true);
  });

  test("when a stream that never falls silent goes on too long", async () => {
    vi.useFakeTimers();
    answerWith(stream(chattering(COMPLETION_SILENCE_TIMEOUT_MS / 2)));
    const outcome = ask();
    await vi.advanceTimersByTimeAsync(COMPLETION_TIMEOUT_MS - 1);
    expect(requestsSeen()[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(failureOf(await outcome)).toMatchObject({
      reason: "timed_out",
      detail: `not finished within ${COMPLETION_TIMEOUT_MS} ms`,
    });
  });

  test("but keeps what was finished before", async () => {
    vi.useFakeTimers();
    answerWith(stream(silentAfter(`${frame.role}${frame.text("hi")}${frame.finish()}`)));
    const outcome = ask();
    await vi.advanceTimersByTimeAsync(COMPLETION_SILENCE_TIMEOUT_MS);
    expect(await outcome).toEqual({ kind: "answered", text: "hi" });
  });

  test("and leaves no timer behind, however it ends", async () => {
    vi.useFakeTimers();
    const answers = [stream(streamed("hi")), recordedResponse("10-err-bad-token"), new Error("lost")];
    for (const answer of answers) {
      answerWith(answer);
      await ask();
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});

/** A stream that says a word at each interval, for ever. */
function chattering(intervalMs: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(frame.role));
      const say = () => {
        controller.enqueue(encoder.encode(frame.text("word ")));
        if (requestsSeen()[0]?.signal.aborted === false) setTimeout(say, intervalMs);
      };
      setTimeout(say, intervalMs);
    },
  });
}
