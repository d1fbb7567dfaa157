import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type Bot,
  type Contract,
  idOf,
  listen,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
  say,
  tail,
  type Workspace,
} from "./contract.ts";
import type { RealtimeSocket } from "./socket.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let other: Bot;
const sockets: RealtimeSocket[] = [];

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
  [bot, other] = [await makeBot(contract, workspace), await makeBot(contract, workspace)];
});
afterEach(() => {
  for (const { client } of sockets.splice(0)) client.terminate();
});
afterAll(() => contract.close());

const PATH = "/api/realtime/ephemeral";
const inChannel = (more: object) => ({
  workspace_id: workspace.id,
  channel_id: workspace.channelId,
  ...more,
});

async function open(reader: Bot): Promise<RealtimeSocket> {
  const socket = await listen(contract, reader, workspace);
  sockets.push(socket);
  return socket;
}

describe("ephemeral events", () => {
  test("typing is 202 and comes to everybody, the sender as well, and is kept nowhere", async () => {
    const [mine, theirs] = [await open(bot), await open(other)];
    const from = await tail(bot, workspace);
    const answer = await bot.post(PATH, inChannel({ type: "typing.started" }));
    expect(answer.status).toBe(202);
    const { event } = answer.body;
    expect(event).toMatchObject({
      id: expect.stringMatching(/^eph_\d{14}\.\d{9}$/),
      cursor: "",
      type: "typing.started",
      channel_id: workspace.channelId,
      payload: { channel_id: workspace.channelId, user_id: bot.id },
    });
    await Promise.all([mine.got(event.id), theirs.got(event.id)]);
    expect(theirs.events).toEqual([event]);
    expect(await tail(bot, workspace)).toBe(from);
  });

  test("in a direct conversation come to its members", async () => {
    const dm = await openDm(bot, workspace, other.id);
    const stranger = await makeBot(contract, workspace);
    const [member, outsider] = [await open(other), await open(stranger)];
    const target = { workspace_id: workspace.id, direct_conversation_id: dm };
    const { event } = (await bot.post(PATH, { ...target, type: "typing.stopped" })).body;
    expect(event).not.toHaveProperty("channel_id");
    expect(event.payload).toEqual({ direct_conversation_id: dm, user_id: bot.id });
    const { event: last } = (await bot.post(PATH, inChannel({ type: "typing.stopped" }))).body;
    await Promise.all([member.got(last.id), outsider.got(last.id)]);
    expect(member.events).toEqual([event, last]);
    expect(outsider.events).toEqual([last]);
  });

  test("keep the payload as it is, except for who and where", async () => {
    const payload = {
      turn_id: "t",
      zebra: { b: 1, a: [null, 1.5] },
      user_id: "usr_x",
      direct_conversation_id: "dm_x",
    };
    const answer = await bot.post(PATH, inChannel({ type: "agent.progress", payload }));
    expect(answer.body.event.payload).toEqual({
      channel_id: workspace.channelId,
      turn_id: "t",
      user_id: bot.id,
      zebra: { a: [null, 1.5], b: 1 },
    });
    expect(answer.text).toContain('"zebra":{"a":[null,1.5],"b":1}');
  });

  test("presence may be for the whole workspace", async () => {
    const body = { workspace_id: workspace.id, type: "presence.changed", payload: { status: "away" } };
    const answer = await bot.post(PATH, body);
    expect([answer.status, answer.body.event.payload]).toEqual([202, { status: "away", user_id: bot.id }]);
  });

  test.for([
    [{ type: "message.created" }, 400, "unsupported ephemeral event type"],
    [{ type: "typing.started" }, 400, "typing events require channel_id or direct_conversation_id"],
    [{ type: "agent.progress" }, 400, "agent.progress requires channel_id or direct_conversation_id"],
    [
      { type: "typing.started", channel_id: "chn_00000000000000000000000000" },
      403,
      "sql: no rows in result set",
    ],
    [{ type: "typing.started", direct_conversation_id: "dm_0" }, 403, "sql: no rows in result set"],
    [
      { type: "typing.started", channel_id: "chn_0", direct_conversation_id: "dm_0" },
      400,
      "channel_id and direct_conversation_id are mutually exclusive",
    ],
    [
      { type: "typing.started", payload: "x" },
      400,
      "json: cannot unmarshal string into Go struct field .payload of type map[string]interface {}",
    ],
  ] as const)("%o is refused", async ([body, status, error]) => {
    const answer = await bot.post(PATH, { workspace_id: workspace.id, ...body });
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  test("progress is for bots, typing for everybody", async () => {
    const refused = await contract.owner.post(PATH, inChannel({ type: "agent.progress" }));
    expect([refused.status, refused.body.error]).toEqual([403, "agent.progress requires a bot token"]);
    const answer = await contract.owner.post(PATH, inChannel({ type: "typing.started" }));
    expect([answer.status, answer.body.event.payload.user_id]).toEqual([202, await idOf(contract.owner)]);
  });

  test("a blocked bot sends none", async () => {
    const blocked = await makeBot(contract, workspace);
    await contract.owner.patch(`/api/workspaces/${workspace.id}/moderation/members/${blocked.id}`, {
      blocked: true,
    });
    const answer = await blocked.post(PATH, inChannel({ type: "typing.started" }));
    expect([answer.status, answer.body.error]).toEqual([403, "moderation restriction: member is blocked"]);
  });

  test("a new menu of a bot is told", async () => {
    const socket = await open(bot);
    await other.put("/api/bots/self/commands", { commands: [] });
    const { event } = (await bot.post(PATH, inChannel({ type: "typing.stopped" }))).body;
    await socket.got(event.id);
    expect(socket.events[0]).toMatchObject({
      id: "",
      cursor: "",
      type: "bot_command.updated",
      payload: { bot_user_id: other.id, workspace_id: workspace.id },
    });
  });

  test("do not count as messages", async () => {
    const { channel_seq } = await say(bot, workspace, "before");
    await bot.post(PATH, inChannel({ type: "typing.started" }));
    expect((await say(bot, workspace, "after")).channel_seq).toBe((channel_seq ?? 0) + 1);
  });
});
