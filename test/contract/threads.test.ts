import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Bot,
  type Contract,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
  say,
  unique,
  type Workspace,
} from "./contract.ts";

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

const replies = (rootId: string) => `/api/messages/${rootId}/thread/replies`;
const thread = (rootId: string, query = "") => `/api/messages/${rootId}/thread${query}`;

describe("replying", () => {
  test("answers 201 with two events, the reply and the state of the thread", async () => {
    const root = await say(other, workspace, "root");
    const answer = await bot.post(replies(root.id), { body: ` for @${other.handle} `, nonce: unique("n") });
    expect([answer.status, Object.keys(answer.body)]).toEqual([201, ["events", "message", "thread_state"]]);
    const [created, updated] = answer.body.events;
    expect(answer.body.message).toMatchObject({
      body: `for @${other.handle}`,
      parent_message_id: root.id,
      thread_root_id: root.id,
      thread_seq: 1,
      channel_id: workspace.channelId,
    });
    expect(answer.body.message).not.toHaveProperty("channel_seq");
    expect(created).toMatchObject({ type: "thread.reply_created", mentioned_user_ids: [other.id] });
    expect(created).not.toHaveProperty("seq");
    expect(Object.keys(created?.payload ?? {})).toEqual([
      "correlation_id",
      "message_id",
      "nonce",
      "root_message_id",
    ]);
    expect(updated).toMatchObject({ type: "thread.state_updated", payload: { root_message_id: root.id } });
    expect(answer.body).toMatchObject({ thread_state: { reply_count: 1, last_reply_author_ids: [bot.id] } });
  });

  test("a reply to a reply is refused", async () => {
    const root = await say(other, workspace, "root");
    const { message } = (await bot.post(replies(root.id), { body: "one" })).body;
    const answer = await bot.post(replies(message.id), { body: "two" });
    expect([answer.status, answer.body.error]).toEqual([400, "nested thread replies are not supported"]);
  });

  test("the same nonce again is 200 with null for the events", async () => {
    const root = await say(other, workspace, "root");
    const request = { body: "once", nonce: unique("n") };
    const first = await bot.post(replies(root.id), request);
    const again = await bot.post(replies(root.id), request);
    expect([again.status, again.body.events]).toEqual([200, null]);
    expect(again.body.message).toEqual(first.body.message);
    const conflict = await bot.post(replies(root.id), { ...request, body: "twice" });
    expect([conflict.status, conflict.body.error]).toEqual([
      400,
      "client nonce was already used for a different message",
    ]);
  });

  test("an empty body is 400", async () => {
    const root = await say(other, workspace, "root");
    const answer = await bot.post(replies(root.id), { body: " " });
    expect([answer.status, answer.body.error]).toEqual([400, "reply body is required"]);
  });

  test("may quote the root or a reply of the same thread, and nothing else", async () => {
    const root = await say(other, workspace, "root");
    const { message } = (await bot.post(replies(root.id), { body: "one" })).body;
    for (const id of [root.id, message.id]) {
      expect((await bot.post(replies(root.id), { body: "two", quoted_message_id: id })).status).toBe(201);
    }
    const stranger = await say(other, workspace, "elsewhere");
    const answer = await bot.post(replies(root.id), { body: "three", quoted_message_id: stranger.id });
    expect(answer.body.error).toBe("quoted message is not in this channel, conversation, or thread");
  });

  test("a deleted root can be answered", async () => {
    const root = await say(bot, workspace, "root");
    await bot.delete(`/api/messages/${root.id}`);
    expect((await bot.post(replies(root.id), { body: "still" })).status).toBe(201);
  });

  test("kind and turn are ignored", async () => {
    const root = await say(bot, workspace, "root");
    const answer = await bot.post(replies(root.id), { body: "x", kind: "shout", turn_id: "t" });
    expect([answer.status, answer.body.message]).toMatchObject([201, { kind: "message" }]);
    expect(answer.body.message).not.toHaveProperty("turn_id");
  });

  test("in a direct conversation the events name it and are for its members", async () => {
    const dm = await openDm(bot, workspace, other.id);
    const { message: root } = (await bot.post(`/api/dms/${dm}/messages`, { body: "root" })).body;
    const answer = await other.post(replies(root.id), { body: "reply" });
    expect(answer.body.message).toMatchObject({ direct_conversation_id: dm });
    for (const event of answer.body.events) {
      expect(event.payload).toMatchObject({ direct_conversation_id: dm });
      expect(event).not.toHaveProperty("channel_id");
    }
  });

  test("a blocked bot may not, though it may replay", async () => {
    const root = await say(bot, workspace, "root");
    const blocked = await makeBot(contract, workspace);
    const request = { body: "before", nonce: unique("n") };
    await blocked.post(replies(root.id), request);
    await contract.owner.patch(`/api/workspaces/${workspace.id}/moderation/members/${blocked.id}`, {
      blocked: true,
    });
    expect((await blocked.post(replies(root.id), request)).status).toBe(200);
    expect((await blocked.post(replies(root.id), { body: "after" })).status).toBe(403);
  });
});

