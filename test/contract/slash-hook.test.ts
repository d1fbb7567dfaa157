import { beforeEach, describe, expect, test } from "vitest";
import type { SlashCommand } from "./api.ts";
import { onCallbackStage } from "./callback-stage.ts";
import {
  type Bot,
  type Contract,
  idOf,
  invoke,
  listen,
  makeBot,
  makeSlashCommand,
  openDm,
  subscribe,
  type Workspace,
} from "./contract.ts";
import { answering, dropping, type Receiver, type Reply, signatureOf } from "./receiver.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let receiver: Receiver;
let command: SlashCommand;

onCallbackStage((stage) => {
  ({ contract, workspace, bot, receiver } = stage);
});
beforeEach(async () => {
  const order = { command: "/ask", callback_url: `${receiver.url}/slash` };
  command = await makeSlashCommand(contract, workspace, bot, order);
});

const hook = (channelId: string) => `/api/hooks/slash/${channelId}`;
const ask = (text = "why") => invoke(contract.owner, workspace, { command: "/ask", text });
const NO_EVENT = { id: "", cursor: "", type: "", workspace_id: "", created_at: "", payload: null };
const NO_MESSAGE = {
  id: "",
  workspace_id: "",
  author_id: "",
  thread_root_id: "",
  body: "",
  body_format: "",
  created_at: "",
};

async function bodies(): Promise<string[]> {
  const answer = await contract.owner.get(`/api/channels/${workspace.channelId}/messages`);
  return answer.body.messages.map(({ body }) => body);
}

describe("the callback of a command", () => {
  test("tells who invoked what and where, signed, without an event", async () => {
    receiver.reply = answering(200, "{}");
    const form = { command: " ASK ", text: " <why> & \u2028how " };
    const { invocation } = (await invoke(contract.owner, workspace, form)).body;
    const callback = await receiver.got(1);
    const { host: _host, "x-clickclack-timestamp": timestamp, ...headers } = callback.headers;
    expect([callback.method, callback.path]).toEqual(["POST", "/slash"]);
    expect(timestamp).toMatch(/^\d+$/);
    expect(headers).toEqual({
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(callback.body)),
      "user-agent": "Go-http-client/1.1",
      "x-clickclack-signature": signatureOf(callback, command.signing_secret),
      "accept-encoding": "gzip",
    });
    const payload = {
      bot_user_id: bot.id,
      channel_id: workspace.channelId,
      command: "/ask",
      command_id: command.id,
      text: "<why> & \u2028how",
      trigger_id: invocation.id,
      user_id: await idOf(contract.owner),
      workspace_id: workspace.id,
    };
    expect(Object.entries(JSON.parse(callback.body))).toEqual(Object.entries(payload));
    expect(callback.body).toContain(String.raw`"\u003cwhy\u003e \u0026 \u2028how"`);
    const { trigger_id: _trigger, ...stored } = payload;
    const { payload_json, ...rest } = invocation as unknown as Record<string, string>;
    expect(JSON.parse(payload_json ?? "")).toEqual(stored);
    expect(rest).toEqual({
      id: expect.stringMatching(/^sci_[0-9a-hjkmnp-tv-z]{26}$/),
      command_id: command.id,
      workspace_id: workspace.id,
      channel_id: workspace.channelId,
      user_id: payload.user_id,
      text: payload.text,
      response_status: 0,
      created_at: expect.any(String),
    });
  });

  test("is made for bots as well", async () => {
    receiver.reply = answering(200, "{}");
    const other = await makeBot(contract, workspace);
    expect((await invoke(other, workspace, { command: "/ask" })).status).toBe(200);
    expect(JSON.parse((await receiver.got(1)).body)).toMatchObject({ user_id: other.id, text: "" });
  });
});

