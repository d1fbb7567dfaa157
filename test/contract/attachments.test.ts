import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "./api.ts";
import {
  type Bot,
  type Contract,
  listen,
  makeBot,
  makeWorkspace,
  openContract,
  say,
  tail,
  type Workspace,
} from "./contract.ts";
import { attach, sendForm, textFile, upload } from "./files.ts";

const NO_ROWS = "sql: no rows in result set";
const NOT_AUTHOR = "message attachments can only be changed by the message author";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let other: Bot;

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
  [bot, other] = [await makeBot(contract, workspace), await makeBot(contract, workspace)];
});
afterAll(() => contract.close());

const told = ({ status, body }: Answer) => [status, body.error];
const file = (name = "note.txt") => textFile("x", name);

describe("attaching", () => {
  test("is ok, any number of times, and tells of it once", async () => {
    const message = await say(bot, workspace, "look");
    const { id } = await upload(bot, workspace, file());
    const from = await tail(bot, workspace);
    for (let count = 0; count < 2; count++) {
      const answer = await attach(bot, message.id, id);
      expect([answer.status, answer.body]).toEqual([200, { ok: true }]);
    }
    const path = `/api/realtime/events?workspace_id=${workspace.id}&after_cursor=${from}`;
    expect((await bot.get(path)).body.events).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        cursor: expect.stringMatching(/^cur_/),
        type: "message.updated",
        workspace_id: workspace.id,
        channel_id: workspace.channelId,
        seq: message.channel_seq,
        created_at: expect.any(String),
        payload: { message_id: message.id, root_message_id: message.id },
      },
    ]);
    expect((await bot.get(`/api/messages/${message.id}`)).body.message).not.toHaveProperty("edited_at");
  });

  test("is told over the socket", async () => {
    const message = await say(bot, workspace, "listen");
    const socket = await listen(contract, other, workspace);
    await attach(bot, message.id, (await upload(bot, workspace, file())).id);
    const { event } = (await bot.patch(`/api/messages/${message.id}`, { body: "heard" })).body;
    await socket.got(event.id);
    socket.client.terminate();
    const updated = { type: "message.updated", payload: { message_id: message.id } };
    expect(socket.events).toMatchObject([updated, updated]);
  });

  test("shows wherever messages are read, in order and without the nonce, and not where they are written", async () => {
    const nonce = `n-${(await say(bot, workspace, "x")).id}`;
    const message = await say(bot, workspace, "two files", { nonce });
    const query = { workspace_id: workspace.id, nonce };
    const first = (await sendForm(bot, query, [["file", file("a.txt")]])).body.upload;
    const second = await upload(bot, workspace, file("b.txt"));
    for (const { id } of [second, first]) await attach(bot, message.id, id);
    const { nonce: hidden, ...shown } = first;
    expect(hidden).toBe(nonce);

    const { body: read } = await other.get(`/api/messages/${message.id}`);
    expect(read.message.attachments).toEqual([second, shown]);
    const { body: found } = await bot.get(`/api/messages/by-nonce?${new URLSearchParams(query)}`);
    expect(found.message.attachments).toEqual([second, shown]);
    const { body: page } = await other.get(`/api/channels/${workspace.channelId}/messages?limit=1`);
    expect(page.messages[0]?.attachments).toEqual([second, shown]);
    const { body: thread } = await other.get(`/api/messages/${message.id}/thread`);
    expect(thread.root.attachments).toEqual([second, shown]);

    const { body: edited } = await bot.patch(`/api/messages/${message.id}`, { body: "still two" });
    expect(edited.message).not.toHaveProperty("attachments");
    const { body: again } = await bot.post(`/api/channels/${workspace.channelId}/messages`, {
      body: "still two",
      nonce,
    });
    expect(again.message).not.toHaveProperty("attachments");
  });

  test("works on a reply, and shows in its thread", async () => {
    const root = await say(other, workspace, "root");
    const path = `/api/messages/${root.id}/thread/replies`;
    const reply = (await bot.post(path, { body: "with a file" })).body.message;
    const from = await tail(bot, workspace);
    const { id } = await upload(bot, workspace, file());
    expect((await attach(bot, reply.id, id)).status).toBe(200);
    const { body } = await other.get(`/api/messages/${root.id}/thread`);
    expect([body.root.attachments, body.replies[0]?.attachments?.[0]?.id]).toEqual([undefined, id]);
    const events = `/api/realtime/events?workspace_id=${workspace.id}&after_cursor=${from}`;
    const [event] = (await bot.get(events)).body.events;
    expect(event).toMatchObject({
      type: "message.updated",
      payload: { message_id: reply.id, root_message_id: root.id },
    });
    expect(event).not.toHaveProperty("seq");
  });

  test("makes a file visible to those who see the message, until it is deleted", async () => {
    const message = await say(bot, workspace, "see");
    const { id } = await upload(bot, workspace, textFile("seen"));
    expect((await other.get(`/api/uploads/${id}`)).status).toBe(404);
    await attach(bot, message.id, id);
    expect((await other.get(`/api/uploads/${id}`)).text).toBe("seen");

    const { body } = await bot.delete(`/api/messages/${message.id}`);
    expect(body.message).not.toHaveProperty("attachments");
    expect((await other.get(`/api/messages/${message.id}`)).body.message).not.toHaveProperty("attachments");
    expect(told(await other.get(`/api/uploads/${id}`))).toEqual([404, "upload is not visible"]);
    expect((await bot.get(`/api/uploads/${id}`)).text).toBe("seen");
    expect(told(await attach(bot, message.id, id))).toEqual([
      400,
      "deleted messages cannot have attachments",
    ]);
  });

  test("can be done with somebody else's file that one can see", async () => {
    const theirs = await say(other, workspace, "theirs");
    const { id } = await upload(other, workspace, file());
    const mine = await say(bot, workspace, "mine");
    expect(told(await attach(bot, mine.id, id))).toEqual([403, "upload is not visible"]);
    await attach(other, theirs.id, id);
    expect((await attach(bot, mine.id, id)).status).toBe(200);
    expect((await bot.get(`/api/messages/${mine.id}`)).body.message.attachments).toMatchObject([{ id }]);
  });
});

