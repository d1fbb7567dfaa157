import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Bot,
  type Contract,
  idOf,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
  say,
  unique,
  type Workspace,
} from "./contract.ts";

const ZERO_EVENT = { id: "", cursor: "", type: "", workspace_id: "", created_at: "", payload: null };
const CONFLICT = "client nonce was already used for a different message";
const BAD_QUOTE = "quoted message is not in this channel, conversation, or thread";

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

const channelPath = () => `/api/channels/${workspace.channelId}/messages`;

describe("posting", () => {
  test("answers 201 with the event and the message", async () => {
    const answer = await bot.post(channelPath(), { body: "  hello\u2028\u0085 ", nonce: unique("n") });
    expect(answer.status).toBe(201);
    const { event, message } = answer.body;
    expect(message).toMatchObject({
      workspace_id: workspace.id,
      channel_id: workspace.channelId,
      author_id: bot.id,
      thread_root_id: message.id,
      body: "hello",
      body_format: "markdown",
      kind: "message",
    });
    expect(event).toMatchObject({
      type: "message.created",
      workspace_id: workspace.id,
      channel_id: workspace.channelId,
      seq: message.channel_seq,
    });
    expect(Object.keys(event.payload)).toEqual(["author_id", "correlation_id", "message_id", "nonce"]);
  });

  test("counts channel_seq up by one", async () => {
    const first = await say(bot, workspace, "one");
    const second = await say(other, workspace, "two");
    expect(second.channel_seq).toBe((first.channel_seq ?? 0) + 1);
  });

  test.for(["", "   ", "\u2028\u00a0\t"])("an empty body (%o) is 400", async (body) => {
    const answer = await bot.post(channelPath(), { body });
    expect([answer.status, answer.body.error]).toEqual([400, "message body is required"]);
  });

  test("an archived channel still takes messages", async () => {
    const made = await contract.owner.post(`/api/workspaces/${workspace.id}/channels`, { name: "old" });
    const { id } = made.body.channel;
    expect((await contract.owner.patch(`/api/channels/${id}`, { archived: true })).status).toBe(200);
    expect((await bot.post(`/api/channels/${id}/messages`, { body: "still here" })).status).toBe(201);
  });

  test("an unknown topic is 400", async () => {
    const answer = await bot.post(channelPath(), { body: "x", topic_id: "top_00000000000000000000000000" });
    expect([answer.status, answer.body.error]).toEqual([400, "sql: no rows in result set"]);
  });
});

describe("mentions", () => {
  test("are those of members, wherever handles stand free, case aside", async () => {
    const answer = await bot.post(channelPath(), {
      body: `hi @${other.handle.toUpperCase()}, @nobody-at-all!`,
    });
    expect(answer.body.event.mentioned_user_ids).toEqual([other.id]);
  });

  test("may name the author", async () => {
    const answer = await bot.post(channelPath(), { body: `I am @${bot.handle}` });
    expect(answer.body.event.mentioned_user_ids).toEqual([bot.id]);
  });

  test.for([
    ["in an address", (handle: string) => `mail x@${handle}`],
    ["after another @", (handle: string) => `@@${handle}`],
    ["in a URL", (handle: string) => `see https://example.test/@${handle}/1`],
    ["in a www word", (handle: string) => `see www.example.test/@${handle}`],
    ["in a Markdown link", (handle: string) => `[@${handle}](https://example.test)`],
    ["as a part of a longer handle", (handle: string) => `@${handle}x`],
  ] as const)("do not count %s", async ([, body]) => {
    const answer = await bot.post(channelPath(), { body: body(other.handle) });
    expect(answer.status).toBe(201);
    expect(answer.body.event).not.toHaveProperty("mentioned_user_ids");
  });
});

describe("kinds", () => {
  test("activity rows need a scope of their own, a bot, and may name a turn", async () => {
    const body = { body: "thinking", kind: "agent_commentary", turn_id: "turn-1" };
    expect((await bot.post(channelPath(), body)).body.error).toBe(
      "bot token is missing scope agent_activity:write",
    );
    const refused = await contract.owner.post(channelPath(), body);
    expect([refused.status, refused.body.error]).toEqual([
      403,
      "agent activity messages require a bot token",
    ]);
    const active = await makeBot(contract, workspace, ["bot:write", "agent_activity:write"]);
    const answer = await active.post(channelPath(), body);
    expect([answer.status, answer.body.message]).toEqual([201, expect.objectContaining(body)]);
    expect(answer.body.event.payload).toMatchObject({ kind: "agent_commentary", turn_id: "turn-1" });
  });

  test("an unknown kind is 400, and so is a turn on an ordinary message", async () => {
    expect((await bot.post(channelPath(), { body: "x", kind: "shout" })).body.error).toBe(
      "invalid message kind",
    );
    const answer = await bot.post(channelPath(), { body: "x", turn_id: "t" });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toBe("turn_id is only valid for agent activity messages");
  });
});

