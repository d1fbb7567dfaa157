import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { clickclackOf } from "../support/control.ts";
import { callWorker, postMessage, worldOf } from "../support/world.ts";

const world = worldOf("send");
const clickclack = clickclackOf(world.bot.id);

afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

async function sent(body: object, headers?: Record<string, string>) {
  const response = await postMessage(body, headers);
  const answer = (await response.json()) as Record<string, string>;
  return { status: response.status, answer };
}

describe("a send", () => {
  it("goes to a channel by name, and the account and target have defaults", async () => {
    const { status, answer } = await sent({ text: "hello, general" });
    expect(status).toBe(201);
    expect(answer).toEqual({
      id: expect.stringMatching(/^snd_send_[0-9a-f]{24}$/),
      account: "send",
      to: "channel:general",
      messageId: expect.stringMatching(/^msg_/),
      state: "sent",
    });
    const there = await world.room.inChannel(world.ada, world.general);
    expect(there.find(({ id }) => id === answer.messageId)?.body).toBe("hello, general");
  });

  it.each([
    ["channel:side", "channel:side"],
    ["side", "channel:side"],
    ["clickclack:channel:side", "channel:side"],
    ["cc:side", "channel:side"],
  ])("takes the channel target %s", async (to, canonical) => {
    const { status, answer } = await sent({ to, text: `to ${to}` });
    expect([status, answer.to]).toEqual([201, canonical]);
    const there = await world.room.inChannel(world.ada, world.side);
    expect(there.map(({ body }) => body)).toContain(`to ${to}`);
  });

  it("goes to a channel by id", async () => {
    const { status } = await sent({ to: `channel:${world.side}`, text: "by id" });
    expect(status).toBe(201);
  });

  it("goes to a person by id and by handle, in the same direct conversation", async () => {
    await sent({ to: `dm:${world.ada.id}`, text: "by user id" });
    await sent({ to: "dm:@ada", text: "by handle" });
    const dm = await world.room.openDm(world.ada, world.bot);
    const there = await world.room.inDm(world.ada, dm);
    expect(there.map(({ body }) => body)).toEqual(["by user id", "by handle"]);
  });

  it("goes to a thread, whichever of its messages is named", async () => {
    const root = await world.room.say(world.ada, world.general, "root");
    const reply = await world.room.replyInThread(world.ben, root, "a reply");
    await sent({ to: `thread:${root}`, text: "at the root" });
    await sent({ to: `thread:${reply}`, text: "at the reply" });
    const there = await world.room.inThread(world.ada, root);
    expect(there.map(({ body }) => body)).toEqual(["a reply", "at the root", "at the reply"]);
  });

  it("quotes with replyTo", async () => {
    const question = await world.room.say(world.ada, world.general, "to be quoted");
    const { answer } = await sent({ text: "quoting", replyTo: question });
    const there = await world.room.inChannel(world.ada, world.general);
    expect(there.find(({ id }) => id === answer.messageId)?.quoted_message_id).toBe(question);
  });
});

describe("an Idempotency-Key", () => {
  it("gives 200 and the same answer for the same request, and posts once", async () => {
    const headers = { "idempotency-key": "key-same" };
    const first = await sent({ text: "only once" }, headers);
    const second = await sent({ text: "only once" }, headers);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.answer).toEqual(first.answer);
    const there = await world.room.inChannel(world.ada, world.general);
    expect(there.filter(({ body }) => body === "only once")).toHaveLength(1);
  });

  it("is refused with another request", async () => {
    const headers = { "idempotency-key": "key-other" };
    await sent({ text: "one thing" }, headers);
    const { status, answer } = await sent({ text: "another thing" }, headers);
    expect([status, answer.code]).toEqual([409, "idempotency_key_reused"]);
  });

  it("makes one send of two at the same time", async () => {
    const headers = { "idempotency-key": "key-twins" };
    const twins = await Promise.all([sent({ text: "twins" }, headers), sent({ text: "twins" }, headers)]);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(twins[0]?.answer).toEqual(twins[1]?.answer);
  });

  it("is free again after a refusal", async () => {
    const headers = { "idempotency-key": "key-refused" };
    expect((await sent({ to: "channel:nowhere", text: "x" }, headers)).status).toBe(404);
    expect((await sent({ to: "channel:side", text: "x" }, headers)).status).toBe(201);
  });

  it("finds a post whose answer was lost, instead of posting again", async () => {
    const post = `^/api/channels/${world.general}/messages$`;
    await clickclack.fault("POST", post, { kind: "drop_after_commit" });
    await clickclack.fault("GET", "/by-nonce$", { kind: "status", status: 502 });
    const headers = { "idempotency-key": "key-lost" };
    const first = await sent({ text: "lost answer" }, headers);
    expect([first.status, first.answer.code]).toEqual([503, "clickclack_unavailable"]);
    const second = await sent({ text: "lost answer" }, headers);
    expect(second.status).toBe(201);
    const there = await world.room.inChannel(world.ada, world.general);
    expect(there.filter(({ body }) => body === "lost answer").map(({ id }) => id)).toEqual([
      second.answer.messageId,
    ]);
    expect(
      (await clickclack.calls("POST", `/api/channels/${world.general}/messages`))
        .map(({ body }) => body?.body)
        .filter((body) => body === "lost answer"),
    ).toHaveLength(1);
  });

  it("settles one lost answer by itself, key or not", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "drop_after_commit" });
    expect((await sent({ text: "lost once" })).status).toBe(201);
    const there = await world.room.inChannel(world.ada, world.general);
    expect(there.filter(({ body }) => body === "lost once")).toHaveLength(1);
  });
});

