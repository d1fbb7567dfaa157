import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Event } from "./api.ts";
import {
  type Bot,
  type Contract,
  listen,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
  say,
  tail,
  type Workspace,
} from "./contract.ts";
import { openSocket, type RealtimeSocket, refusedSocket } from "./socket.ts";

const RESYNC = { code: 4001, reason: "realtime replay limit exceeded; resync required" };
const OVERFLOW = { code: 1013, reason: "realtime buffer overflow; reconnect with after_cursor to replay" };
const MISSING_CURSOR = "cur_00000000000000000000000000";

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

/** Opens a socket that is torn down after its test. */
async function open(reader: Bot, afterCursor?: string, place = workspace): Promise<RealtimeSocket> {
  const socket = await listen(contract, reader, place, afterCursor);
  sockets.push(socket);
  return socket;
}

/** Posts and returns the event; it is the mark up to which a test looks at what came. */
async function mark(author: Bot = other, place = workspace): Promise<Event> {
  return (await author.post(`/api/channels/${place.channelId}/messages`, { body: "mark" })).body.event;
}

describe("the handshake", () => {
  const refused = (query: Record<string, string>, token?: string, origin?: string) =>
    refusedSocket(contract.url, query, { token, ...(origin === undefined ? {} : { origin }) });

  test("is refused in plain HTTP and JSON", async () => {
    const other_ = { workspace_id: "wsp_00000000000000000000000000" };
    expect(await refused({ workspace_id: workspace.id })).toMatchObject({
      status: 401,
      contentType: "application/json",
      text: '{"error":"authentication required"}\n',
    });
    expect(await refused({}, bot.token)).toMatchObject({
      status: 400,
      text: '{"error":"workspace_id is required"}\n',
    });
    expect(await refused(other_, bot.token)).toMatchObject({
      status: 403,
      text: '{"error":"bot token cannot access this workspace"}\n',
    });
    expect(await refused(other_, contract.owner.token)).toMatchObject({
      status: 403,
      text: '{"error":"sql: no rows in result set"}\n',
    });
  });

  test("takes the token as a subprotocol, which it echoes", async () => {
    const query = { workspace_id: workspace.id, after_cursor: await tail(bot, workspace) };
    const socket = await openSocket(contract.url, query, { protocolToken: bot.token ?? "" });
    sockets.push(socket);
    expect(socket.client.protocol).toBe(`clickclack.bearer.${bot.token}`);
  });

  test("prefers the header to the subprotocol", async () => {
    const query = { workspace_id: workspace.id, after_cursor: await tail(bot, workspace) };
    const socket = await openSocket(contract.url, query, { token: bot.token, protocolToken: "ccb_nonsense" });
    sockets.push(socket);
    expect(socket.client.protocol).toBe("clickclack.bearer.ccb_nonsense");
  });

  test("takes an origin that is the server's own and refuses another in plain text", async () => {
    const query = { workspace_id: workspace.id, after_cursor: await tail(bot, workspace) };
    sockets.push(await openSocket(contract.url, query, { token: bot.token, origin: contract.url }));
    const answer = await refused(query, bot.token, "https://elsewhere.test");
    expect([answer.status, answer.contentType]).toEqual([403, "text/plain; charset=utf-8"]);
  });

  test("brings the correlation id along", async () => {
    const answer = await bot.get(`/api/realtime/ws?workspace_id=${workspace.id}`, {
      headers: { "x-correlation-id": "handshake-1" },
    });
    expect([answer.status, answer.headers.get("x-correlation-id")]).toEqual([426, "handshake-1"]);
  });
});

describe("live events", () => {
  test("are what the writer was answered and what the log has", async () => {
    const socket = await open(bot);
    const from = await tail(bot, workspace);
    const events = [await mark(), await mark(bot)];
    await socket.got(events[1]?.id ?? "");
    expect(socket.events).toEqual(events);
    const logged = (await bot.get(`/api/realtime/events?workspace_id=${workspace.id}&after_cursor=${from}`))
      .body.events;
    expect(socket.events).toEqual(logged);
    expect(socket.texts[0]).not.toMatch(/\n/);
  });

  test("of a reply are the reply and then the state of the thread", async () => {
    const root = await say(other, workspace, "root");
    const socket = await open(bot);
    await other.post(`/api/messages/${root.id}/thread/replies`, { body: "reply" });
    await socket.got((await mark()).id);
    expect(socket.types).toEqual(["thread.reply_created", "thread.state_updated", "message.created"]);
  });

  test("of a direct conversation come to its members and to nobody else", async () => {
    const stranger = await makeBot(contract, workspace);
    const [member, outsider] = [await open(bot), await open(stranger)];
    const dm = await openDm(bot, workspace, other.id);
    const { event } = (await other.post(`/api/dms/${dm}/messages`, { body: "psst" })).body;
    const last = await mark();
    await Promise.all([member.got(last.id), outsider.got(last.id)]);
    expect(member.events).toEqual([event, last]);
    expect(outsider.events).toEqual([last]);
  });

  test("escape what Go escapes", async () => {
    const socket = await open(bot);
    const { id } = await say(bot, workspace, "x");
    await bot.post(`/api/messages/${id}/reactions`, { emoji: "<&>" });
    await socket.got((await mark()).id);
    expect(socket.texts.some((text) => text.includes('"emoji":"\\u003c\\u0026\\u003e"'))).toBe(true);
  });
});

