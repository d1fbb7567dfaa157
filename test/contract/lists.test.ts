import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "./api.ts";
import {
  type Bot,
  type Contract,
  makeBot,
  makeWorkspace,
  openContract,
  say,
  unique,
  type Workspace,
} from "./contract.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
  bot = await makeBot(contract, workspace);
});
afterAll(() => contract.close());

describe("pages of messages", () => {
  const COUNT = 105;
  const path = (query: string) => `/api/channels/${workspace.channelId}/messages?${query}`;
  const seqs = async (query: string) =>
    (await bot.get(path(query))).body.messages.map(({ channel_seq }) => channel_seq);

  beforeAll(async () => {
    for (let count = 1; count <= COUNT; count++) await say(bot, workspace, String(count));
  });

  test("the latest come without a cursor, ascending, with the state of their threads", async () => {
    const answer = await bot.get(path("limit=2&mode=latest"));
    expect(Object.keys(answer.body)).toEqual([
      "has_newer",
      "has_older",
      "messages",
      "newest_seq",
      "oldest_seq",
    ]);
    expect(answer.body).toMatchObject({
      has_newer: false,
      has_older: true,
      newest_seq: COUNT,
      oldest_seq: COUNT - 1,
    });
    for (const message of answer.body.messages) {
      expect(message).toMatchObject({ thread_state: { reply_count: 0, last_reply_author_ids: [] } });
    }
  });

  test.for([
    ["limit=2&before_seq=5", [3, 4], true, true],
    ["limit=5&before_seq=3", [1, 2], true, false],
    ["limit=2&after_seq=5", [6, 7], true, true],
    ["limit=5&after_seq=103", [104, 105], false, true],
    ["limit=3&around_seq=5", [4, 5, 6], true, true],
    ["limit=4&around_seq=1", [1, 2, 3, 4], true, false],
    ["limit=4&around_seq=105", [102, 103, 104, 105], false, true],
    ["limit=5&around_seq=104", [101, 102, 103, 104, 105], false, true],
    ["limit=5&around_seq=999", [101, 102, 103, 104, 105], false, true],
  ] as const)("%s gives %o", async ([query, expected, hasNewer, hasOlder]) => {
    const { body } = await bot.get(path(query));
    expect(body.messages.map(({ channel_seq }) => channel_seq)).toEqual(expected);
    expect(body).toMatchObject({ has_newer: hasNewer, has_older: hasOlder });
  });

  test("a cursor beyond the end gives an empty page that knows of nothing older", async () => {
    expect((await bot.get(path("after_seq=999"))).body).toEqual({
      has_newer: false,
      has_older: false,
      messages: [],
      newest_seq: 0,
      oldest_seq: 0,
    });
  });

  test.for(["201", "0", "-1", "many", ""])("a limit of %o gives 100", async (limit) => {
    expect(await seqs(`limit=${limit}`)).toHaveLength(100);
  });

  test("200 is the largest limit", async () => {
    expect(await seqs("limit=200")).toHaveLength(COUNT);
  });

  test.for([
    ["before_seq=", "before_seq is required"],
    ["before_seq=x", "before_seq must be a non-negative integer"],
    ["after_seq=-1", "after_seq must be a non-negative integer"],
    ["before_seq=1&after_seq=1", "before_seq, after_seq, and around_seq are mutually exclusive"],
    ["mode=oldest", 'unsupported message page mode "oldest"'],
    ["mode=latest&after_seq=1", "mode and cursor params are mutually exclusive"],
    ["topic_id=", "topic_id is required"],
    ["topic_id=top_00000000000000000000000000", "topic is unavailable"],
  ])("%s is 400", async ([query = "", detail]) => {
    const answer = await bot.get(path(query));
    expect([answer.status, answer.body.error]).toEqual([400, `invalid message page request: ${detail}`]);
  });

  test("replies are not in them", async () => {
    const root = await say(bot, workspace, "root");
    await bot.post(`/api/messages/${root.id}/thread/replies`, { body: "reply" });
    const { messages } = (await bot.get(path("limit=1"))).body;
    expect(messages).toEqual([expect.objectContaining({ id: root.id })]);
    expect(messages[0]?.thread_state?.reply_count).toBe(1);
  });
});