describe("a refused send", () => {
  const refusals: [name: string, body: unknown, status: number, code: string, field?: string][] = [
    ["an unsupported target", { to: "foo:bar", text: "x" }, 400, "invalid_target"],
    ["a target kind in capitals", { to: "CHANNEL:general", text: "x" }, 400, "invalid_target"],
    ["an empty dm target", { to: "dm:", text: "x" }, 400, "invalid_target"],
    ["a dm target that is no person", { to: "dm:ada", text: "x" }, 400, "invalid_target"],
    ["no text", { to: "general" }, 400, "invalid_request", "text"],
    ["blank text", { text: " \n " }, 400, "invalid_request", "text"],
    ["text that is no text", { text: 7 }, 400, "invalid_request", "text"],
    ["an unknown field", { text: "x", channel: "general" }, 400, "invalid_request", "channel"],
    ["a replyTo that is no message id", { text: "x", replyTo: "general" }, 400, "invalid_request", "replyTo"],
    ["a replyTo that is not there", { text: "x", replyTo: "msg_0" }, 400, "invalid_request", "replyTo"],
    ["no JSON", "{", 400, "invalid_request", "the body"],
    ["an unknown account", { account: "nobody", text: "x" }, 404, "account_not_found"],
    ["a disabled account", { account: "disabled", text: "x" }, 503, "not_configured"],
    ["an account without a token", { account: "unconfigured", text: "x" }, 503, "not_configured"],
    ["an account whose workspace is not there", { account: "lost", text: "x" }, 404, "workspace_not_found"],
    ["a channel name that is not there", { to: "nowhere", text: "x" }, 404, "channel_not_found"],
    ["a channel id that is not there", { to: "chn_0", text: "x" }, 404, "channel_not_found"],
    ["a user id that is not there", { to: "dm:usr_0", text: "x" }, 404, "user_not_found"],
    ["a handle that is not there", { to: "dm:@nobody", text: "x" }, 404, "user_not_found"],
    ["a thread that is not there", { to: "thread:msg_0", text: "x" }, 404, "thread_not_found"],
    ["text over ClickClack's cap", { text: "x".repeat(1024 * 1024) }, 413, "too_large"],
    ["a body over our own cap", { text: "x".repeat(2 * 1024 * 1024) }, 413, "too_large"],
  ];

  it.each(refusals)("answers problem+json for %s", async (_name, body, status, code, field) => {
    const response = await postMessage(body);
    const problem = (await response.json()) as Record<string, unknown>;
    expect([response.status, problem.code, problem.field]).toEqual([status, code, field]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(problem).toMatchObject({ type: "about:blank", status, detail: expect.stringMatching(/.{8}/) });
  });

  it("names the account that is not configured", async () => {
    const response = await postMessage({ account: "unconfigured", text: "x" });
    expect(await response.json()).toMatchObject({
      detail: 'ClickClack is not configured for account "unconfigured"',
      faults: [{ path: "channels.clickclack.accounts.unconfigured.token" }],
    });
  });

  it("names the scope that the token lacks", async () => {
    const response = await postMessage({ account: "narrow", text: "x" });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "missing_scope", scope: "messages:write" });
  });

  it("says no_active_recipient in the thread of a direct conversation whose other side has left", async () => {
    const dm = await world.room.openDm(world.ben, world.bot);
    const root = await world.room.sayInDm(world.ben, dm, "goodbye");
    await world.room.leave(world.ben);
    const response = await postMessage({ to: `thread:${root}`, text: "x" });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      409,
      "no_active_recipient",
    ]);
  });

  it("says clickclack_unavailable for a failing edge, and passes its Retry-After on", async () => {
    const status = { kind: "status", status: 503, headers: { "retry-after": "7" } };
    await clickclack.fault("POST", "/messages$", status, 2);
    const response = await postMessage({ text: "x" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "7"]);
    expect(await response.json()).toMatchObject({ code: "clickclack_unavailable" });
  });
});

describe("the door", () => {
  it.each([
    ["no token", {}],
    ["a wrong token", { authorization: "Bearer wrong" }],
    ["another scheme", { authorization: "Basic test-api-token" }],
  ])("refuses %s", async (_name, headers) => {
    const response = await callWorker("/v1/messages", { method: "POST", headers, body: '{"text":"x"}' });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await response.json()).toMatchObject({ code: "unauthorized" });
  });
});