describe("quotes", () => {
  test("freeze the first 280 characters of the quoted message", async () => {
    const quoted = await say(other, workspace, "é".repeat(300));
    const message = await say(bot, workspace, "indeed", { quoted_message_id: quoted.id });
    await other.patch(`/api/messages/${quoted.id}`, { body: "changed" });
    const { body } = await bot.get(`/api/messages/${message.id}`);
    expect(body.message).toMatchObject({
      quoted_message_id: quoted.id,
      quoted_body_snapshot: "é".repeat(280),
      quoted_author_id: other.id,
      quoted_author: { id: other.id, handle: other.handle },
    });
  });

  test("of an unknown, a deleted or a foreign message or of a reply are 400, all with the same text", async () => {
    const deleted = await say(bot, workspace, "gone");
    await bot.delete(`/api/messages/${deleted.id}`);
    const root = await say(bot, workspace, "root");
    const { message: reply } = (await bot.post(`/api/messages/${root.id}/thread/replies`, { body: "reply" }))
      .body;
    const dm = await openDm(bot, workspace, other.id);
    const { message: direct } = (await bot.post(`/api/dms/${dm}/messages`, { body: "direct" })).body;
    for (const id of ["msg_00000000000000000000000000", deleted.id, reply.id, direct.id]) {
      const answer = await bot.post(channelPath(), { body: "x", quoted_message_id: id });
      expect([answer.status, answer.body.error]).toEqual([400, BAD_QUOTE]);
    }
  });
});

describe("nonces", () => {
  test("what a server has no field for is ignored, in a repeat as well", async () => {
    const request = { body: "once", nonce: unique("n") };
    const first = await bot.post(channelPath(), { ...request, author_model: "fake/small" });
    expect(first.status).toBe(201);
    expect(first.body.message).not.toHaveProperty("author_model");
    for (const more of [{}, { author_model: "fake/large" }]) {
      const again = await bot.post(channelPath(), { ...request, ...more });
      expect([again.status, again.body.message.id]).toEqual([200, first.body.message.id]);
    }
  });

  test("the same request again is 200 with the stored message and without an event", async () => {
    const request = { body: "once", nonce: unique("n") };
    const first = await bot.post(channelPath(), request);
    const again = await bot.post(channelPath(), { ...request, body: " once " });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(Object.keys(again.body)).toEqual(["message"]);
    expect(again.body.message).toEqual(first.body.message);
  });

  test("anything else under it is 400: body, quote, kind, place", async () => {
    const quoted = await say(bot, workspace, "quoted");
    const active = await makeBot(contract, workspace, ["bot:write", "agent_activity:write"]);
    const nonce = unique("n");
    await say(active, workspace, "one", { nonce });
    const dm = await openDm(active, workspace, other.id);
    const attempts: [string, object][] = [
      [channelPath(), { body: "other" }],
      [channelPath(), { body: "one", quoted_message_id: quoted.id }],
      [channelPath(), { body: "one", kind: "agent_tool" }],
      [`/api/dms/${dm}/messages`, { body: "one" }],
      [`/api/messages/${quoted.id}/thread/replies`, { body: "one" }],
    ];
    for (const [path, body] of attempts) {
      const answer = await active.post(path, { ...body, nonce });
      expect([answer.status, answer.body.error]).toEqual([400, CONFLICT]);
    }
  });

  test("a replay after an edit or a deletion is 400", async () => {
    for (const change of ["edit", "delete"]) {
      const request = { body: "once", nonce: unique("n") };
      const { id } = await say(bot, workspace, request.body, request);
      if (change === "edit") await bot.patch(`/api/messages/${id}`, { body: "edited" });
      else await bot.delete(`/api/messages/${id}`);
      const answer = await bot.post(channelPath(), request);
      expect([answer.status, answer.body.error]).toEqual([400, CONFLICT]);
    }
  });

  test("two bots do not share them, two tokens of one bot do", async () => {
    const request = { body: "mine", nonce: unique("n") };
    const mine = await say(bot, workspace, request.body, request);
    const theirs = await say(other, workspace, request.body, request);
    expect(theirs.id).not.toBe(mine.id);
    const path = `/api/workspaces/${workspace.id}/bots/${bot.id}/tokens`;
    const { token } = (await contract.owner.post(path, {})).body.bot_token;
    const headers = { authorization: `Bearer ${token}` };
    const replay = await contract.nobody.post(channelPath(), request, { headers });
    expect([replay.status, replay.body.message.id]).toEqual([200, mine.id]);
  });

  test("of requests at the same time one is 201 and the others are 200", async () => {
    const request = { body: "race", nonce: unique("n") };
    const answers = await Promise.all(Array.from({ length: 5 }, () => bot.post(channelPath(), request)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.message.id)).size).toBe(1);
  });

  test("may have 128 characters and no NUL, and blank is none", async () => {
    const answer = await bot.post(channelPath(), { body: "x", nonce: "é".repeat(129) });
    expect([answer.status, answer.body.error]).toEqual([400, "nonce is too long"]);
    expect((await bot.post(channelPath(), { body: "x", nonce: "a\0b" })).body.error).toBe(
      "nonce must not contain NUL",
    );
    expect((await bot.post(channelPath(), { body: "x", nonce: unique("é".repeat(100)) })).status).toBe(201);
    const blank = await say(bot, workspace, "x", { nonce: "  " });
    expect(blank).not.toHaveProperty("nonce");
  });

  test("a blocked bot can replay a channel nonce, and cannot post", async () => {
    const blocked = await makeBot(contract, workspace);
    const request = { body: "before", nonce: unique("n") };
    await say(blocked, workspace, request.body, request);
    const path = `/api/workspaces/${workspace.id}/moderation/members/${blocked.id}`;
    expect((await contract.owner.patch(path, { blocked: true })).status).toBe(200);
    expect((await blocked.post(channelPath(), request)).status).toBe(200);
    const answer = await blocked.post(channelPath(), { body: "after" });
    expect([answer.status, answer.body.error]).toEqual([403, "moderation restriction: member is blocked"]);
    await contract.owner.patch(path, { blocked: false });
    expect((await blocked.post(channelPath(), { body: "after" })).status).toBe(201);
  });
});

