import { once } from "node:events";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type ClickClack, startClickClack } from "../../sandbox/clickclack/server.ts";

interface Made {
  readonly workspace: { readonly id: string };
  readonly channels: { readonly general: string };
  readonly humans: { readonly ada: Credentials };
  readonly bots: { readonly echo: Credentials };
}

interface Credentials {
  readonly id: string;
  readonly token: string;
}

interface Frame {
  readonly id: string;
  readonly type: string;
}

let server: ClickClack;
let made: Made;
let bot: Credentials;
const clients: WebSocket[] = [];

beforeAll(async () => {
  server = await startClickClack();
});
beforeEach(async () => {
  made = (await control("POST", "workspaces", {
    humans: [{ name: "Ada", handle: "ada" }],
    bots: [{ name: "Echo", handle: "echo" }],
  })) as Made;
  bot = made.bots.echo;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
});
afterAll(() => server.close());

async function control(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${server.url}/sandbox/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error((answer as { error: string }).error);
  return answer;
}

function call(method: string, path: string, body?: object, as = bot): Promise<Response> {
  const headers = { authorization: `Bearer ${as.token}` };
  return fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

async function post(body: string, as = bot): Promise<Frame> {
  const answer = await call(
    "POST",
    `/api/channels/${made.channels.general}/messages`,
    { body, nonce: body },
    as,
  );
  return ((await answer.json()) as { event: Frame }).event;
}

async function bodies(): Promise<string[]> {
  const answer = await call("GET", `/api/channels/${made.channels.general}/messages`);
  return ((await answer.json()) as { messages: { body: string }[] }).messages.map(({ body }) => body);
}

async function sockets(userId = bot.id): Promise<{ sent: number }[]> {
  return ((await control("GET", `sockets?user_id=${userId}`)) as { sockets: { sent: number }[] }).sockets;
}

interface Listener {
  readonly client: WebSocket;
  readonly frames: Frame[];
  readonly closed: Promise<{ code: number; reason: string }>;
}

async function listen(as = bot, afterCursor?: string): Promise<Listener> {
  const query = new URLSearchParams({ workspace_id: made.workspace.id });
  if (afterCursor !== undefined) query.set("after_cursor", afterCursor);
  const client = new WebSocket(`${server.url.replace("http", "ws")}/api/realtime/ws?${query}`, {
    headers: { authorization: `Bearer ${as.token}` },
  });
  clients.push(client);
  const frames: Frame[] = [];
  client.on("message", (data) => frames.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    client.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await once(client, "open");
  return { client, frames, closed };
}

async function until(count: number, { client, frames }: Listener): Promise<void> {
  while (frames.length < count) await once(client, "message");
}

describe("making a workspace", () => {
  test("gives ids and tokens that work, by handle", async () => {
    const me = async (who: Credentials) => (await call("GET", "/api/me", undefined, who)).json();
    expect(await me(made.humans.ada)).toMatchObject({
      user: { id: made.humans.ada.id, kind: "human", handle: "ada" },
    });
    expect(await me(bot)).toMatchObject({ user: { id: bot.id, kind: "bot", display_name: "Echo" } });
  });

  test("begins with an empty event log", async () => {
    const path = `/api/realtime/events?workspace_id=${made.workspace.id}&include_tail=true`;
    expect(await (await call("GET", path)).json()).toEqual({ events: [], tail_cursor: "" });
  });

  test("takes fixed tokens, scopes, owners and channels", async () => {
    const order = {
      name: "Office",
      slug: "office",
      channels: ["general", "Random!"],
      humans: [
        { name: "Ada", handle: "ada", token: "sst_ada" },
        { name: "Ben", handle: "ben" },
      ],
      bots: [{ name: "Own", handle: "own", owner: "ben", scopes: ["bot:read"], token: "ccb_own" }],
    };
    const office = (await control("POST", "workspaces", order)) as Made & { humans: { ben: Credentials } };
    expect(office).toMatchObject({
      workspace: { name: "Office", slug: "office" },
      channels: { general: expect.stringMatching(/^chn_/), "Random!": expect.stringMatching(/^chn_/) },
      humans: { ada: { token: "sst_ada" } },
      bots: { own: { token: "ccb_own" } },
    });
    const own = { id: "", token: "ccb_own" };
    const { user } = (await (await call("GET", "/api/me", undefined, own)).json()) as { user: object };
    expect(user).toMatchObject({ owner_user_id: office.humans.ben.id });
    const answer = await call(
      "POST",
      `/api/channels/${office.channels.general}/messages`,
      { body: "x" },
      own,
    );
    expect(answer.status).toBe(403);
  });

  test.for([
    [{ bots: [{ name: "X", handle: "x", owner: "nobody" }] }, "bot owner nobody is none of the humans"],
    [{ humans: [{ name: "X", handle: "x" }], bots: [{ name: "Y", handle: "x" }] }, "handle x is given twice"],
    [{ people: [] }, /Unrecognized key: "people"/],
  ] as const)("says what is wrong with %o", async ([order, error]) => {
    await expect(control("POST", "workspaces", order)).rejects.toThrow(error);
  });

  test("tells the chat page who there is to be", async () => {
    const { people } = (await control("GET", `people?workspace_id=${made.workspace.id}`)) as {
      people: object[];
    };
    const { id, token } = made.humans.ada;
    expect(people).toEqual([{ display_name: "Ada", handle: "ada", id, token }]);
  });
});

describe("faults", () => {
  const order = (fault: object, more: object = {}) =>
    control("POST", "faults", { user_id: bot.id, fault, ...more });

  test("a lost 201: the message is there, the answer is not, and the nonce finds it", async () => {
    await order({ kind: "drop_after_commit" }, { method: "POST" });
    await expect(post("lost")).rejects.toThrow("fetch failed");
    expect(await bodies()).toEqual(["lost"]);
    const again = await call("POST", `/api/channels/${made.channels.general}/messages`, {
      body: "lost",
      nonce: "lost",
    });
    expect(again.status).toBe(200);
  });

  test("a dropped connection: nothing has happened", async () => {
    await order({ kind: "drop" });
    await expect(post("dropped")).rejects.toThrow("fetch failed");
    expect(await bodies()).toEqual([]);
  });

  test("a request that hangs is never answered", async () => {
    await order({ kind: "hang" });
    const controller = new AbortController();
    const headers = { authorization: `Bearer ${bot.token}` };
    const hanging = fetch(`${server.url}/api/me`, { headers, signal: controller.signal });
    // A request that came later is answered earlier.
    expect((await call("GET", "/api/me")).status).toBe(200);
    controller.abort();
    await expect(hanging).rejects.toThrow("aborted");
  });

  test("a delayed request is answered in the end", async () => {
    await order({ kind: "delay", ms: 1 });
    expect((await call("GET", "/api/me")).status).toBe(200);
    expect(await control("GET", "faults")).toMatchObject({
      faults: expect.arrayContaining([expect.objectContaining({ fired: 1 })]),
    });
  });

  test("a status with a body and headers, and a page of HTML, come from before ClickClack", async () => {
    await order({
      kind: "status",
      status: 429,
      body: { error: "slow down" },
      headers: { "Retry-After": "7" },
    });
    const limited = await call("GET", "/api/me");
    expect([limited.status, limited.headers.get("retry-after"), await limited.json()]).toEqual([
      429,
      "7",
      { error: "slow down" },
    ]);
    await order({ kind: "html", status: 502 });
    const bad = await call("GET", "/api/me");
    expect([bad.status, bad.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(await bad.text()).toMatch(/^<html>/);
  });

  test("meet what they are for, as often as ordered, and no other", async () => {
    const path = "/messages$";
    const { id } = (await order({ kind: "status", status: 500 }, { method: "POST", path, times: 2 })) as {
      id: string;
    };
    expect((await call("GET", "/api/me")).status).toBe(200);
    expect(await post("ada is spared", made.humans.ada)).toMatchObject({ type: "message.created" });
    const statuses = [];
    for (let count = 0; count < 3; count++) {
      statuses.push(
        (await call("POST", `/api/channels/${made.channels.general}/messages`, { body: "x" })).status,
      );
    }
    expect(statuses).toEqual([500, 500, 201]);
    const { faults } = (await control("GET", "faults")) as { faults: { id: string; fired: number }[] };
    expect(faults.find((fault) => fault.id === id)).toMatchObject({ fired: 2, times: 2 });
  });

  test("can be for a whole workspace", async () => {
    const fault = { kind: "status", status: 503 };
    await control("POST", "faults", { workspace_id: made.workspace.id, fault, times: 2 });
    expect((await call("GET", "/api/me")).status).toBe(503);
    expect((await call("GET", "/api/me", undefined, made.humans.ada)).status).toBe(503);
  });

  test("can be taken back, one by one and all of a user's", async () => {
    const { id } = (await order({ kind: "drop" })) as { id: string };
    expect(await control("DELETE", `faults/${id}`)).toEqual({ removed: 1 });
    expect((await call("GET", "/api/me")).status).toBe(200);
    await order({ kind: "drop" });
    await order({ kind: "hang" });
    expect(await control("DELETE", `faults?user_id=${bot.id}`)).toEqual({ removed: 2 });
    expect((await call("GET", "/api/me")).status).toBe(200);
  });

  test("can meet a WebSocket's handshake", async () => {
    await order({ kind: "status", status: 502, body: "bad gateway" }, { path: "/realtime/ws" });
    await expect(listen()).rejects.toThrow("Unexpected server response: 502");
    expect(await sockets()).toEqual([]);
  });

  test("that cannot be are refused", async () => {
    await expect(order({ kind: "earthquake" })).rejects.toThrow("fault");
    await expect(order({ kind: "drop" }, { path: "(" })).rejects.toThrow("must be a regular expression");
  });
});

describe("callers who misbehave", () => {
  test.for(["//", "/api/%zz", "/..%2f..%2fpackage.json", "/api/messages/%00"])(
    "%s is answered",
    async (path) => {
      const { hostname: host, port } = new URL(server.url);
      const status = await new Promise((resolve, reject) => {
        const sent = request({ host, port, path }, (response) => resolve(response.resume().statusCode));
        sent.on("error", reject).end();
      });
      expect([200, 401, 404]).toContain(status);
    },
  );

  test("somebody who goes away while sending leaves nothing behind", async () => {
    const path = `/api/channels/${made.channels.general}/messages`;
    const headers = { authorization: `Bearer ${bot.token}`, "content-length": 1000 };
    const sent = request(server.url + path, { method: "POST", headers });
    sent.write('{"body":"half a ');
    const gone = once(sent, "error");
    while (
      ((await control("GET", `requests?user_id=${bot.id}`)) as { requests: object[] }).requests.length === 0
    );
    sent.destroy(new Error("gone"));
    await gone;
    await post("whole");
    expect(await bodies()).toEqual(["whole"]);
  });
});

describe("sockets", () => {
  test("are listed with what they were sent, until they end", async () => {
    const listener = await listen();
    await post("one");
    await until(1, listener);
    expect(await sockets()).toMatchObject([{ user_id: bot.id, workspace_id: made.workspace.id, sent: 1 }]);
    listener.client.terminate();
    while ((await sockets()).length > 0);
  });

  test("can be closed with any code, and reset", async () => {
    const closed = await listen();
    expect(await control("POST", "sockets/close", { user_id: bot.id, code: 1013, reason: "full" })).toEqual({
      closed: 1,
    });
    expect(await closed.closed).toEqual({ code: 1013, reason: "full" });
    const reset = await listen();
    expect(await control("POST", "sockets/destroy", { user_id: bot.id })).toEqual({ destroyed: 1 });
    expect((await reset.closed).code).toBe(1006);
  });

  test("can be sent a frame that is no event, and go on", async () => {
    const listener = await listen();
    const frame = JSON.stringify({ id: "none of the log", type: "made.up" });
    expect(await control("POST", "sockets/frame", { user_id: bot.id, text: frame })).toEqual({ written: 1 });
    const { id } = await post("after it");
    await until(2, listener);
    expect(listener.frames.map((received) => received.id)).toEqual(["none of the log", id]);
  });

  test("that are deaf stay open and miss what is sent", async () => {
    const listener = await listen();
    await control("POST", "sockets/deaf", { user_id: bot.id, deaf: true });
    await post("missed");
    await control("POST", "sockets/deaf", { user_id: bot.id, deaf: false });
    const { id } = await post("heard");
    await until(1, listener);
    expect(listener.frames.map((frame) => frame.id)).toEqual([id]);
    expect(await sockets()).toHaveLength(1);
  });

  test("that are stalled get 32 events and then 1013", async () => {
    const listener = await listen();
    await control("POST", "sockets/stalled", { user_id: bot.id, stalled: true });
    const ids: string[] = [];
    for (let count = 0; count < 40; count++) ids.push((await post(String(count))).id);
    await control("POST", "sockets/stalled", { user_id: bot.id, stalled: false });
    expect((await listener.closed).code).toBe(1013);
    // One more than the buffer holds: the first was already taken out of it.
    expect(listener.frames.map(({ id }) => id)).toEqual(ids.slice(0, 33));
  });

  test("can get everything twice", async () => {
    const listener = await listen();
    await control("POST", "sockets/duplicate", { user_id: bot.id, duplicate: true });
    const { id } = await post("twice");
    await until(2, listener);
    expect(listener.frames.map((frame) => frame.id)).toEqual([id, id]);
  });

  test("can get events in swapped pairs", async () => {
    const listener = await listen();
    await control("POST", "sockets/reorder", { user_id: bot.id, reorder: true });
    const [first, second] = [await post("1"), await post("2")];
    await until(2, listener);
    expect(listener.frames.map(({ id }) => id)).toEqual([second.id, first.id]);
  });
});

describe("behind a client's back", () => {
  const cursorOf = async (event: Promise<Frame>) => ((await event) as Frame & { cursor: string }).cursor;

  test("events are pruned, which a socket is told and a poll is not", async () => {
    const cursor = await cursorOf(post("old"));
    const upTo = await cursorOf(post("1"));
    for (const body of ["2", "3"]) await post(body);
    expect(await control("POST", "prune", { workspace_id: made.workspace.id, keep: 2 })).toEqual({
      pruned: 2,
      up_to: upTo,
    });
    const path = `/api/realtime/events?workspace_id=${made.workspace.id}&after_cursor=${cursor}`;
    const { events } = (await (await call("GET", path)).json()) as { events: Frame[] };
    expect(events).toHaveLength(2);
    expect((await (await listen(bot, cursor)).closed).code).toBe(4001);
  });

  test("the deliveries of pruned events go with them", async () => {
    const order = { event_types: ["*"], callback_url: "http://127.0.0.1:1/" };
    const path = `/api/workspaces/${made.workspace.id}/event-subscriptions`;
    const { event_subscription } = (await (await call("POST", path, order, made.humans.ada)).json()) as {
      event_subscription: { id: string };
    };
    await post("old");
    const { id } = await post("new");
    await control("POST", "prune", { workspace_id: made.workspace.id, keep: 1 });
    const list = `/api/event-subscriptions/${event_subscription.id}/deliveries`;
    const { deliveries } = (await (await call("GET", list, undefined, made.humans.ada)).json()) as {
      deliveries: { event_id: string }[];
    };
    expect(deliveries.map(({ event_id }) => event_id)).toEqual([id]);
  });

  test("a small replay cap ends a replay with 4001 after so many frames", async () => {
    await control("POST", "replay-cap", { workspace_id: made.workspace.id, cap: 2 });
    const cursor = await cursorOf(post("old"));
    for (const body of ["1", "2", "3"]) await post(body);
    const listener = await listen(bot, cursor);
    expect((await listener.closed).code).toBe(4001);
    expect(listener.frames).toHaveLength(2);
  });

  test("a workspace is restored from an older copy, in which what came later never was", async () => {
    const kept = await cursorOf(post("kept"));
    const path = `/api/channels/${made.channels.general}/messages`;
    const { messages } = (await (await call("GET", path)).json()) as { messages: { id: string }[] };
    const thread = `/api/messages/${messages[0]?.id}/thread`;
    await call("POST", `${thread}/replies`, { body: "later" });
    const later = await cursorOf(post("later"));
    expect(await control("POST", "restore", { workspace_id: made.workspace.id, cursor: kept })).toEqual({
      dropped: 3,
    });
    expect(await bodies()).toEqual(["kept"]);
    expect(await (await call("GET", thread)).json()).toMatchObject({
      replies: [],
      thread_state: { reply_count: 0 },
    });
    expect((await (await listen(bot, later)).closed).code).toBe(4001);
    expect((await cursorOf(post("later"))) > later).toBe(true);
  });

  test("a bot's token is refused once its owner has left", async () => {
    const order = {
      humans: [{ name: "Ada", handle: "ada" }],
      bots: [{ name: "Own", handle: "own", owner: "ada" }],
    };
    const { workspace, humans, bots } = (await control("POST", "workspaces", order)) as Made & {
      bots: { own: Credentials };
    };
    expect((await call("GET", "/api/me", undefined, bots.own)).status).toBe(200);
    await control("POST", "remove-member", { workspace_id: workspace.id, user_id: humans.ada.id });
    expect((await call("GET", "/api/me", undefined, bots.own)).status).toBe(401);
  });

  test("tokens are revoked, of bots and of people", async () => {
    for (const { token } of [bot, made.humans.ada]) {
      await control("POST", "revoke", { token });
      expect((await call("GET", "/api/me", undefined, { id: "", token })).status).toBe(401);
    }
    await expect(control("POST", "revoke", { token: "ccb_none" })).rejects.toThrow("there is no such token");
  });

  test("members are removed, which closes a bot's socket", async () => {
    const { closed } = await listen();
    await control("POST", "remove-member", { workspace_id: made.workspace.id, user_id: bot.id });
    expect((await closed).code).toBe(1008);
    expect((await call("GET", "/api/me")).status).toBe(401);
  });

  test("members are blocked and let go", async () => {
    const target = { workspace_id: made.workspace.id, user_id: bot.id };
    const status = async () =>
      (await call("POST", `/api/channels/${made.channels.general}/messages`, { body: "x" })).status;
    await control("POST", "block", target);
    expect(await status()).toBe(403);
    await control("POST", "block", { ...target, blocked: false });
    expect(await status()).toBe(201);
  });
});

describe("the log of requests", () => {
  test("tells who asked what and how it ended, and no token", async () => {
    const path = `/api/channels/${made.channels.general}/messages`;
    await call("POST", path, { body: "logged" });
    await call("GET", "/api/nope?a=1");
    const { requests } = (await control("GET", `requests?user_id=${bot.id}`)) as { requests: object[] };
    expect(requests).toMatchObject([
      { method: "POST", path, body: { body: "logged" }, status: 201, user_id: bot.id },
      { method: "GET", path: "/api/nope", query: { a: "1" }, status: 404 },
    ]);
    expect(JSON.stringify(requests)).not.toContain(bot.token);
  });

  test("can be searched, and shows faults", async () => {
    await control("POST", "faults", { user_id: bot.id, fault: { kind: "drop" } });
    await expect(call("GET", "/api/me")).rejects.toThrow();
    await call("GET", "/api/workspaces");
    const find = async (query: string) =>
      ((await control("GET", `requests?user_id=${bot.id}&${query}`)) as { requests: object[] }).requests;
    expect(await find("path=/me$")).toMatchObject([{ fault: "drop" }]);
    expect(await find("method=GET&path=workspaces")).toHaveLength(1);
    expect(await find("method=POST")).toEqual([]);
  });
});
