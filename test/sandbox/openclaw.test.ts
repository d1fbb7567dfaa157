import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FAULT_NAMES, type FaultName } from "../../sandbox/openclaw/faults.ts";
import { type OpenClaw, startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { OpenClawClient, streamed } from "./openclaw-client.ts";

const SESSION = "agent:main:clickclack:channel:channel:chn_1";

let server: OpenClaw;
let own: OpenClawClient;
let gateway: OpenClawClient;

beforeAll(async () => {
  server = await startOpenClaw();
  own = new OpenClawClient(server.url, server.token);
});
afterAll(() => server.close());
beforeEach(async () => {
  gateway = await own.newGateway();
});

/** One item of a history, in short. */
async function transcript(session = SESSION): Promise<string[]> {
  const { items } = await gateway.history(session);
  return items.map(({ role, content }) => {
    const text = typeof content === "string" ? content : content.map((part) => part.text).join("");
    return `${role}: ${text}`;
  });
}

describe("a session", () => {
  test("runs one turn at a time, in order of arrival, with headers and role frame at once", async () => {
    await gateway.hold({ text: "first" });
    await gateway.script({ text: "done" });
    const first = await gateway.complete("first", SESSION);
    await gateway.requests({ state: "held", atLeast: "1" });
    const later = [await gateway.complete("second", SESSION), await gateway.complete("third", SESSION)];
    expect(later.map((response) => response.status)).toEqual([200, 200]);
    expect((await gateway.requests()).map((request) => request.state)).toEqual(["held", "queued", "queued"]);

    await gateway.release();
    for (const response of [first, ...later]) expect((await streamed(response)).finish).toBe("stop");
    expect(await transcript()).toEqual([
      "user: first",
      "assistant: done",
      "user: second",
      "assistant: done",
      "user: third",
      "assistant: done",
    ]);
  });

  test("does not wait for another session", async () => {
    await gateway.hold({ text: "first" });
    await gateway.complete("first", SESSION);
    const other = await streamed(await gateway.complete("elsewhere", `${SESSION}_2`));
    expect(other.finish).toBe("stop");
  });

  test("tells in its history which answer belongs to a run id", async () => {
    await gateway.script({ text: "one" }, {}, 1);
    await gateway.script({ text: "two" }, {}, 1);
    const first = await streamed(await gateway.complete("a", SESSION));
    const second = await streamed(await gateway.complete("b", SESSION));
    const { items } = await gateway.history(SESSION);
    const answers = items.filter((item) => item.role === "assistant");
    expect(answers.map((item) => item.__openclaw.runId)).toEqual([first.runId, second.runId]);
    expect(answers.map((item) => item.content)).toEqual([
      [{ type: "text", text: "one" }],
      [{ type: "text", text: "two" }],
    ]);
  });

  test("pages its history backwards from the newest item", async () => {
    for (const text of ["a", "b", "c"]) await streamed(await gateway.complete(text, SESSION));
    const newest = await gateway.history(SESSION, "?limit=4");
    expect(newest.items.map((item) => item.__openclaw.seq)).toEqual([3, 4, 5, 6]);
    expect(newest).toMatchObject({ hasMore: true, nextCursor: "3" });
    const oldest = await gateway.history(SESSION, `?limit=4&cursor=${newest.nextCursor}`);
    expect(oldest.items.map((item) => item.__openclaw.seq)).toEqual([1, 2]);
    expect(oldest.hasMore).toBe(false);
  });

  test("shows what was said before a tool call as an item of the run that is no answer", async () => {
    await gateway.script({ commentary: "Let me look.", text: "Found it." });
    await gateway.hold();
    const response = await gateway.complete("hello", SESSION);
    await gateway.requests({ state: "held", atLeast: "1" });
    const [, item] = (await gateway.history(SESSION)).items;
    expect(item).toMatchObject({ role: "assistant", content: [{ text: "Let me look." }] });
    expect(item).not.toHaveProperty("stopReason");
    await gateway.release();
    const answer = await streamed(response);
    expect(answer.text).toBe("Let me look.\n\nFound it.");
    expect((await gateway.history(SESSION)).items.map((each) => each.__openclaw.runId)).toEqual([
      undefined,
      answer.runId,
      answer.runId,
    ]);
  });

  test("cuts the text of an item after 8000 characters", async () => {
    await gateway.script({ text: "x".repeat(9000) });
    const answer = await streamed(await gateway.complete("long", SESSION));
    expect(answer.text).toHaveLength(9000);
    expect((await transcript()).at(-1)).toBe(`assistant: ${"x".repeat(8000)}\n...(truncated)...`);
  });

  test("is found under its key in any case, and without the agent where there is only one", async () => {
    await streamed(await gateway.complete("hello", "My:Key"));
    expect(await transcript("AGENT:main:my:key")).toHaveLength(2);
    expect(await transcript("my:key")).toHaveLength(2);
  });
});

describe("a caller that goes away", () => {
  test("cancels its run: the user message stays, nothing of the answer is kept", async () => {
    await gateway.hold({}, 2);
    await gateway.script({ chunks: ["one", " two", " three"] });
    const caller = new AbortController();
    await gateway.complete("hello", SESSION, { signal: caller.signal });
    await gateway.requests({ state: "held", atLeast: "1" });
    caller.abort();
    await gateway.requests({ state: "cancelled", atLeast: "1" });
    expect(await transcript()).toEqual(["user: hello"]);
  });

  test("leaves its message to the next turn's prompt", async () => {
    await gateway.hold({ text: "lost" });
    const caller = new AbortController();
    await gateway.complete("lost", SESSION, { signal: caller.signal });
    caller.abort();
    await gateway.requests({ state: "cancelled", atLeast: "1" });
    await gateway.script({ text: "ok" });
    await streamed(await gateway.complete("found", SESSION));
    const [, next] = await gateway.requests();
    expect(next?.prompt?.user).toMatch(
      /^\[Queued user message from a previous active turn; .*\]\nlost\n\nfound$/,
    );
    expect(await transcript()).toEqual(["user: found", "assistant: ok"]);
  });

  test("leaves nothing behind while it still waits for its turn", async () => {
    await gateway.hold({ text: "first" });
    await gateway.script({ text: "ok" });
    const first = await gateway.complete("first", SESSION);
    const caller = new AbortController();
    await gateway.complete("second", SESSION, { signal: caller.signal });
    const third = await gateway.complete("third", SESSION);
    caller.abort();
    await gateway.requests({ state: "cancelled", atLeast: "1" });
    await gateway.release();
    await Promise.all([streamed(first), streamed(third)]);
    expect(await transcript()).toEqual(["user: first", "assistant: ok", "user: third", "assistant: ok"]);
  });
});

describe("a fault", () => {
  const failing = FAULT_NAMES.filter((name) =>
    /^(provider_|overloaded|dies|timeout|cooldown|no_cred|empty|silent)/.test(name),
  );

  test.each(failing)("%s fails a stream with an error frame and no finish", async (error) => {
    await gateway.script({ error });
    const answer = await streamed(await gateway.complete("hello", SESSION));
    expect(answer).toMatchObject({ text: "", finish: undefined, error: { type: expect.any(String) } });
  });

  test.each(failing)("%s fails a whole answer with a status", async (error) => {
    await gateway.script({ error });
    const response = await gateway.complete("hello", SESSION, { body: { stream: false } });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: expect.any(String) },
    });
  });

  test("of the provider leaves words under the run id that are not an answer", async () => {
    await gateway.script({ error: "provider_500" });
    const { runId } = await streamed(await gateway.complete("hello", SESSION));
    const { items } = await gateway.history(SESSION);
    expect(items.at(-1)).toMatchObject({ role: "assistant", stopReason: "error", __openclaw: { runId } });
  });

  test("before the model is reached leaves a note in place of the turn", async () => {
    await gateway.script({ error: "cooldown" });
    const { runId } = await streamed(await gateway.complete("hello", SESSION));
    const { items } = await gateway.history(SESSION);
    expect(items).toMatchObject([{ role: "custom", __openclaw: { runId } }]);
  });

  test("after some text leaves that text in the stream", async () => {
    await gateway.script({ chunks: ["half an", " answer"], error: "timeout" });
    const answer = await streamed(await gateway.complete("hello", SESSION));
    expect(answer).toMatchObject({
      text: "half an answer",
      finish: undefined,
      error: { message: "internal error" },
    });
  });

  test("cut breaks the connection after the pieces, and cancels the run", async () => {
    await gateway.script({ chunks: ["half"], error: "cut" });
    await expect(streamed(await gateway.complete("hello", SESSION))).rejects.toThrow();
    expect(await transcript()).toEqual(["user: hello"]);
  });

  test("cut_finished breaks the connection after the run ended: only the history has the answer", async () => {
    await gateway.script({ text: "whole", error: "cut_finished" });
    await expect(streamed(await gateway.complete("hello", SESSION))).rejects.toThrow();
    expect(await transcript()).toEqual(["user: hello", "assistant: whole"]);
  });

  test("reset breaks the connection before any header", async () => {
    await gateway.script({ error: "reset" });
    await expect(gateway.complete("hello", SESSION)).rejects.toThrow();
  });

  test.each<FaultName>(["hang", "no_headers"])("%s lasts until the caller goes away", async (error) => {
    await gateway.script({ error }, { text: "stuck" });
    const caller = new AbortController();
    const stuck = gateway.complete("stuck", SESSION, { signal: caller.signal }).catch(() => undefined);
    await gateway.requests({ state: error === "hang" ? "running" : "received", atLeast: "1" });
    caller.abort();
    await stuck;
    await gateway.requests({ state: "cancelled", atLeast: "1" });
    expect((await streamed(await gateway.complete("next", SESSION))).finish).toBe("stop");
  });

  test.each<[FaultName, number, string]>([
    ["gateway_unauthorized", 401, "unauthorized"],
    ["rate_limited", 429, "rate_limited"],
    ["proxy_attribution", 403, "proxy_attribution_required"],
    ["missing_scope", 403, "forbidden"],
    ["draining", 503, "service_unavailable"],
    ["body_timeout", 408, "invalid_request_error"],
  ])("%s refuses with %i %s before there is a stream", async (error, status, type) => {
    await gateway.script({ error });
    const response = await gateway.complete("hello", SESSION);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type } });
  });
});

