import { afterEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { ClickClackError } from "../../../src/clickclack/errors.ts";
import { type Call, request } from "../../../src/clickclack/request.ts";
import { Secret } from "../../../src/config/secret.ts";
import { CLICKCLACK_REQUEST_TIMEOUT_MS, CLICKCLACK_RESPONSE_MAX_BYTES } from "../../../src/limits.ts";
import { answerWith, requestsSeen } from "../fetched.ts";

const TOKEN = "ccb_01m81fgk3he1kgwgmax38sphh5";
const PEER: Parameters<typeof request>[0] = {
  url: "https://chat.example.com/base",
  token: new Secret(TOKEN),
};
const ME: Call<{ user: { id: string } }> = {
  operation: "me",
  method: "GET",
  path: "/api/me",
  answer: z.object({ user: z.object({ id: z.string() }) }),
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The failure of a call; fails when there is none. */
async function failureOf(call: Call<unknown> = ME): Promise<ClickClackError> {
  const error = await request(PEER, call).then(
    () => undefined,
    (found: unknown) => found,
  );
  expect(error).toBeInstanceOf(ClickClackError);
  return error as ClickClackError;
}

function json(body: unknown, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}

describe("as sent", () => {
  test("a call goes to base and path, with the token and no redirects", async () => {
    answerWith(json({ user: { id: "usr_1" } }));
    expect(await request(PEER, { ...ME, query: { q: "a b&c", limit: "1" } })).toEqual({
      user: { id: "usr_1" },
    });

    const [sent] = requestsSeen();
    expect(sent).toMatchObject({
      url: "https://chat.example.com/base/api/me?q=a+b%26c&limit=1",
      method: "GET",
      redirect: "manual",
      body: undefined,
    });
    expect(sent?.headers).toEqual({
      authorization: `Bearer ${TOKEN}`,
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": "clickclack-edge",
    });
  });

  test("a body goes as JSON, without what is undefined", async () => {
    answerWith(json({ ok: true }, { status: 201 }));
    const body = { body: "hi", quoted_message_id: undefined };
    await request(PEER, { ...ME, method: "POST", body, answer: z.unknown() });
    expect(requestsSeen()[0]).toMatchObject({ method: "POST", body: '{"body":"hi"}' });
  });

  test("an access token goes along", async () => {
    answerWith(json({ user: { id: "usr_1" } }));
    const access = { clientId: new Secret("id.access"), clientSecret: new Secret("shh") };
    await request({ ...PEER, access }, ME);
    expect(requestsSeen()[0]?.headers).toMatchObject({
      "cf-access-client-id": "id.access",
      "cf-access-client-secret": "shh",
    });
  });

  test.each(["a", "req-1.2_3:4", "x".repeat(128)])("the correlation id %s goes along", async (id) => {
    answerWith(json({ user: { id: "usr_1" } }));
    await request({ ...PEER, correlationId: id }, ME);
    expect(requestsSeen()[0]?.headers["x-correlation-id"]).toBe(id);
  });

  test.each(["", "x".repeat(129), "a b", "a\r\nx-evil: 1", "ä", "a/b"])(
    "the correlation id %j stays behind",
    async (id) => {
      answerWith(json({ user: { id: "usr_1" } }));
      await request({ ...PEER, correlationId: id }, ME);
      expect(requestsSeen()[0]?.headers).not.toHaveProperty("x-correlation-id");
    },
  );
});

describe("an answer that is not ClickClack's", () => {
  test("a 200 of HTML says to check the address", async () => {
    answerWith(new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } }));
    const error = await failureOf();
    expect(error).toMatchObject({ failure: "not_clickclack", status: 200, retryable: false });
    expect(error.message).toBe(
      "ClickClack me: 200 answered text/html; charset=utf-8 instead of JSON; check baseUrl and apiBaseUrl",
    );
  });

  test("a 204 of nothing is told apart from JSON", async () => {
    answerWith(new Response(null, { status: 204 }));
    expect(await failureOf()).toMatchObject({ failure: "not_clickclack", status: 204 });
  });

  test.each([301, 302, 303, 307, 308])("a %i is not followed", async (status) => {
    answerWith(new Response(null, { status, headers: { location: "https://elsewhere.example.com/" } }));
    const error = await failureOf();
    expect(error).toMatchObject({ failure: "not_clickclack", status });
    expect(error.detail).toBe("redirects; set apiBaseUrl to the final address");
    expect(requestsSeen()).toHaveLength(1);
  });

  test.each([
    ["cut JSON", '{"user":{"id":"usr', "unexpected answer at: its root"],
    ["another shape", '{"user":{"name":"Ada"}}', "unexpected answer at: user.id"],
    ["a null", "null", "unexpected answer at: its root"],
  ])("%s is no answer", async (_what, body, detail) => {
    answerWith(new Response(body, { headers: { "content-type": "application/json" } }));
    expect(await failureOf()).toMatchObject({ failure: "not_clickclack", status: 200, detail });
  });

  test("one that is too large is not read to its end", async () => {
    const chunk = new Uint8Array(1024 * 1024);
    let read = 0;
    const cancelled = vi.fn();
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          read += chunk.byteLength;
          controller.enqueue(chunk);
        },
        cancel: cancelled,
      },
      { highWaterMark: 0 },
    );
    answerWith(new Response(body, { headers: { "content-type": "application/json" } }));
    expect(await failureOf()).toMatchObject({ failure: "not_clickclack", detail: "the answer is too large" });
    expect(read).toBe(CLICKCLACK_RESPONSE_MAX_BYTES + chunk.byteLength);
    expect(cancelled).toHaveBeenCalled();
  });

  test("one of just the most bytes is read, and a character split between two reads is whole", async () => {
    const text = JSON.stringify({ user: { id: "🙂" } });
    const bytes = new TextEncoder().encode(text.padEnd(CLICKCLACK_RESPONSE_MAX_BYTES - 2));
    expect(bytes.byteLength).toBe(CLICKCLACK_RESPONSE_MAX_BYTES);
    const middle = new TextEncoder().encode('{"user":{"id":"').byteLength + 2;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(bytes.subarray(0, middle));
        controller.enqueue(bytes.subarray(middle));
        controller.close();
      },
    });
    answerWith(new Response(body, { headers: { "content-type": "application/json" } }));
    expect(await request(PEER, ME)).toEqual({ user: { id: "🙂" } });
  });
});

