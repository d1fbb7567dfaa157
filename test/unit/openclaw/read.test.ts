import { afterEach, describe, expect, test, vi } from "vitest";
import { Secret } from "../../../src/config/secret.ts";
import { GATEWAY_REQUEST_TIMEOUT_MS } from "../../../src/limits.ts";
import { onlyAgent, recoverRun, runFailed } from "../../../src/openclaw/read.ts";
import { answerWith, requestsSeen } from "../fetched.ts";
import { recordedResponse } from "./recording.ts";

const PEER: Parameters<typeof recoverRun>[0] = {
  url: "https://gateway.example.com",
  token: new Secret("gateway-token"),
};
const SESSION = "agent:main:clickclack:channel:channel:chn_general";
const RUN = "chatcmpl_ee3d8c22-512f-44bb-9fab-f09aa57ebab8";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("the gateway's only agent", () => {
  function models(...ids: string[]): Response {
    return Response.json({ object: "list", data: ids.map((id) => ({ id, object: "model" })) });
  }

  test("is the one listed beside the two that are always there", async () => {
    answerWith(recordedResponse("26-models"));
    expect(await onlyAgent(PEER)).toEqual({ kind: "agent", agentId: "main" });
    expect(requestsSeen()).toMatchObject([
      { url: "https://gateway.example.com/v1/models", method: "GET", redirect: "manual" },
    ]);
    expect(requestsSeen()[0]?.headers.authorization).toBe("Bearer gateway-token");
  });

  test("is not guessed among several", async () => {
    answerWith(models("openclaw", "openclaw/default", "openclaw/main", "openclaw/support"));
    expect(await onlyAgent(PEER)).toEqual({
      kind: "failed",
      failure: {
        reason: "agent_ambiguous",
        status: 0,
        detail: "the gateway has main, support",
        mend: "the gateway has several agents: set agentId on the account",
      },
    });
  });

  test("is missing where none is listed", async () => {
    answerWith(models("openclaw", "openclaw/default", "gpt-4o"));
    expect(await onlyAgent(PEER)).toMatchObject({
      kind: "failed",
      failure: { reason: "agent_ambiguous", detail: "the gateway lists no agent" },
    });
  });

  test.each<[string, Response | Error, object]>([
    ["a wrong token", recordedResponse("10-err-bad-token"), { reason: "gateway_unauthorized", status: 401 }],
    ["a gateway without the endpoint", recordedResponse("25-err-path-404"), { reason: "endpoint_off" }],
    [
      "an answer of another shape",
      Response.json({ models: [] }),
      { reason: "not_openclaw", status: 200, detail: "unexpected answer of /v1/models" },
    ],
    ["HTML", new Response("<html>"), { reason: "not_openclaw", status: 200 }],
    ["no answer", new Error("Network connection lost."), { reason: "unreachable", status: 0 }],
  ])("stays unknown after %s", async (_what, answer, failure) => {
    answerWith(answer);
    expect(await onlyAgent(PEER)).toMatchObject({ kind: "failed", failure });
  });

  test("is not waited for longer than the deadline", async () => {
    vi.useFakeTimers();
    answerWith("never");
    const outcome = onlyAgent(PEER);
    await vi.advanceTimersByTimeAsync(GATEWAY_REQUEST_TIMEOUT_MS - 1);
    expect(requestsSeen()[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const detail = `not finished within ${GATEWAY_REQUEST_TIMEOUT_MS} ms`;
    expect(await outcome).toMatchObject({ kind: "failed", failure: { reason: "unreachable", detail } });
    expect(vi.getTimerCount()).toBe(0);
  });
});

interface Item {
  role?: string;
  content: unknown;
  stopReason?: string;
  runId?: string;
}

/** A session's history as the gateway gives it. An item is an assistant's of our run that stopped by itself, unless it says otherwise. */
function history(...items: Item[]): Response {
  return Response.json({
    sessionKey: SESSION,
    items: items.map((item) => ({
      role: item.role ?? "assistant",
      content: item.content,
      ...("stopReason" in item ? item.stopReason && { stopReason: item.stopReason } : { stopReason: "stop" }),
      __openclaw: {
        id: "1",
        seq: 1,
        ...("runId" in item ? item.runId && { runId: item.runId } : { runId: RUN }),
      },
    })),
    hasMore: false,
  });
}

function said(text: string): { type: string; text: string }[] {
  return [{ type: "text", text }];
}

describe("what became of a lost run", () => {
  test("is looked up in its session's newest items", async () => {
    answerWith(recordedResponse("108-history-endpoint"));
    expect(await recoverRun(PEER, SESSION, RUN)).toEqual({ kind: "answered", text: "pong #4" });
    expect(requestsSeen()[0]?.url).toBe(
      `https://gateway.example.com/sessions/${encodeURIComponent(SESSION)}/history?limit=50`,
    );
  });

  test("is nothing, where the recorded gateway had cancelled it", async () => {
    answerWith(recordedResponse("91-stream-after-disconnect-history"));
    expect(await recoverRun(PEER, SESSION, RUN)).toEqual({ kind: "absent" });
  });

  test("is nothing in a session that does not exist", async () => {
    answerWith(recordedResponse("s2-history-404"));
    expect(await recoverRun(PEER, SESSION, RUN)).toEqual({ kind: "absent" });
  });

  test.each<[string, string, Item[]]>([
    ["a text", "done", [{ content: "done" }]],
    ["parts", "done it", [{ content: [...said("done "), { type: "toolCall", name: "x" }, ...said("it")] }]],
    ["one that hit the length limit", "done", [{ content: said("done"), stopReason: "length" }]],
    ["the last of several", "second", [{ content: said("first") }, { content: said("second") }]],
    [
      "the last that has text",
      "first",
      [{ content: said("first") }, { content: said(" ") }, { content: [] }],
    ],
    [
      "the one after a tool call",
      "done",
      [
        { content: said("Let me look."), stopReason: "" },
        { role: "toolResult", content: said("42") },
        { content: said("done") },
      ],
    ],
    [
      "one before a failed attempt",
      "done",
      [{ content: said("done") }, { content: said("500"), stopReason: "error" }],
    ],
    [
      "one among other runs'",
      "ours",
      [{ content: said("ours") }, { content: said("theirs"), runId: "chatcmpl_2" }],
    ],
    ["one with a closing NO_REPLY line", "done", [{ content: said("done\n\nNO_REPLY") }]],
  ])("is the answer: %s", async (_what, text, items) => {
    answerWith(history({ role: "user", content: "hi", runId: "", stopReason: "" }, ...items));
    expect(await recoverRun(PEER, SESSION, RUN)).toEqual({ kind: "answered", text });
  });

  test.each<[string, Item[]]>([
    ["a provider's error", [{ content: said("500 fake 500"), stopReason: "error" }]],
    ["a run that timed out", [{ content: said("w0 w1"), stopReason: "aborted" }]],
    ["what was said before a tool call", [{ content: said("Let me look."), stopReason: "" }]],
    ["a tool call that is still to run", [{ content: said("Let me look."), stopReason: "toolUse" }]],
    ["empty attempts", [{ content: [] }, { content: said(" \n") }, { content: "" }]],
    ["a text that the history has cut", [{ content: said(`${"x".repeat(8_000)}\n...(truncated)...`) }]],
    ["a cut text after a whole one", [{ content: said("first") }, { content: said("x...(truncated)...") }]],
    ["silence", [{ content: said("NO_REPLY") }]],
    ["the stand-in for no text", [{ content: said("No response from OpenClaw.") }]],
    ["another run", [{ content: said("theirs"), runId: "chatcmpl_2" }]],
    ["an item of no run", [{ content: said("theirs"), runId: "" }]],
    ["what a person said", [{ role: "user", content: said("hi") }]],
    ["nothing", []],
  ])("is no answer: %s", async (_what, items) => {
    answerWith(history(...items));
    expect(await recoverRun(PEER, SESSION, RUN)).toEqual({ kind: "absent" });
  });

  test.each<[string, Response | Error, object]>([
    [
      "a gateway that drains",
      recordedResponse("99-err-draining-503"),
      { reason: "draining", retryAfterMs: 1_000 },
    ],
    ["no answer", new Error("Network connection lost."), { reason: "unreachable" }],
    [
      "an answer of another shape",
      Response.json({ messages: [] }),
      { reason: "not_openclaw", detail: "unexpected answer of /sessions/agent%3Amain/history" },
    ],
  ])("stays unknown after %s", async (_what, answer, failure) => {
    answerWith(answer);
    expect(await recoverRun(PEER, "agent:main", RUN)).toMatchObject({ kind: "failed", failure });
  });
});

describe("a run that ended without a word", () => {
  test.each<[boolean, string, Item[]]>([
    [true, "stopped with an error", [{ content: [], stopReason: "error" }]],
    [true, "timed out", [{ content: said("w0"), stopReason: "aborted" }]],
    [true, "failed after an empty attempt", [{ content: [] }, { content: [], stopReason: "error" }]],
    [false, "was silent", [{ content: said("NO_REPLY") }, { content: [] }]],
    [false, "was silent after a failed attempt", [{ content: [], stopReason: "error" }, { content: [] }]],
    [false, "is not there", []],
    [false, "is not the one that failed", [{ content: [], stopReason: "error", runId: "chatcmpl_2" }]],
  ])("has failed: %s, when it %s", async (failed, _what, items) => {
    answerWith(history(...items));
    expect(await runFailed(PEER, SESSION, RUN)).toBe(failed);
  });

  test.each([recordedResponse("s2-history-404"), new Error("Network connection lost.")])(
    "has not failed as far as anybody knows, when the history cannot be read",
    async (answer) => {
      answerWith(answer);
      expect(await runFailed(PEER, SESSION, RUN)).toBe(false);
    },
  );
});