describe("reading", () => {
  test("gives the oldest replies, or the newest on demand, ascending either way", async () => {
    const root = await say(bot, workspace, "root");
    for (const body of ["1", "2", "3"]) await bot.post(replies(root.id), { body });
    const bodies = async (query: string) =>
      (await other.get(thread(root.id, query))).body.replies.map(({ body }) => body);
    expect(await bodies("?limit=2")).toEqual(["1", "2"]);
    expect(await bodies("?limit=2&latest=true")).toEqual(["2", "3"]);
    expect(await bodies("?limit=0&latest=false")).toEqual(["1", "2", "3"]);
    const answer = await other.get(thread(root.id));
    expect(Object.keys(answer.body)).toEqual(["replies", "root", "thread_state"]);
    const bad = await other.get(thread(root.id, "?latest=yes"));
    expect([bad.status, bad.body.error]).toEqual([400, "latest must be true or false"]);
  });

  test("a limit that is out of range gives 100", async () => {
    const root = await say(bot, workspace, "root");
    for (let count = 0; count < 101; count++) await bot.post(replies(root.id), { body: String(count) });
    for (const limit of ["201", "0", "-1", "many"]) {
      expect((await bot.get(thread(root.id, `?limit=${limit}`))).body.replies).toHaveLength(100);
    }
    expect((await bot.get(thread(root.id, "?limit=200"))).body.replies).toHaveLength(101);
  });

  test("gives the root its route id, which it does not have before", async () => {
    const root = await say(bot, workspace, "root");
    expect(root).not.toHaveProperty("route_id");
    const { route_id } = (await bot.get(thread(root.id))).body.root;
    expect(route_id).toMatch(/^M[0-9A-HJKMNP-TV-Z]{16}$/);
    expect((await bot.get(`/api/messages/${root.id}`)).body.message.route_id).toBe(route_id);
  });

  test("a root's route leads to it, for who may see it", async () => {
    const root = await say(bot, workspace, "root");
    const { route_id } = (await bot.get(thread(root.id))).body.root;
    const mine = (await bot.get("/api/workspaces")).body.workspaces[0]?.route_id;
    for (const path of [`${mine}/${route_id}`, `${workspace.id}/${root.id}`]) {
      const answer = await bot.get(`/api/routes/${path}`);
      expect([answer.status, answer.body.route]).toMatchObject([
        200,
        { target_type: "thread", target_id: root.id },
      ]);
    }
    const stranger = await makeBot(contract, await makeWorkspace(contract));
    const theirs = (await stranger.get("/api/workspaces")).body.workspaces[0]?.route_id;
    for (const workspaceRoute of [mine, theirs]) {
      const answer = await stranger.get(`/api/routes/${workspaceRoute}/${route_id}`);
      expect([answer.status, answer.body.error]).toEqual([404, "route not found"]);
    }
  });

  test("a reply is no root", async () => {
    const root = await say(bot, workspace, "root");
    const { message } = (await bot.post(replies(root.id), { body: "one" })).body;
    const answer = await bot.get(thread(message.id));
    expect([answer.status, answer.body.error]).toEqual([400, "thread root must be a root message"]);
  });

  test("a deleted reply is still counted and still there", async () => {
    const root = await say(bot, workspace, "root");
    const { message } = (await bot.post(replies(root.id), { body: "one" })).body;
    const deleted = await bot.delete(`/api/messages/${message.id}`);
    expect(deleted.body.event.payload).toEqual({ message_id: message.id, root_message_id: root.id });
    const { body } = await bot.get(thread(root.id));
    expect(body).toMatchObject({ replies: [{ id: message.id, body: "" }], thread_state: { reply_count: 1 } });
  });

  test("names the last three authors, newest first, once each", async () => {
    const root = await say(bot, workspace, "root");
    const third = await makeBot(contract, workspace);
    for (const author of [bot, other, third, contract.owner, other])
      await author.post(replies(root.id), { body: "x" });
    const { body } = await bot.get(thread(root.id));
    expect(body).toMatchObject({
      thread_state: { last_reply_author_ids: [other.id, expect.any(String), third.id] },
    });
  });
});