describe("scripted answers", () => {
  test("come in the order of their rules, each as often as it may", async () => {
    await gateway.script({ error: "provider_500" }, {}, 1);
    await gateway.script({ text: "only for apples" }, { text: "apple" });
    await gateway.script({ text: "for all" });
    const answers = [];
    for (const text of ["apple", "apple", "pear"]) answers.push(await streamed(await gateway.complete(text)));
    expect(answers.map((answer) => answer.error?.type ?? answer.text)).toEqual([
      "api_error",
      "only for apples",
      "for all",
    ]);
  });

  test("can be taken back", async () => {
    const id = await gateway.script({ text: "scripted" });
    await gateway.control("DELETE", `replies/${id}?token=${gateway.token}`);
    expect((await streamed(await gateway.complete("hello"))).text).not.toBe("scripted");
  });

  test("reach the caller without tags, thinking and media, never showing half of one", async () => {
    await gateway.script({
      chunks: ["[[reply_", "to_current]] a<thi", "nk>secret</think> b\nMED", "IA:/x.png\n", "c"],
    });
    const whole = await gateway.complete("hello", SESSION, { body: { stream: false } });
    expect(await whole.json()).toMatchObject({ choices: [{ message: { content: "a b\nc" } }] });
    expect((await streamed(await gateway.complete("hello"))).text).toBe("a b\nc");
    expect((await transcript()).at(-1)).toBe("assistant: a b\nMEDIA:/x.png\nc");
  });

  test("are refused with the reason when they are misspelt", async () => {
    await expect(gateway.control("POST", "replies", { reply: { eror: "silent" } })).rejects.toThrow("eror");
  });
});

