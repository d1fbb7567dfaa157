import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api, Event } from "./api.ts";
import {
  type Bot,
  type Contract,
  idOf,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
  say,
  tail,
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

const path = (query = "") => `/api/realtime/events?workspace_id=${workspace.id}${query}`;

async function eventsAfter(reader: Api, cursor: string): Promise<readonly Event[]> {
  return (await reader.get(path(`&after_cursor=${cursor}`))).body.events;
}

describe("the event log", () => {
  test("comes ascending after a cursor, the cursor itself left out", async () => {
    const from = await tail(bot, workspace);
    const ids = [(await say(bot, workspace, "1")).id, (await say(other, workspace, "2")).id];
    const events = await eventsAfter(bot, from);
    expect(events.map(({ payload }) => payload.message_id)).toEqual(ids);
    const cursors = events.map(({ cursor }) => cursor);
    expect(cursors).toEqual([...cursors].sort());
    expect(await eventsAfter(bot, cursors[0] ?? "")).toEqual(events.slice(1));
  });

  test("is the same as what the writer was answered", async () => {
    const from = await tail(bot, workspace);
    const { event } = (await bot.post(`/api/channels/${workspace.channelId}/messages`, { body: "x" })).body;
    expect(await eventsAfter(other, from)).toEqual([event]);
  });

  test("tells its tail on demand only, and an empty one where nothing is to be seen", async () => {
    expect(Object.keys((await bot.get(path("&include_tail=true"))).body)).toEqual(["events", "tail_cursor"]);
    for (const query of ["", "&include_tail=1", "&include_tail=TRUE"]) {
      expect((await bot.get(path(query))).body).not.toHaveProperty("tail_cursor");
    }
    const { tail_cursor, events } = (await bot.get(path("&include_tail=true&limit=500"))).body;
    expect(events.at(-1)?.cursor).toBe(tail_cursor);
  });

  test.for(["cur_00000000000000000000000000", "", "\u0001"])(
    "an unknown cursor %o that sorts first gives everything",
    async (cursor) => {
      const all = (await bot.get(path())).body.events;
      expect(await eventsAfter(bot, encodeURIComponent(cursor))).toEqual(all);
    },
  );

  test.for(["cur_zzzzzzzzzzzzzzzzzzzzzzzzzz", "nonsense", "~"])(
    "an unknown cursor %o that sorts last gives nothing",
    async (cursor) => {
      const answer = await bot.get(path(`&after_cursor=${cursor}`));
      expect([answer.status, answer.body.events]).toEqual([200, []]);
    },
  );

  test("has a limit of 200, which out of 1 to 500 is not changed", async () => {
    const busy = await makeWorkspace(contract);
    const poster = await makeBot(contract, busy);
    const { id } = await say(poster, busy, "edited often");
    for (let count = 0; count < 203; count++)
      await poster.patch(`/api/messages/${id}`, { body: String(count) });
    const count = async (query: string) =>
      (await poster.get(`/api/realtime/events?workspace_id=${busy.id}${query}`)).body.events.length;
    const all = 205;
    expect(await count("&limit=500")).toBe(all);
    for (const limit of ["501", "0", "-1", "many", ""]) expect(await count(`&limit=${limit}`)).toBe(200);
    expect(await count("&limit=3")).toBe(3);
  });

  test("of a workspace that is not the caller's is refused", async () => {
    const blank = await bot.get("/api/realtime/events");
    expect([blank.status, blank.body.error]).toEqual([403, "bot token cannot access this workspace"]);
    const failed = await contract.owner.get(
      "/api/realtime/events?workspace_id=wsp_00000000000000000000000000",
    );
    expect([failed.status, failed.body.error]).toEqual([400, "sql: no rows in result set"]);
  });
});

describe("who sees what", () => {
  test("events of a direct conversation are for its members", async () => {
    const stranger = await makeBot(contract, workspace);
    const from = await tail(bot, workspace);
    const dm = await openDm(bot, workspace, other.id);
    const { message } = (await bot.post(`/api/dms/${dm}/messages`, { body: "psst" })).body;
    await other.post(`/api/messages/${message.id}/thread/replies`, { body: `yes @${stranger.handle}?` });
    await other.post(`/api/messages/${message.id}/reactions`, { emoji: "x" });
    await bot.patch(`/api/messages/${message.id}`, { body: "pssst" });
    await bot.delete(`/api/messages/${message.id}`);
    const types = [
      "message.created",
      "thread.reply_created",
      "thread.state_updated",
      "reaction.added",
      "message.updated",
      "message.deleted",
    ];
    for (const member of [bot, other]) {
      const events = await eventsAfter(member, from);
      expect(events.map(({ type }) => type)).toEqual(types);
      for (const event of events) expect(event.payload.direct_conversation_id).toBe(dm);
    }
    expect(await eventsAfter(stranger, from)).toEqual([]);
  });

  test("a mention in a thread of a direct conversation names outsiders too, and lets them see nothing", async () => {
    const stranger = await makeBot(contract, workspace);
    const dm = await openDm(bot, workspace, other.id);
    const { message } = (await bot.post(`/api/dms/${dm}/messages`, { body: "psst" })).body;
    const answer = await bot.post(`/api/messages/${message.id}/thread/replies`, {
      body: `@${stranger.handle}`,
    });
    expect(answer.body.events[0]?.mentioned_user_ids).toEqual([stranger.id]);
  });

  test("moderation is told to whom it concerns", async () => {
    const blocked = await makeBot(contract, workspace);
    const from = await tail(bot, workspace);
    await contract.owner.patch(`/api/workspaces/${workspace.id}/moderation/members/${blocked.id}`, {
      blocked: true,
    });
    const told = await eventsAfter(blocked, from);
    expect(told).toMatchObject([
      { type: "member.moderation_updated", payload: { role: "bot", user_id: blocked.id } },
    ]);
    expect(await eventsAfter(contract.owner, from)).toEqual(told);
    expect(await eventsAfter(other, from)).toEqual([]);
  });

  test("no event carries text", async () => {
    const from = await tail(bot, workspace);
    const root = await say(bot, workspace, "a secret of sorts");
    await bot.post(`/api/messages/${root.id}/thread/replies`, { body: "a secret of sorts" });
    await bot.patch(`/api/messages/${root.id}`, { body: "a secret of sorts" });
    expect(JSON.stringify(await eventsAfter(other, from))).not.toContain("secret");
  });

  test("a bot sees what it does itself", async () => {
    const from = await tail(bot, workspace);
    await say(bot, workspace, "me");
    await say(contract.owner, workspace, "not me");
    const authors = (await eventsAfter(bot, from)).map(({ payload }) => payload.author_id);
    expect(authors).toEqual([bot.id, await idOf(contract.owner)]);
  });
});