describe("by-nonce", () => {
  const path = (nonce: string, id = workspace.id) =>
    `/api/messages/by-nonce?workspace_id=${id}&nonce=${nonce}`;

  test("finds what the caller sent, wherever it is", async () => {
    const nonce = unique("n");
    const root = await say(bot, workspace, "root");
    const { message } = (await bot.post(`/api/messages/${root.id}/thread/replies`, { body: "reply", nonce }))
      .body;
    const answer = await bot.get(path(nonce));
    expect([answer.status, answer.body.message.id]).toEqual([200, message.id]);
    expect((await other.get(path(nonce))).status).toBe(404);
  });

  test("is 404 for a miss, 400 for a missing parameter, and says that it is there even in a 401", async () => {
    const answers = [
      await bot.get(path(unique("n"))),
      await bot.get("/api/messages/by-nonce?nonce=x"),
      await bot.get(path("")),
      await contract.nobody.get(path("x")),
      await bot.get(path("x", "wsp_00000000000000000000000000")),
    ];
    expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
      [404, "sql: no rows in result set"],
      [400, "workspace_id is required"],
      [400, "nonce is required"],
      [401, "authentication required"],
      [403, "bot token cannot access this workspace"],
    ]);
    for (const { headers } of answers) expect(headers.get("x-clickclack-message-nonce")).toBe("supported");
  });

  test("is 400 when the message is in another workspace", async () => {
    const elsewhere = await makeWorkspace(contract);
    const nonce = unique("n");
    await say(contract.owner, elsewhere, "there", { nonce });
    const answer = await contract.owner.get(path(nonce));
    expect([answer.status, answer.body.error]).toEqual([400, CONFLICT]);
  });
});

