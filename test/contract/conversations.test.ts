import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Bot,
  type Contract,
  idOf,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
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

describe("opening a direct conversation", () => {
  test("is always 201, and gives the same one again between two", async () => {
    const ownerId = await idOf(contract.owner);
    const first = await bot.post("/api/dms", { workspace_id: workspace.id, member_ids: [ownerId] });
    const again = await bot.post("/api/dms", {
      workspace_id: workspace.id,
      member_ids: [` ${ownerId}`, bot.id],
    });
    const reverse = await contract.owner.post("/api/dms", {
      workspace_id: workspace.id,
      member_ids: [bot.id],
    });
    expect([first.status, again.status, reverse.status]).toEqual([201, 201, 201]);
    const ids = [first, again, reverse].map(({ body }) => body.conversation.id);
    expect(new Set(ids).size).toBe(1);
    expect(first.body.conversation).toMatchObject({
      route_id: expect.stringMatching(/^D/),
      last_seq: 0,
      unread_count: 0,
      can_send: true,
    });
    const names = first.body.conversation.members.map(({ display_name }) => display_name);
    expect(names).toEqual([...names].sort());
  });

  test("with three or more gives a new one every time", async () => {
    const members = [other.id, await idOf(contract.owner)];
    expect(await openDm(bot, workspace, ...members)).not.toBe(await openDm(bot, workspace, ...members));
  });

  test("tells nobody", async () => {
    const stranger = await makeBot(contract, workspace);
    const path = `/api/realtime/events?workspace_id=${workspace.id}&include_tail=true&limit=1`;
    const before = (await stranger.get(path)).body.tail_cursor;
    await openDm(stranger, workspace, bot.id);
    expect((await stranger.get(path)).body.tail_cursor).toBe(before);
  });

  test.for([
    ["nobody else", () => [], "direct conversation needs at least two members"],
    ["oneself", () => [bot.id], "direct conversation needs at least two members"],
    ["an unknown id", () => ["usr_00000000000000000000000000"], "sql: no rows in result set"],
    [
      "too many",
      () => Array.from({ length: 32 }, () => unique("usr")),
      "direct conversation has too many members",
    ],
  ] as const)("with %s is 400", async ([, members, error]) => {
    const answer = await bot.post("/api/dms", { workspace_id: workspace.id, member_ids: members() });
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  test("with a blocked member is 403", async () => {
    const blocked = await makeBot(contract, workspace);
    await contract.owner.patch(`/api/workspaces/${workspace.id}/moderation/members/${blocked.id}`, {
      blocked: true,
    });
    const answer = await bot.post("/api/dms", { workspace_id: workspace.id, member_ids: [blocked.id] });
    expect([answer.status, answer.body.error]).toEqual([403, "moderation restriction: member is blocked"]);
  });
});

describe("writing in a direct conversation", () => {
  test("names the conversation in the event, counts for itself, and computes no mentions", async () => {
    const dm = await openDm(bot, workspace, other.id);
    const answer = await bot.post(`/api/dms/${dm}/messages`, { body: `psst @${other.handle}` });
    expect(answer.status).toBe(201);
    expect(answer.body.message).toMatchObject({ direct_conversation_id: dm, channel_seq: 1 });
    expect(answer.body.message).not.toHaveProperty("channel_id");
    expect(answer.body.event).toMatchObject({
      type: "message.created",
      seq: 1,
      payload: { author_id: bot.id, direct_conversation_id: dm, message_id: answer.body.message.id },
    });
    expect(answer.body.event).not.toHaveProperty("mentioned_user_ids");
    expect(answer.body.event).not.toHaveProperty("channel_id");
  });

  test("the same nonce again is 200", async () => {
    const dm = await openDm(bot, workspace, other.id);
    const request = { body: "once", nonce: unique("n") };
    const first = await bot.post(`/api/dms/${dm}/messages`, request);
    const again = await bot.post(`/api/dms/${dm}/messages`, request);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.message.id).toBe(first.body.message.id);
  });

  test("is 409 once the other side has left, even for a nonce that was used", async () => {
    const leaver = await makeBot(contract, workspace);
    const dm = await openDm(bot, workspace, leaver.id);
    const request = { body: "before", nonce: unique("n") };
    const { message } = (await bot.post(`/api/dms/${dm}/messages`, request)).body;
    await contract.owner.delete(`/api/workspaces/${workspace.id}/bots/${leaver.id}/membership`);
    for (const body of [request, { body: "after" }]) {
      const answer = await bot.post(`/api/dms/${dm}/messages`, body);
      expect([answer.status, answer.body.error]).toEqual([
        409,
        "direct conversation has no active recipient",
      ]);
    }
    expect((await bot.post(`/api/messages/${message.id}/thread/replies`, { body: "x" })).status).toBe(409);
    expect((await bot.get(`/api/dms/${dm}`)).body.conversation.can_send).toBe(false);
  });
});

describe("lists and read marks", () => {
  test("a bot's conversations come oldest first, and only its own", async () => {
    const reader = await makeBot(contract, workspace);
    const first = await openDm(reader, workspace, bot.id);
    const second = await openDm(other, workspace, reader.id);
    await openDm(bot, workspace, other.id);
    const { conversations } = (await reader.get(`/api/dms?workspace_id=${workspace.id}`)).body;
    expect(conversations.map(({ id }) => id)).toEqual([first, second]);
    const blank = await reader.get("/api/dms");
    expect([blank.status, blank.body.error]).toEqual([403, "bot token cannot access this workspace"]);
  });

  test("read marks move forward only, at most to the last message, and change the counters", async () => {
    const reader = await makeBot(contract, workspace);
    const dm = await openDm(reader, workspace, bot.id);
    for (const body of ["1", "2", "3"]) await bot.post(`/api/dms/${dm}/messages`, { body });
    const read = async (seq: number) => (await reader.post(`/api/dms/${dm}/read`, { seq })).body;
    expect(await read(2)).toMatchObject({ receipt: { scope_id: dm, user_id: reader.id, last_read_seq: 2 } });
    expect(await read(1)).toMatchObject({ receipt: { last_read_seq: 2 } });
    expect((await reader.get(`/api/dms/${dm}`)).body.conversation).toMatchObject({
      last_seq: 3,
      last_read_seq: 2,
      unread_count: 1,
    });
    expect(await read(99)).toMatchObject({ receipt: { last_read_seq: 3 } });
    const negative = await reader.post(`/api/dms/${dm}/read`, { seq: -1 });
    expect([negative.status, negative.body.error]).toEqual([400, "seq must be non-negative"]);
  });

  test("a read mark is told to its reader alone, and only when it moves", async () => {
    const reader = await makeBot(contract, workspace);
    await bot.post(`/api/channels/${workspace.channelId}/messages`, { body: "news" });
    const page = `/api/realtime/events?workspace_id=${workspace.id}&include_tail=true`;
    const from = (await reader.get(page)).body.tail_cursor;
    for (const seq of [1, 1, 0]) await reader.post(`/api/channels/${workspace.channelId}/read`, { seq });
    const typesFor = async (someone: Bot) =>
      (await someone.get(`${page}&after_cursor=${from}`)).body.events.map(({ type, seq, payload }) => [
        type,
        seq,
        payload,
      ]);
    const payload = { channel_id: workspace.channelId, user_id: reader.id };
    expect(await typesFor(reader)).toEqual([["channel.read", 1, payload]]);
    expect(await typesFor(other)).toEqual([]);
  });
});
