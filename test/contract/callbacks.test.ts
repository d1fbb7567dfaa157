import { describe, expect, test } from "vitest";
import { onCallbackStage } from "./callback-stage.ts";
import {
  type Bot,
  type Contract,
  listen,
  makeWorkspace,
  openDm,
  say,
  subscribe,
  type Workspace,
} from "./contract.ts";
import { attach, textFile, upload } from "./files.ts";
import { type Receiver, signatureOf } from "./receiver.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let receiver: Receiver;

onCallbackStage((stage) => {
  ({ contract, workspace, bot, receiver } = stage);
});

const messages = () => `/api/channels/${workspace.channelId}/messages`;
const types = () => receiver.callbacks.map(({ body }) => JSON.parse(body).event.type);

describe("a callback", () => {
  test("is the event as its cause was answered, signed over its bytes", async () => {
    const { id, signing_secret } = await subscribe(contract, workspace, `${receiver.url}/to/here?a=1`);
    const before = Math.floor(Date.now() / 1000);
    const { event } = (await contract.owner.post(messages(), { body: `for @${bot.handle}` })).body;
    const callback = await receiver.got(1);
    const { host: _host, "x-clickclack-timestamp": timestamp, ...headers } = callback.headers;
    expect([callback.method, callback.path]).toEqual(["POST", "/to/here?a=1"]);
    expect(headers).toEqual({
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(callback.body)),
      "user-agent": "Go-http-client/1.1",
      "x-clickclack-event-id": event.id,
      "x-clickclack-signature": signatureOf(callback, signing_secret),
      "accept-encoding": "gzip",
    });
    expect(timestamp).toMatch(/^\d+$/);
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
    expect(callback.body).toBe(JSON.stringify({ event, subscription_id: id }));
    expect(event.mentioned_user_ids).toEqual([bot.id]);
  });

  test("is written as Go writes JSON", async () => {
    await subscribe(contract, workspace, receiver.url);
    await say(bot, workspace, "hard to write", { nonce: "<&>\u2028\u2029é" });
    const { body } = await receiver.got(1);
    expect(body).toContain(String.raw`"nonce":"\u003c\u0026\u003e\u2028\u2029é"`);
  });
});

describe("what is told", () => {
  test("is every event of the channels, the bot's own messages among them", async () => {
    await subscribe(contract, workspace, receiver.url);
    const { id } = await say(bot, workspace, "own");
    await bot.patch(`/api/messages/${id}`, { body: "edited" });
    await bot.post(`/api/messages/${id}/reactions`, { emoji: "👀" });
    await bot.post(`/api/messages/${id}/thread/replies`, { body: "reply" });
    await bot.delete(`/api/messages/${id}`);
    await contract.owner.patch(`/api/channels/${workspace.channelId}`, { display_title: "Title" });
    expect(types()).toEqual([
      "message.created",
      "message.updated",
      "reaction.added",
      "thread.reply_created",
      "thread.state_updated",
      "message.deleted",
      "channel.updated",
    ]);
  });

  test("is only what was asked for", async () => {
    await subscribe(contract, workspace, receiver.url, ["reaction.added", "message.deleted"]);
    const { id } = await say(bot, workspace, "not told");
    await bot.post(`/api/messages/${id}/reactions`, { emoji: "👀" });
    await bot.delete(`/api/messages/${id}`);
    expect(types()).toEqual(["reaction.added", "message.deleted"]);
  });

  test("is nothing of what is attached, though an edit of the same message is told", async () => {
    await subscribe(contract, workspace, receiver.url);
    const { id } = await say(bot, workspace, "look");
    const { id: uploadId } = await upload(bot, workspace, textFile("x"));
    expect((await attach(bot, id, uploadId)).status).toBe(200);
    await bot.patch(`/api/messages/${id}`, { body: "look here" });
    expect(types()).toEqual(["message.created", "message.updated"]);
  });

  test("is nothing that only some may see, and nothing ephemeral", async () => {
    const { id } = await say(contract.owner, workspace, "before");
    await subscribe(contract, workspace, receiver.url, ["*", "channel.read", "dm.read"]);
    const dm = await openDm(contract.owner, workspace, bot.id);
    const { message } = (await bot.post(`/api/dms/${dm}/messages`, { body: "between us" })).body;
    await bot.post(`/api/messages/${message.id}/thread/replies`, { body: "also" });
    await bot.post(`/api/messages/${message.id}/reactions`, { emoji: "👀" });
    await bot.patch(`/api/messages/${message.id}`, { body: "edited" });
    await bot.delete(`/api/messages/${message.id}`);
    await contract.owner.post(`/api/dms/${dm}/read`, { seq: 1 });
    await bot.post(`/api/channels/${workspace.channelId}/read`, { seq: 1 });
    const member = `/api/workspaces/${workspace.id}/moderation/members/${bot.id}`;
    await contract.owner.patch(member, { blocked: false });
    const typing = { workspace_id: workspace.id, channel_id: workspace.channelId, type: "typing.started" };
    await bot.post("/api/realtime/ephemeral", typing);
    await bot.post(`/api/messages/${id}/reactions`, { emoji: "🏁" });
    expect(types()).toEqual(["reaction.added"]);
  });

  test("is nothing of other workspaces", async () => {
    await subscribe(contract, workspace, receiver.url);
    await say(contract.owner, await makeWorkspace(contract), "elsewhere");
    expect(receiver.callbacks).toEqual([]);
  });
});