describe("channels", () => {
  const channels = () => `/api/workspaces/${workspace.id}/channels`;

  test("come by name, archived ones as well, with counters", async () => {
    await contract.owner.post(channels(), { name: "Zoo & Co." });
    const made = await contract.owner.post(channels(), { name: "attic", display_title: " The attic " });
    expect(made.body.channel).toMatchObject({
      name: "attic",
      display_title: "The attic",
      kind: "public",
      last_seq: 0,
    });
    expect(made.body.event.type).toBe("channel.created");
    await contract.owner.patch(`/api/channels/${made.body.channel.id}`, { archived: true });
    await contract.owner.post(`/api/channels/${made.body.channel.id}/messages`, { body: "dust" });
    const listed = (await bot.get(channels())).body.channels;
    expect(listed.map(({ name }) => name)).toEqual(["attic", "general", "zoo-co"]);
    expect(listed[0]).toMatchObject({
      archived_at: expect.any(String),
      last_seq: 1,
      last_read_seq: 0,
      unread_count: 1,
    });
  });

  test("a name is taken once", async () => {
    const answer = await contract.owner.post(channels(), { name: "general" });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(
      /UNIQUE constraint failed: channels.workspace_id, channels.name|SQLSTATE 23505/,
    );
    expect((await contract.owner.post(channels(), { name: "guest" })).body.error).toBe(
      "guest channel name is reserved",
    );
  });

  test("a change is told even if nothing changed", async () => {
    const answer = await contract.owner.patch(`/api/channels/${workspace.channelId}`, {});
    expect([answer.status, answer.body.event]).toMatchObject([
      200,
      { type: "channel.updated", payload: { archived: false, channel_id: workspace.channelId } },
    ]);
  });

  test("a bot may make them with the scope, and change them", async () => {
    const admin = await makeBot(contract, workspace, ["bot:admin"]);
    const { id } = (await admin.post(channels(), { name: unique("c") })).body.channel;
    expect((await admin.patch(`/api/channels/${id}`, { display_title: "Mine" })).status).toBe(200);
  });
});

describe("members", () => {
  const members = (query: string) => `/api/workspaces/${workspace.id}/members?${query}`;

  test("come by role and name, with the counts on the first page only", async () => {
    const extra = await makeBot(contract, workspace);
    const first = await bot.get(members("limit=1"));
    expect(Object.keys(first.body)).toEqual([
      "members",
      "next_cursor",
      "has_more",
      "total_count",
      "total_by_role",
    ]);
    expect(first.body.members).toMatchObject([{ role: "owner", workspace_id: workspace.id }]);
    const second = await bot.get(members(`limit=200&cursor=${first.body.next_cursor}`));
    expect(Object.keys(second.body)).toEqual(["members", "has_more"]);
    expect(second.body.members.map(({ user }) => user.id)).toEqual(
      expect.arrayContaining([bot.id, extra.id]),
    );
    expect(new Set(second.body.members.map(({ role }) => role))).toEqual(new Set(["bot"]));
  });

  test("are found by a part of the handle or name, whatever its case", async () => {
    const { members: found } = (await bot.get(members(`q=${bot.handle.toUpperCase()}`))).body;
    expect(found.map(({ user }) => user.id)).toEqual([bot.id]);
    expect((await bot.get(members("q=nobody-at-all"))).body).toEqual({
      members: [],
      has_more: false,
      total_count: 0,
    });
    expect((await bot.get(members("role=owner"))).body).toMatchObject({
      members: [{ role: "owner" }],
      total_count: 1,
    });
  });

  test("a bad limit, role or cursor is 400", async () => {
    const errorOf = async (query: string) => (await bot.get(members(query))).body.error;
    const prefix = "invalid workspace member page request";
    expect(await errorOf("limit=0")).toBe(`${prefix}: limit must be positive`);
    expect(await errorOf("limit=many")).toBe(`${prefix}: limit must be positive`);
    expect(await errorOf("role=king")).toBe(`${prefix}: invalid role filter`);
    expect(await errorOf("cursor=nonsense")).toBe(`${prefix}: malformed cursor`);
  });
});