describe("an agent without a script", () => {
  test("answers in its own voice, always the same, and counts what it heard in the session", async () => {
    gateway = await own.newGateway({ agents: ["ada", "bob"] });
    const say = async (agent: string) =>
      (
        await streamed(
          await gateway.complete("@bot hello", `agent:${agent}:x`, { body: { model: `openclaw/${agent}` } }),
        )
      ).text;
    const [ada, bob] = [await say("ada"), await say("bob")];
    expect(ada).toContain("hello");
    expect(ada).not.toContain("@bot");
    expect(bob).not.toBe(ada?.replaceAll("ada", "bob"));
    expect(await say("ada")).toBe(ada?.replace("1 message", "2 messages"));
  });
});

describe("gateways on one server", () => {
  test("share no agents, sessions, scripts or requests", async () => {
    const other = await own.newGateway({ agents: ["other"] });
    await gateway.script({ text: "mine" });
    await streamed(await gateway.complete("hello", SESSION));
    expect((await other.complete("hello", SESSION)).status).toBe(400);
    expect(await other.history(SESSION)).toMatchObject({ error: { type: "not_found" } });
    expect(await gateway.requests()).toHaveLength(1);
    expect(await other.requests({ state: "refused" })).toHaveLength(1);
  });

  test("record what came in, as the model saw it, and never the token", async () => {
    await gateway.script({ text: "ok" });
    await streamed(await gateway.complete("one", SESSION));
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "two" },
    ];
    const { runId } = await streamed(
      await gateway.complete("", SESSION.toUpperCase(), { body: { messages } }),
    );
    const requests = await gateway.requests();
    expect(requests.at(-1)).toMatchObject({
      path: "/v1/chat/completions",
      headers: { "x-openclaw-session-key": SESSION.toUpperCase() },
      agent: "main",
      session: SESSION,
      prompt: {
        system: "Be brief.",
        history: [
          { role: "user", text: "one" },
          { role: "assistant", text: "ok" },
        ],
        user: "two",
      },
      runId,
      status: 200,
      state: "finished",
    });
    expect(JSON.stringify(requests)).not.toContain(gateway.token);
  });

  test("drain one by one: new requests are refused, running ones end well", async () => {
    await gateway.hold();
    const running = await gateway.complete("hello", SESSION);
    await gateway.control("POST", "drain");
    expect((await gateway.complete("late")).status).toBe(503);
    expect((await (await own.newGateway()).complete("hello")).status).toBe(200);
    await gateway.release();
    expect((await streamed(running)).finish).toBe("stop");
    await gateway.control("POST", "drain", { draining: false });
    expect((await gateway.complete("again")).status).toBe(200);
  });
});

test("a session key that names another agent than the target runs the agent in the key", async () => {
  gateway = await own.newGateway({ agents: ["main", "support"] });
  await streamed(await gateway.complete("hello", "agent:support:x"));
  expect(await gateway.requests()).toMatchObject([{ agent: "support", session: "agent:support:x" }]);
});

test("a stream in a session of an unknown agent names it", async () => {
  const answer = await streamed(await gateway.complete("hello", "agent:ghost:x"));
  expect(answer.error?.message).toBe("Agent ghost is not present in the configured roster.");
});

test("a target that names no agent is refused where there are several", async () => {
  gateway = await own.newGateway({ agents: ["main", "support"] });
  const response = await gateway.complete("hello", undefined, { body: { model: "openclaw" } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringMatching(/^Multiple agents/) },
  });
});