describe("the replay", () => {
  test("sends what came after the cursor and goes on with what comes", async () => {
    const from = await tail(bot, workspace);
    const missed = [await mark(), await mark(), await mark()];
    const socket = await open(bot, from);
    const live = await mark();
    await socket.got(live.id);
    expect(socket.events).toEqual([...missed, live]);
  });

  test("without a cursor sends everything there is", async () => {
    const small = await makeWorkspace(contract);
    const reader = await makeBot(contract, small);
    const last = await mark(reader, small);
    const socket = await open(reader, "", small);
    await socket.got(last.id);
    expect(socket.types).toEqual(["channel.created", "message.created"]);
  });

  test("leaves out what the reader may not see", async () => {
    const stranger = await makeBot(contract, workspace);
    const from = await tail(stranger, workspace);
    const dm = await openDm(bot, workspace, other.id);
    await bot.post(`/api/dms/${dm}/messages`, { body: "psst" });
    const last = await mark();
    const socket = await open(stranger, from);
    await socket.got(last.id);
    expect(socket.events).toEqual([last]);
  });

  test.for([MISSING_CURSOR, "cur_zzzzzzzzzzzzzzzzzzzzzzzzzz", "nonsense"])(
    "with the unknown cursor %s is 4001 and no frame",
    async (cursor) => {
      const socket = await open(bot, cursor);
      expect(await socket.closed).toEqual(RESYNC);
      expect(socket.events).toEqual([]);
    },
  );

  test("with a cursor that is newer than all the reader may see is 4001", async () => {
    const stranger = await makeBot(contract, workspace);
    const dm = await openDm(bot, workspace, other.id);
    const { event } = (await bot.post(`/api/dms/${dm}/messages`, { body: "psst" })).body;
    const socket = await open(stranger, event.cursor);
    expect(await socket.closed).toEqual(RESYNC);
  });

  test("of more than 5000 events is 4001 after 5000 frames", async () => {
    const busy = await makeWorkspace(contract);
    const poster = await makeBot(contract, busy);
    const from = await tail(poster, busy);
    const { id } = await say(poster, busy, "edited often");
    // One event is the message; with 4999 edits there are 5000, which is the cap.
    for (let edits = 0; edits < 4_999; edits += 20) await Promise.all(edit(Math.min(20, 4_999 - edits)));
    const within = await open(poster, from, busy);
    const last = await mark(poster, busy);
    await within.got(last.id);
    expect(within.events).toHaveLength(5_001);
    const beyond = await open(poster, from, busy);
    expect(await beyond.closed).toEqual(RESYNC);
    expect(beyond.events).toHaveLength(5_000);

    function edit(times: number): Promise<unknown>[] {
      return Array.from({ length: times }, (_, at) =>
        poster.patch(`/api/messages/${id}`, { body: String(at) }),
      );
    }
  }, 120_000);
});

describe("a server that never reads", () => {
  test("answers no ping and ignores what is said", async () => {
    const socket = await open(bot);
    socket.client.ping();
    socket.client.send('{"type":"hello"}');
    const last = await mark();
    await socket.got(last.id);
    await socket.got((await mark()).id);
    expect(socket.pongs).toBe(0);
    expect(socket.events[0]).toEqual(last);
  });

  test("does not answer a close frame and goes on sending", async () => {
    const socket = await open(bot);
    socket.client.close(1000);
    await socket.got((await mark()).id);
    await socket.got((await mark()).id);
    expect(socket.client.readyState).toBe(socket.client.CLOSING);
  });
});

describe("the end of a socket", () => {
  test("is 1013 for a reader who falls more than 32 events behind, after those that were kept for it", async () => {
    const socket = await open(bot);
    socket.client.pause();
    const payload = { padding: "x".repeat(1_000_000) };
    const typing = {
      workspace_id: workspace.id,
      channel_id: workspace.channelId,
      type: "typing.started",
      payload,
    };
    for (let count = 0; count < 70; count++)
      expect((await other.post("/api/realtime/ephemeral", typing)).status).toBe(202);
    socket.client.resume();
    expect(await socket.closed).toEqual(OVERFLOW);
    expect(socket.events.length).toBeGreaterThan(32);
    expect(socket.events.length).toBeLessThan(70);
  }, 60_000);

  test("is 1008 for a bot that is taken out of the workspace or deleted, and for no other", async () => {
    for (const end of ["membership", "deletion"]) {
      const leaver = await makeBot(contract, workspace);
      const [leaving, staying] = [await open(leaver), await open(bot)];
      if (end === "membership") {
        await contract.owner.delete(`/api/workspaces/${workspace.id}/bots/${leaver.id}/membership`);
      } else {
        await contract.owner.delete(`/api/bots/${leaver.id}`);
      }
      expect(await leaving.closed).toEqual({ code: 1008, reason: "workspace access revoked" });
      await staying.got((await mark()).id);
      const type = end === "membership" ? "bot.membership_removed" : "bot.deleted";
      expect(staying.events[0]).toMatchObject({
        id: "",
        cursor: "",
        type,
        payload: { bot_user_id: leaver.id },
      });
    }
  });

  test("does not come with the revocation of its token", async () => {
    const revoked = await makeBot(contract, workspace);
    const socket = await open(revoked);
    await contract.owner.post(`/api/bot-tokens/${revoked.tokenId}/revoke`);
    expect((await revoked.get("/api/me")).status).toBe(401);
    await socket.got((await mark()).id);
  });
});

describe("one socket after the other", () => {
  test("resumes from the last cursor without a gap", async () => {
    const first = await open(bot);
    const before = await mark();
    await first.got(before.id);
    first.client.terminate();
    const missed = await mark();
    const second = await open(bot, before.cursor);
    await second.got(missed.id);
    expect(second.events).toEqual([missed]);
  });
});