describe("editing", () => {
  test("changes the body and the time of the edit, and is told even if nothing changed", async () => {
    const { id, channel_seq } = await say(bot, workspace, "before");
    const answer = await bot.patch(`/api/messages/${id}`, { body: " after " });
    expect([answer.status, answer.body.message]).toMatchObject([
      200,
      { body: "after", edited_at: expect.any(String) },
    ]);
    expect(answer.body.event).toMatchObject({ type: "message.updated", seq: channel_seq });
    expect(answer.body.event.payload).toEqual({ message_id: id, root_message_id: id });
    expect((await bot.patch(`/api/messages/${id}`, { body: "after" })).body.event.type).toBe(
      "message.updated",
    );
  });

  test("another's message is 400, a deleted one 400, an empty body 400", async () => {
    const { id } = await say(bot, workspace, "mine");
    const refused = await other.patch(`/api/messages/${id}`, { body: "yours" });
    expect([refused.status, refused.body.error]).toEqual([400, "only the author can edit a message"]);
    expect((await bot.patch(`/api/messages/${id}`, { body: " " })).body.error).toBe(
      "message body is required",
    );
    await bot.delete(`/api/messages/${id}`);
    const answer = await bot.patch(`/api/messages/${id}`, { body: "x" });
    expect([answer.status, answer.body.error]).toEqual([400, "deleted messages cannot be edited"]);
  });
});

describe("deleting", () => {
  test("empties the message, which stays where it was", async () => {
    const nonce = unique("n");
    const { id, channel_seq } = await say(bot, workspace, "gone", { nonce });
    const answer = await bot.delete(`/api/messages/${id}`);
    expect(answer.body.event).toMatchObject({ type: "message.deleted", seq: channel_seq });
    const { message } = (await other.get(`/api/messages/${id}`)).body;
    expect(message).toMatchObject({ body: "", deleted_at: expect.any(String), channel_seq, nonce });
  });

  test("again is 200 with a zero event", async () => {
    const { id } = await say(bot, workspace, "gone");
    await bot.delete(`/api/messages/${id}`);
    const answer = await bot.delete(`/api/messages/${id}`);
    expect([answer.status, answer.body.event]).toEqual([200, ZERO_EVENT]);
  });

  test("another's message is 403, except for the workspace's owner in a channel", async () => {
    const { id } = await say(bot, workspace, "mine");
    const answer = await other.delete(`/api/messages/${id}`);
    expect([answer.status, answer.body.error]).toEqual([403, "message is not writable"]);
    expect((await contract.owner.delete(`/api/messages/${id}`)).status).toBe(200);
    const dm = await openDm(bot, workspace, await idOf(contract.owner));
    const { message } = (await bot.post(`/api/dms/${dm}/messages`, { body: "direct" })).body;
    expect((await contract.owner.delete(`/api/messages/${message.id}`)).status).toBe(403);
  });
});

describe("reactions", () => {
  test("are 201 when added, 200 when there already or taken back", async () => {
    const { id } = await say(bot, workspace, "react");
    const path = `/api/messages/${id}/reactions`;
    const added = await bot.post(path, { emoji: "👀" });
    expect([added.status, added.body]).toMatchObject([
      201,
      {
        event: {
          type: "reaction.added",
          payload: { count: 1, emoji: "👀", message_id: id, user_id: bot.id },
        },
        reactions: [{ emoji: "👀", count: 1, reacted_by_me: true }],
      },
    ]);
    const again = await bot.post(path, { emoji: "👀" });
    expect([again.status, again.body.event]).toEqual([200, ZERO_EVENT]);
    const removed = await bot.delete(`${path}/${encodeURIComponent("👀")}`);
    expect([removed.status, removed.body]).toMatchObject([
      200,
      { event: { type: "reaction.removed", payload: { count: 0 } }, reactions: [] },
    ]);
    const none = await bot.delete(`${path}/${encodeURIComponent("👀")}`);
    expect([none.status, none.body.event]).toEqual([200, ZERO_EVENT]);
  });

  test("are any text, even none, and come most frequent first", async () => {
    const { id } = await say(bot, workspace, "react");
    for (const emoji of ["b", "", " a"])
      expect((await bot.post(`/api/messages/${id}/reactions`, { emoji })).status).toBe(201);
    await other.post(`/api/messages/${id}/reactions`, { emoji: "b" });
    const { message } = (await other.get(`/api/messages/${id}`)).body;
    expect(message).toMatchObject({
      reactions: [
        { emoji: "b", count: 2, reacted_by_me: true },
        { emoji: "", count: 1, reacted_by_me: false },
        { emoji: " a", count: 1, reacted_by_me: false },
      ],
    });
  });

  test("can be put on a deleted message", async () => {
    const { id } = await say(bot, workspace, "gone");
    await bot.delete(`/api/messages/${id}`);
    expect((await bot.post(`/api/messages/${id}/reactions`, { emoji: "x" })).status).toBe(201);
  });
});
