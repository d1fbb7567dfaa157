import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClickClack, startClickClack } from "../../sandbox/clickclack/server.ts";
import { type Member, makeRoom, type Room, roomAt } from "../../sandbox/room.ts";

let server: ClickClack;
let room: Room;
let ada: Member;
let ben: Member;

beforeAll(async () => {
  server = await startClickClack();
  const made = await makeRoom(server.url, {
    name: "Office",
    slug: "office",
    channels: ["general"],
    humans: [
      { name: "Ada", handle: "ada" },
      { name: "Ben", handle: "ben" },
    ],
    bots: [
      { name: "Own", handle: "own", owner: "ben" },
      { name: "All", handle: "all" },
    ],
  });
  room = roomAt(server.url, made);
  [ada, ben] = [room.person("ada"), room.person("ben")];
});
afterAll(() => server.close());

async function call(who: Member, method: string, path: string, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${who.token}` };
  return fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

test("a bot that belongs to a person says whose it is, and one of the workspace's says nothing", async () => {
  const me = async (handle: string) => (await call(room.bot(handle), "GET", "/api/me")).json();
  expect(await me("own")).toMatchObject({ user: { kind: "bot", owner_user_id: ben.id } });
  expect(((await me("all")) as { user: object }).user).not.toHaveProperty("owner_user_id");
});

test("a person's bot is locked out while its owner is gone, and nobody else's is", async () => {
  const statusOf = async (handle: string) => (await call(room.bot(handle), "GET", "/api/me")).status;
  await room.leave(ben);
  const answer = await call(room.bot("own"), "GET", "/api/me");
  expect([answer.status, await answer.json()]).toEqual([401, { error: "sql: no rows in result set" }]);
  expect(await statusOf("all")).toBe(200);
  await room.comeBack(ben);
  expect([await statusOf("own"), (await call(ben, "GET", "/api/me")).status]).toEqual([200, 200]);
});

test("a file hangs on a message and is shown with it", async () => {
  const channel = room.channelId("general");
  const id = await room.say(ada, channel, "look");
  const bytes = new TextEncoder().encode("hello");
  const uploadId = await room.attach(ada, id, { filename: "a.txt", contentType: "text/plain", bytes });
  const attachment = { id: uploadId, filename: "a.txt", content_type: "text/plain", byte_size: 5 };
  expect(await room.messageOf(ben, id)).toMatchObject({ id, body: "look", attachments: [attachment] });
  expect(await room.inChannel(ben, channel)).toMatchObject([{ id, attachments: [attachment] }]);
  expect(await (await call(ben, "GET", `/api/uploads/${uploadId}`)).text()).toBe("hello");
});

test("a server that is put back to how it was knows nothing of the files of later", async () => {
  const file = { filename: "a.txt", contentType: "text/plain", bytes: new TextEncoder().encode("x") };
  const id = await room.say(ada, room.channelId("general"), "before");
  const kept = await room.attach(ada, id, file);
  const path = `/api/realtime/events?workspace_id=${room.workspaceId}&include_tail=true`;
  const { tail_cursor: cursor } = (await (await call(ada, "GET", path)).json()) as { tail_cursor: string };
  const lost = await room.attach(ada, id, file);
  const body = JSON.stringify({ workspace_id: room.workspaceId, cursor });
  expect((await fetch(`${server.url}/sandbox/restore`, { method: "POST", body })).status).toBe(200);
  expect((await room.messageOf(ben, id)).attachments).toMatchObject([{ id: kept }]);
  expect((await call(ada, "GET", `/api/uploads/${lost}`)).status).toBe(404);
});

test("the menus of bots are read by anybody", async () => {
  const commands = [{ command: "status", description: "Says how it is", args_hint: "[who]" }];
  const own = room.bot("own");
  await call(own, "PUT", "/api/bots/self/commands", { commands });
  expect(await room.botCommands(ada)).toMatchObject([
    { command: "/status", description: "Says how it is", args_hint: "[who]", bot: { id: own.id } },
  ]);
});