describe("attaching is refused", () => {
  test("to all but the author, and for what is not there", async () => {
    const message = await say(other, workspace, "not yours");
    const { id } = await upload(bot, workspace, file());
    expect(told(await attach(bot, message.id, id))).toEqual([403, NOT_AUTHOR]);
    expect(told(await attach(contract.owner, message.id, id))).toEqual([403, NOT_AUTHOR]);
    expect(told(await attach(bot, "msg_0", id))).toEqual([403, NO_ROWS]);
    expect(told(await attach(contract.owner, "msg_0", id))).toEqual([403, NOT_AUTHOR]);
    const mine = await say(bot, workspace, "mine");
    expect(told(await attach(bot, mine.id, "upl_0"))).toEqual([403, NO_ROWS]);
    expect(told(await attach(bot, mine.id, ""))).toEqual([403, NO_ROWS]);
  });

  test("without both scopes, after the body was read", async () => {
    const writer = await makeBot(contract, workspace, ["messages:write"]);
    const uploader = await makeBot(contract, workspace, ["uploads:write"]);
    expect(told(await attach(writer, "msg_0", "upl_0"))).toEqual([
      403,
      "bot token is missing scope uploads:write",
    ]);
    expect(told(await attach(uploader, "msg_0", "upl_0"))).toEqual([
      403,
      "bot token is missing scope messages:write",
    ]);
    const path = "/api/messages/msg_0/attachments";
    expect(told(await writer.post(path, undefined, { raw: "{" }))).toEqual([400, "unexpected EOF"]);
  });

  test("when the file is of another workspace", async () => {
    const { id } = await upload(contract.owner, await makeWorkspace(contract), file());
    const message = await say(contract.owner, workspace, "here");
    expect(told(await attach(contract.owner, message.id, id))).toEqual([
      400,
      "upload and message workspaces differ",
    ]);
  });
});