describe("an error answer", () => {
  test("has ClickClack's status and words", async () => {
    answerWith(json({ error: "bot token is missing scope messages:write" }, { status: 403 }));
    const error = await failureOf();
    expect(error).toMatchObject({ failure: "missing_scope", scope: "messages:write", status: 403 });
    expect(error.message).toBe("ClickClack me: 403 bot token is missing scope messages:write");
  });

  test("without JSON is told by its status alone; an edge's HTML helps nobody", async () => {
    answerWith(new Response("<html>Bad gateway</html>", { status: 502 }));
    expect(await failureOf()).toMatchObject({
      failure: "unavailable",
      retryable: true,
      detail: "without ClickClack's JSON error",
    });
  });

  test("tells how long to wait", async () => {
    answerWith(json({ error: "slow down" }, { status: 429, headers: { "retry-after": "7" } }));
    expect(await failureOf()).toMatchObject({ failure: "throttled", retryAfterMs: 7_000 });
    answerWith(json({ error: "slow down" }, { status: 429 }));
    expect((await failureOf()).retryAfterMs).toBeUndefined();
  });

  test("never shows a token that it repeats", async () => {
    answerWith(json({ error: `unknown token ${TOKEN}, sent as Bearer ${TOKEN}` }, { status: 400 }));
    const error = await failureOf();
    expect(`${error.message} ${error.detail} ${error.stack} ${JSON.stringify(error)}`).not.toContain(TOKEN);
  });
});

describe("no answer", () => {
  test("may be asked for again, and its failure never shows the token", async () => {
    answerWith(new TypeError(`fetch failed with Bearer ${TOKEN}`));
    const error = await failureOf();
    expect(error).toMatchObject({ failure: "unavailable", status: 0, retryable: true });
    expect(error.message).toBe("ClickClack me: no answer fetch failed with Bearer [secret]");
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(TOKEN);
  });

  test("to the end of it may be asked for again as well", async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"user":'));
        controller.error(new Error("Network connection lost."));
      },
    });
    answerWith(new Response(body, { status: 201, headers: { "content-type": "application/json" } }));
    expect(await failureOf()).toMatchObject({ failure: "unavailable", status: 201, retryable: true });
  });

  test("within the deadline gives up, whether the headers or the rest is missing", async () => {
    vi.useFakeTimers();
    for (const answer of ["never", new Response(neverEnding())] as const) {
      answerWith(answer);
      const failure = failureOf();
      await vi.advanceTimersByTimeAsync(CLICKCLACK_REQUEST_TIMEOUT_MS - 1);
      expect(requestsSeen()[0]?.signal.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await failure).toMatchObject({
        failure: "unavailable",
        retryable: true,
        detail: `not finished within ${CLICKCLACK_REQUEST_TIMEOUT_MS} ms`,
      });
    }
  });

  test("leaves no timer behind once there is one", async () => {
    vi.useFakeTimers();
    answerWith(json({ user: { id: "usr_1" } }));
    await request(PEER, ME);
    answerWith(json({ error: "no" }, { status: 400 }));
    await failureOf();
    expect(vi.getTimerCount()).toBe(0);
  });
});

function neverEnding(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
}