describe("menus of bots", () => {
  const put = (someone: Bot, commands: unknown) => someone.put("/api/bots/self/commands", { commands });
  const entry = (command: string, more: object = {}) => ({ command, description: "Does it", ...more });

  test("a menu is replaced whole, with new ids, and listed with its bot", async () => {
    const first = await put(bot, [entry(" Status ", { args_hint: "[account]" }), entry("/ask")]);
    expect([first.status, first.body.bot_commands]).toMatchObject([
      200,
      [
        { command: "/ask", args_hint: "" },
        { command: "/status", args_hint: "[account]" },
      ],
    ]);
    const second = await put(bot, [entry("ask")]);
    expect(second.body.bot_commands[0]?.id).not.toBe(first.body.bot_commands[0]?.id);
    const { bot_commands } = (await bot.get(`/api/workspaces/${workspace.id}/bot-commands`)).body;
    expect(bot_commands).toMatchObject([{ command: "/ask", bot: { id: bot.id, handle: bot.handle } }]);
    expect((await put(bot, [])).body).toEqual({ bot_commands: [] });
  });

  test.for([
    [undefined, "commands is required"],
    [[{ command: "status", description: " " }], "commands[0].description is required"],
    [
      [entry("ok"), entry("no spaces")],
      "commands[1].command must match ^/[a-z0-9_-]{1,32}$ after normalization",
    ],
    [[entry("a"), entry("/A")], "commands[1].command duplicates /a"],
    [
      [entry("a", { description: "é".repeat(101) })],
      "commands[0].description must be at most 100 characters",
    ],
    [[entry("a", { args_hint: "é".repeat(101) })], "commands[0].args_hint must be at most 100 characters"],
    [Array.from({ length: 101 }, (_, at) => entry(`c${at}`)), "commands must contain at most 100 entries"],
    [
      [{ command: 1 }],
      "json: cannot unmarshal number into Go struct field BotCommandInput.commands.command of type string",
    ],
  ] as const)("a bad menu is 400 and leaves the old one", async ([commands, error]) => {
    await put(bot, [entry("kept")]);
    const answer = await put(bot, commands);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
    const { bot_commands } = (await bot.get(`/api/workspaces/${workspace.id}/bot-commands`)).body;
    expect(bot_commands.map(({ command }) => command)).toEqual(["/kept"]);
  });

  test("are listed for members, and for bots of the workspace that may see it", async () => {
    const path = `/api/workspaces/${workspace.id}/bot-commands`;
    expect((await contract.owner.get(path)).status).toBe(200);
    const narrow = await makeBot(contract, workspace, ["commands:write"]);
    const elsewhere = await makeBot(contract, await makeWorkspace(contract));
    const cases: [Api, string, string][] = [
      [narrow, path, "bot token is missing scope workspaces:read"],
      [elsewhere, path, "bot token cannot access this workspace"],
      [contract.owner, "/api/workspaces/wsp_0/bot-commands", "workspace membership required"],
    ];
    for (const [someone, target, error] of cases) {
      const answer = await someone.get(target);
      expect([answer.status, answer.body.error]).toEqual([403, error]);
    }
  });

  test("people have none", async () => {
    const answer = await contract.owner.put("/api/bots/self/commands", { commands: [] });
    expect([answer.status, answer.body.error]).toEqual([403, "bot token required"]);
  });
});
