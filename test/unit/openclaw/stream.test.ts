import { describe, expect, test } from "vitest";
import { COMPLETION_TEXT_MAX_CHARS } from "../../../src/limits.ts";
import { readCompletion, type StreamStep } from "../../../src/openclaw/stream.ts";
import { bodyOf, brokenAfter, frame, streamed } from "./bodies.ts";
import { recorded, STREAMED } from "./recording.ts";

async function stepsOf(body: ReadableStream<Uint8Array>): Promise<StreamStep[]> {
  const steps: StreamStep[] = [];
  for await (const step of readCompletion(body)) steps.push(step);
  return steps;
}

/** The steps with neighbouring texts joined, as a line each. */
function told(steps: readonly StreamStep[]): string[] {
  const lines: string[] = [];
  for (const step of steps) {
    switch (step.kind) {
      case "run":
        lines.push(step.runId.startsWith("chatcmpl_") ? "run" : `run ${step.runId}`);
        break;
      case "text":
        if (lines.at(-1)?.startsWith("text ")) lines.push(`${lines.pop()}${step.text}`);
        else lines.push(`text ${step.text}`);
        break;
      case "finished":
        lines.push("finished");
        break;
      case "error":
        lines.push(`error ${step.error.type}: ${step.error.message}`);
    }
  }
  return lines;
}

const WORDS = Array.from({ length: 20 }, (_, index) => `w${index}`);
const INTERNAL = "error api_error: internal error";

describe("a recorded stream is read as what the gateway meant", () => {
  test.each<[string, string[]]>([
    ["02-stream-ok", ["run", "text pong #2", "finished"]],
    ["03-stream-ok-usage", ["run", "text pong #3", "finished"]],
    ["04-stream-slow", ["run", `text ${WORDS.slice(0, 6).join(" ")}`, "finished"]],
    ["40-stream-provider-500", ["run", "error api_error: upstream provider error"]],
    ["42c-stream-provider-402", ["run", "error insufficient_quota: 402 fake 402"]],
    ["43-stream-provider-400", ["run", "error invalid_request_error: 400 fake 400"]],
    ["45-stream-provider-dies-midstream", ["run", "error api_error: upstream provider timeout"]],
    ["46-stream-provider-empty", ["run", INTERNAL]],
    ["47-stream-NO_REPLY", ["run", INTERNAL]],
    ["50-stream-trailing-NO_REPLY", ["run", "text An actual answer\n\nNO_REPLY", "finished"]],
    ["51-stream-media-only", ["run", "text No response from OpenClaw.", "finished"]],
    ["52-stream-whitespace-only", ["run", INTERNAL]],
    ["141-stream-agent-timeout", ["run", "text w0 w1 w2 w3 w4", INTERNAL]],
  ])("%s", async (name, lines) => {
    expect(told(await stepsOf(bodyOf(recorded(name).body)))).toEqual(lines);
  });

  test("and one whose caller went away has no end", async () => {
    const lines = told(await stepsOf(bodyOf(recorded("90-stream-client-disconnect").body)));
    expect(lines[0]).toBe("run");
    expect(lines[1]).toMatch(/^text w0 w1/);
    expect(lines).toHaveLength(2);
  });
});

describe("wherever the network cuts it, a stream reads the same", () => {
  test.each(STREAMED)("%s, byte by byte", async (name) => {
    const bytes = new TextEncoder().encode(recorded(name).body);
    const whole = await stepsOf(bodyOf(bytes));
    expect(whole.length).toBeGreaterThan(0);
    expect(await stepsOf(bodyOf(...Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))))).toEqual(whole);
  });

  test.each([
    ["a recorded one", recorded("50-stream-trailing-NO_REPLY").body, "finished"],
    ["one of many-byte characters", streamed("é – 🙂 👩‍👩‍👧 \u2028 end"), "finished"],
    ["one of CRLF lines", streamed("crlf").replaceAll("\n", "\r\n"), "finished"],
    [
      "one with an error",
      `${frame.role}${frame.text("é")}${frame.error("🙂", "x")}${frame.done}`,
      "error x: 🙂",
    ],
  ])("%s, at every byte boundary", async (_what, text, end) => {
    const bytes = new TextEncoder().encode(text);
    const whole = await stepsOf(bodyOf(bytes));
    expect(told(whole).at(-1)).toBe(end);
    for (let at = 1; at < bytes.byteLength; at++)
      expect(await stepsOf(bodyOf(bytes.subarray(0, at), bytes.subarray(at))), `cut at ${at}`).toEqual(whole);
  });

  test("many frames in one read are all read", async () => {
    const text = `${frame.role}${WORDS.map((word) => frame.text(word)).join("")}${frame.finish()}${frame.done}`;
    const steps = await stepsOf(bodyOf(text));
    expect(steps.filter((step) => step.kind === "text").map((step) => step.text)).toEqual(WORDS);
  });
});

describe("of what may stand in a stream", () => {
  test("the run is named once, before any text", async () => {
    const steps = await stepsOf(bodyOf(streamed("hi")));
    expect(steps).toEqual([
      { kind: "run", runId: "chatcmpl_1" },
      { kind: "text", text: "hi" },
      { kind: "finished" },
    ]);
  });

  test.each(["stop", "length", "tool_calls"])("a finish_reason `%s` ends the answer", async (reason) => {
    expect(told(await stepsOf(bodyOf(frame.role, frame.finish(reason), frame.done)))).toEqual([
      "run",
      "finished",
    ]);
  });

  test("text of the last frame comes before the end", async () => {
    const last = frame.finish().replace('"delta":{}', '"delta":{"content":"bye"}');
    expect(told(await stepsOf(bodyOf(frame.role, last, frame.done)))).toEqual([
      "run",
      "text bye",
      "finished",
    ]);
  });

  test("comments, event names, empty data and nulls are passed over", async () => {
    const chunk = JSON.stringify({
      id: "chatcmpl_1",
      choices: [{ delta: { content: null }, finish_reason: null }],
    });
    const text = `: keepalive\n\nevent: x\ndata: ${chunk}\n\ndata:\n\n${frame.text("hi")}${frame.finish()}`;
    expect(told(await stepsOf(bodyOf(text)))).toEqual(["run", "text hi", "finished"]);
  });

  test("nothing is read after [DONE]", async () => {
    expect(told(await stepsOf(bodyOf(streamed("hi"), frame.text("more"))))).toEqual([
      "run",
      "text hi",
      "finished",
    ]);
  });

  test("a frame that was cut is not taken for a whole one", async () => {
    const cut = frame.finish().slice(0, -1);
    expect(told(await stepsOf(bodyOf(frame.role, frame.text("hi"), cut)))).toEqual(["run", "text hi"]);
  });
});

describe("throws", () => {
  test.each([
    ["for a frame that is no JSON", "data: oops\n\n"],
    ["for a frame of another shape", 'data: {"choices":"none"}\n\n'],
  ])("%s", async (_what, text) => {
    await expect(stepsOf(bodyOf(text))).rejects.toThrow();
  });

  test("for an event that does not end, before it has read too much of it", async () => {
    const piece = "x".repeat(COMPLETION_TEXT_MAX_CHARS / 2);
    let read = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          read++;
          controller.enqueue(new TextEncoder().encode(read === 1 ? "data: " : piece));
        },
      },
      { highWaterMark: 0 },
    );
    await expect(stepsOf(body)).rejects.toThrow("an event without an end");
    expect(read).toBe(3);
  });

  test("when the connection breaks", async () => {
    await expect(stepsOf(brokenAfter(frame.role))).rejects.toThrow("Network connection lost.");
  });
});