describe("what the callback answers", () => {
  test.for([
    ['{"text":" because "}', "in_channel"],
    ['{"response_type":"in_channel","text":"because"}', "in_channel"],
  ])("%s is said by the bot, with the event that every message has", async ([reply]) => {
    await subscribe(contract, workspace, `${receiver.url}/events`);
    receiver.reply = (response, { path }) => response.end(path === "/slash" ? reply : "");
    const socket = await listen(contract, bot, workspace);
    const answer = await ask();
    expect([answer.status, Object.keys(answer.body)]).toEqual([
      200,
      ["event", "invocation", "message", "response_type", "text"],
    ]);
    const { event, message } = answer.body;
    expect(answer.body).toMatchObject({ response_type: "in_channel", text: "because" });
    expect(message).toMatchObject({ author_id: bot.id, body: "because", channel_id: workspace.channelId });
    expect(event).toMatchObject({
      type: "message.created",
      payload: { author_id: bot.id, message_id: message.id },
    });
    expect(event.payload.correlation_id).toBe(answer.headers.get("x-correlation-id"));
    await socket.got(event.id);
    socket.client.terminate();
    expect(receiver.callbacks.map(({ path }) => path)).toEqual(["/slash", "/events"]);
    expect(await bodies()).toEqual(["because"]);
  });

  test.for([
    ['{"response_type":"ephemeral","text":" psst "}', "ephemeral", "psst"],
    ['{"response_type":"whatever","text":"psst"}', "whatever", "psst"],
    ["{}", "in_channel", ""],
    ['{"text":" "}', "in_channel", ""],
    ["null", "in_channel", ""],
  ])("%s is for the one who asked", async ([reply, response_type, text]) => {
    receiver.reply = answering(200, reply);
    const { status, body } = await ask();
    const { invocation: _invocation, ...rest } = body;
    expect([status, rest]).toEqual([200, { event: NO_EVENT, message: NO_MESSAGE, response_type, text }]);
    expect(await bodies()).toEqual([]);
  });

  test.for<[string, Reply, string]>([
    ["nothing", answering(200), "unexpected end of JSON input"],
    ["a 204", answering(204), "unexpected end of JSON input"],
    ["words", answering(200, "ok"), "invalid character 'o' looking for beginning of value"],
    ["a page", answering(200, "<p>"), "invalid character '<' looking for beginning of value"],
    ["half a value", answering(200, '{"text":"a'), "unexpected end of JSON input"],
    ["more than a value", answering(200, "{} x"), "invalid character 'x' after top-level value"],
    [
      "a number",
      answering(200, '{"text":1}'),
      "json: cannot unmarshal number into Go struct field .text of type string",
    ],
    ["more than 64 KiB", answering(200, `{"text":"${"x".repeat(65_536)}"}`), "unexpected end of JSON input"],
    ["a 500", answering(500, "{}"), "slash command callback failed"],
    ["a redirect", answering(302, "{}", { location: "/elsewhere" }), "slash command callback failed"],
    ["a lost connection", dropping, 'Post "$url/slash": EOF'],
  ])("if it is %s, it is 502, and nothing is said", async ([, reply, error]) => {
    receiver.reply = reply;
    const answer = await ask();
    expect([answer.status, answer.body.error]).toEqual([502, error.replace("$url", receiver.url)]);
    expect(await bodies()).toEqual([]);
    expect(receiver.callbacks).toHaveLength(1);
  });

  test("is refused when the bot may not write", async () => {
    receiver.reply = answering(200, '{"text":"because"}');
    const member = `/api/workspaces/${workspace.id}/moderation/members/${bot.id}`;
    await contract.owner.patch(member, { blocked: true });
    const answer = await ask();
    expect([answer.status, answer.body.error]).toEqual([400, "moderation restriction: member is blocked"]);
  });
});

describe("what is no command", () => {
  test.for([
    [{ command: "/nope", text: " what  now " }, "/nope what  now"],
    [{ command: "/nope" }, "/nope"],
    [{ text: "only words" }, "only words"],
  ])("%o is said by the caller", async ([form, body]) => {
    const answer = await invoke(contract.owner, workspace, form as Record<string, string>);
    expect([answer.status, Object.keys(answer.body)]).toEqual([
      201,
      ["event", "message", "response_type", "text"],
    ]);
    expect(answer.body).toMatchObject({ response_type: "in_channel", text: body, message: { body } });
    expect(answer.body.event.payload.author_id).toBe(await idOf(contract.owner));
    expect(receiver.callbacks).toEqual([]);
  });
});

describe("a call", () => {
  test.for<[string, string, string]>([
    ["without words", "command=+&text=%20", "slash command text is required"],
    ["with a bad escape", "command=%zz", 'invalid URL escape "%zz"'],
    ["with a semicolon", "command=a;text=b", "invalid semicolon separator in query"],
  ])("%s is 400", async ([, raw, error]) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await contract.owner.post(hook(workspace.channelId), undefined, { raw, headers });
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  test("that is no form has no words", async () => {
    const answer = await contract.owner.post(hook(workspace.channelId), { command: "/ask" });
    expect([answer.status, answer.body.error]).toEqual([400, "slash command text is required"]);
  });

  test("of a bot needs messages:write", async () => {
    const reader = await makeBot(contract, workspace, ["bot:read"]);
    const answer = await invoke(reader, workspace, { command: "/ask" });
    expect([answer.status, answer.body.error]).toEqual([403, "bot token is missing scope messages:write"]);
  });

  test("to a channel that is not there is 400 for people and 403 for bots, and a conversation is no channel", async () => {
    const dm = await openDm(contract.owner, workspace, bot.id);
    for (const channelId of ["chn_0", dm]) {
      const place = { ...workspace, channelId };
      for (const [caller, status] of [
        [contract.owner, 400],
        [bot, 403],
      ] as const) {
        const answer = await invoke(caller, place, { command: "/ask" });
        expect([answer.status, answer.body.error]).toEqual([status, "sql: no rows in result set"]);
      }
    }
  });

  test("of somebody who is blocked is 403, before the command is looked at", async () => {
    const other = await makeBot(contract, workspace);
    await contract.owner.patch(`/api/workspaces/${workspace.id}/moderation/members/${other.id}`, {
      blocked: true,
    });
    const answer = await invoke(other, workspace, { command: "/ask" });
    expect([answer.status, answer.body.error]).toEqual([403, "moderation restriction: member is blocked"]);
    expect(receiver.callbacks).toEqual([]);
  });
});