describe("the order of things", () => {
  test("is sockets, then the callback, then the answer", async () => {
    await subscribe(contract, workspace, receiver.url);
    const socket = await listen(contract, bot, workspace);
    const release = receiver.hold();
    const order: string[] = [];
    const posting = contract.owner.post(messages(), { body: "slowly" }).then((answer) => {
      order.push("answered");
      return answer;
    });
    const callback = await receiver.got(1);
    await socket.got(String(callback.headers["x-clickclack-event-id"]));
    order.push("released");
    release();
    expect((await posting).status).toBe(201);
    expect(order).toEqual(["released", "answered"]);
    socket.client.terminate();
  });

  test("is one subscription after the other, as they were made", async () => {
    for (const path of ["/1", "/2", "/3"]) await subscribe(contract, workspace, receiver.url + path);
    const order: string[] = [];
    receiver.reply = (response, { path }) => {
      order.push(`${path} came`);
      setImmediate(() => {
        order.push(`${path} answered`);
        response.end();
      });
    };
    await say(bot, workspace, "to all");
    expect(order).toEqual(["/1", "/2", "/3"].flatMap((path) => [`${path} came`, `${path} answered`]));
  });

  test("of a reply is its first event with its callbacks, then the second", async () => {
    const root = await say(bot, workspace, "root");
    for (const path of ["/1", "/2"]) await subscribe(contract, workspace, receiver.url + path);
    const socket = await listen(contract, bot, workspace);
    const release = receiver.hold();
    const replying = bot.post(`/api/messages/${root.id}/thread/replies`, { body: "reply" });
    await receiver.got(1);
    const between = await contract.owner.post(messages(), { body: "between" });
    release();
    const { events } = (await replying).body;
    await socket.got(events[1]?.id ?? "");
    // So a socket sees cursors that go back.
    const cursors = [events[0], between.body.event, events[1]].map((event) => event?.cursor);
    expect(socket.events.map(({ cursor }) => cursor)).toEqual(cursors);
    expect(cursors).not.toEqual([...cursors].sort());
    const told = receiver.callbacks.map(({ path, body }) => [path, JSON.parse(body).event.id]);
    expect(told.filter(([, id]) => id !== between.body.event.id)).toEqual([
      ["/1", events[0]?.id],
      ["/2", events[0]?.id],
      ["/1", events[1]?.id],
      ["/2", events[1]?.id],
    ]);
    socket.client.terminate();
  });
});
