import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.ts";
import {
  type Bot,
  type Contract,
  idOf,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
  say,
  type Workspace,
} from "./contract.ts";

const NO_ROWS = "sql: no rows in result set";
const MISSING = "00000000000000000000000000";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
  bot = await makeBot(contract, workspace);
});
afterAll(() => contract.close());

describe("credentials", () => {
  test("no credentials are 401 authentication required", async () => {
    const answer = await contract.nobody.get("/api/me");
    expect([answer.status, answer.body]).toEqual([401, { error: "authentication required" }]);
  });

  test("an unknown token is 401 with the database's text, whatever its prefix", async () => {
    for (const token of [`ccb_${MISSING}`, `sst_${MISSING}`, "x"]) {
      const answer = await new Api(contract.url, token).get("/api/me");
      expect([answer.status, answer.body]).toEqual([401, { error: NO_ROWS }]);
    }
  });

  test("the word Bearer is compared with its case", async () => {
    const headers = { authorization: `bearer ${bot.token}` };
    const answer = await contract.nobody.get("/api/me", { headers });
    expect([answer.status, answer.body.error]).toEqual([401, "authentication required"]);
  });

  test("a revoked token is 401", async () => {
    const revoked = await makeBot(contract, workspace);
    expect((await contract.owner.post(`/api/bot-tokens/${revoked.tokenId}/revoke`)).status).toBe(200);
    const answer = await revoked.get("/api/me");
    expect([answer.status, answer.body.error]).toEqual([401, NO_ROWS]);
  });

  test("the tokens of a bot that was taken out of the workspace are 401", async () => {
    const removed = await makeBot(contract, workspace);
    const path = `/api/workspaces/${workspace.id}/bots/${removed.id}/membership`;
    expect((await contract.owner.delete(path)).status).toBe(204);
    expect((await removed.get("/api/me")).status).toBe(401);
    expect((await contract.owner.delete(path)).status).toBe(404);
  });

  test("a deleted bot's token is 401, and its messages show who it was", async () => {
    const deleted = await makeBot(contract, workspace);
    const message = await say(deleted, workspace, "farewell");
    const answer = await contract.owner.delete(`/api/bots/${deleted.id}`);
    expect([answer.status, Object.keys(answer.body)]).toEqual([200, ["deleted_bot"]]);
    expect((await deleted.get("/api/me")).status).toBe(401);
    const { body } = await bot.get(`/api/messages/${message.id}`);
    expect(body.message).toMatchObject({
      body: "farewell",
      author: { id: deleted.id, handle: "", former_handle: deleted.handle, deleted_at: expect.any(String) },
    });
  });

  test("a person's own user shows notification settings, a bot's does not", async () => {
    const person = (await contract.owner.get("/api/me")).body.user;
    expect(person).toMatchObject({ kind: "human", notification_settings: { pushover_enabled: false } });
    const { user } = (await bot.get("/api/me")).body;
    expect(Object.keys(user)).toEqual(["id", "kind", "display_name", "handle", "avatar_url", "created_at"]);
  });
});

describe("scopes and workspaces", () => {
  test("a missing scope is named", async () => {
    const reader = await makeBot(contract, workspace, ["bot:read"]);
    const answer = await reader.post(`/api/channels/${workspace.channelId}/messages`, { body: "x" });
    expect([answer.status, answer.body.error]).toEqual([403, "bot token is missing scope messages:write"]);
  });

  test.for([
    ["GET", "/api/me", "profile:read"],
    ["GET", "/api/workspaces", "workspaces:read"],
    ["GET", "/api/workspaces/W/members", "workspaces:read"],
    ["GET", "/api/workspaces/W/channels", "channels:read"],
    ["POST", "/api/workspaces/W/channels", "channels:write"],
    ["GET", "/api/channels/C/messages", "messages:read"],
    ["GET", "/api/messages/M", "messages:read"],
    ["PATCH", "/api/messages/M", "messages:write"],
    ["DELETE", "/api/messages/M", "messages:write"],
    ["POST", "/api/messages/M/reactions", "messages:write"],
    ["GET", "/api/messages/by-nonce", "messages:write"],
    ["GET", "/api/messages/M/thread", "threads:read"],
    ["POST", "/api/messages/M/thread/replies", "threads:write"],
    ["GET", "/api/dms", "dms:read"],
    ["GET", "/api/realtime/events", "realtime:read"],
    ["GET", "/api/realtime/ws", "realtime:read"],
    ["POST", "/api/realtime/ephemeral", "messages:write"],
    ["PUT", "/api/bots/self/commands", "commands:write"],
  ])("%s %s needs %s, before anything else is looked at", async ([method = "", path = "", scope]) => {
    const uploader = await makeBot(contract, workspace, ["uploads:write"]);
    const answer = await uploader.call(method, path.replace("W", workspace.id), undefined);
    expect([answer.status, answer.body.error]).toEqual([403, `bot token is missing scope ${scope}`]);
  });

  test.for([
    ["/api/dms", "dms:write"],
    ["/api/dms/D/messages", "dms:write"],
    ["/api/dms/D/read", "dms:read"],
    ["/api/channels/C/read", "messages:read"],
  ])("POST %s reads its body before it looks at the scope %s", async ([path = "", scope]) => {
    const uploader = await makeBot(contract, workspace, ["uploads:write"]);
    expect((await uploader.post(path, undefined, { raw: "{" })).body.error).toBe("unexpected EOF");
    const answer = await uploader.post(path, {});
    expect([answer.status, answer.body.error]).toEqual([403, `bot token is missing scope ${scope}`]);
  });

  test("a message in a direct conversation needs the dms scope as well", async () => {
    const dm = await openDm(contract.owner, workspace, bot.id);
    const { message } = (await contract.owner.post(`/api/dms/${dm}/messages`, { body: "psst" })).body;
    const path = `/api/workspaces/${workspace.id}/bots/${bot.id}/tokens`;
    const made = await contract.owner.post(path, { name: "narrow", scopes: ["messages:read"] });
    expect(made.body.bot_token.scopes).toEqual(["messages:read"]);
    const answer = await new Api(contract.url, made.body.bot_token.token).get(`/api/messages/${message.id}`);
    expect([answer.status, answer.body.error]).toEqual([403, "bot token is missing scope dms:read"]);
  });

  test("bundles are expanded and sorted, and none asked for means bot:write", async () => {
    const path = `/api/workspaces/${workspace.id}/bots/${bot.id}/tokens`;
    const scopesOf = async (scopes: string[]) =>
      (await contract.owner.post(path, { scopes })).body.bot_token.scopes;
    const write = await scopesOf(["bot:write"]);
    expect(write).toEqual([
      "channels:read",
      "commands:write",
      "dms:read",
      "dms:write",
      "messages:read",
      "messages:write",
      "profile:read",
      "realtime:read",
      "threads:read",
      "threads:write",
      "uploads:write",
      "workspaces:read",
    ]);
    expect(await scopesOf([])).toEqual(write);
    expect(await scopesOf(["bot:admin"])).toEqual([...write, "channels:write"].sort());
    expect(await scopesOf(["dms:read, messages:read", "dms:read"])).toEqual(["dms:read", "messages:read"]);
    const answer = await contract.owner.post(path, { scopes: ["bot:everything"] });
    expect([answer.status, answer.body.error]).toEqual([400, "unknown bot scope: bot:everything"]);
  });

  test("a bot token sees its own workspace and no other", async () => {
    const other = await makeWorkspace(contract);
    const { workspaces } = (await bot.get("/api/workspaces")).body;
    expect(workspaces).toEqual([expect.objectContaining({ id: workspace.id, role: "bot" })]);
    for (const path of [
      `/api/workspaces/${other.id}`,
      "/api/realtime/events",
      `/api/dms?workspace_id=${other.id}`,
    ]) {
      const answer = await bot.get(path);
      expect([answer.status, answer.body.error]).toEqual([403, "bot token cannot access this workspace"]);
    }
    expect((await bot.get(`/api/channels/${other.channelId}/messages`)).body.error).toBe(NO_ROWS);
  });

  test.for([
    ["POST", "/api/workspaces", "bot tokens cannot create workspaces"],
    ["PATCH", "/api/me", "bot tokens cannot update profiles"],
    ["POST", "/api/workspaces/W/bots", "bot tokens cannot create bots"],
    ["GET", "/api/workspaces/W/bots", "bot tokens cannot manage bots"],
    ["POST", "/api/workspaces/W/bots/B/tokens", "bot tokens cannot create bot tokens"],
    ["POST", "/api/workspaces/W/bots/B/setup-codes", "bot tokens cannot create bot setup codes"],
    ["POST", "/api/workspaces/W/event-subscriptions", "bot tokens cannot create event subscriptions"],
    ["GET", "/api/workspaces/W/event-subscriptions", "bot tokens cannot manage event subscriptions"],
    ["POST", "/api/workspaces/W/slash-commands", "bot tokens cannot create slash commands"],
    ["DELETE", "/api/dms/D", "bot tokens cannot close direct conversations"],
  ])("%s %s is for people", async ([method = "", path = "", error]) => {
    const answer = await bot.call(method, path.replace("W", workspace.id), undefined);
    expect([answer.status, answer.body.error]).toEqual([403, error]);
  });
});

describe("what is gone or hidden", () => {
  test.for([
    ["GET", `/api/messages/msg_${MISSING}`],
    ["GET", `/api/messages/msg_${MISSING}/thread`],
    ["GET", `/api/channels/chn_${MISSING}/messages`],
    ["GET", `/api/dms/dm_${MISSING}`],
    ["GET", `/api/dms/dm_${MISSING}/messages`],
  ])("%s %s is 403 for a bot and 400 for a person, with the same text", async ([method = "", path = ""]) => {
    const refused = await bot.call(method, path);
    expect([refused.status, refused.body]).toEqual([403, { error: NO_ROWS }]);
    const failed = await contract.owner.call(method, path);
    expect([failed.status, failed.body]).toEqual([400, { error: NO_ROWS }]);
  });

  test("a bot cannot see a direct conversation that it does not belong to", async () => {
    const [first, second] = [await makeBot(contract, workspace), await makeBot(contract, workspace)];
    const dm = await openDm(first, workspace, second.id);
    const { message } = (await first.post(`/api/dms/${dm}/messages`, { body: "between us" })).body;
    for (const path of [`/api/messages/${message.id}`, `/api/dms/${dm}`]) {
      expect((await bot.get(path)).status).toBe(403);
      expect((await second.get(path)).status).toBe(200);
    }
  });
});

describe("routes", () => {
  test("an unknown path under /api is 404 JSON for every method", async () => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const answer = await contract.nobody.call(method, "/api/nope");
      expect([answer.status, answer.text]).toEqual([404, '{"error":"route not found"}\n']);
    }
  });

  test("a known path with another method is 405 without a body, one Allow line per method", async () => {
    const answer = await bot.delete(`/api/channels/${workspace.channelId}/messages`);
    expect([answer.status, answer.text]).toEqual([405, ""]);
    const allowed = await bot.headerLines("DELETE", `/api/channels/${workspace.channelId}/messages`, "allow");
    expect(allowed.sort()).toEqual(["GET", "POST"]);
  });

  test("a path outside /api gives the web app: 200 and HTML", async () => {
    const answer = await bot.get("/messages/whatever");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  });

  test("healthz and readyz ask for no credentials", async () => {
    const [health, ready] = [await contract.nobody.get("/healthz"), await contract.nobody.get("/readyz")];
    expect([health.text, ready.text]).toEqual(['{"status":"ok"}\n', '{"status":"ready"}\n']);
  });

  test("event types are the durable ones, for any caller", async () => {
    const narrow = await makeBot(contract, workspace, ["uploads:write"]);
    const { event_types } = (await narrow.get("/api/event-types")).body as unknown as {
      event_types: string[];
    };
    expect(event_types).toHaveLength(16);
    expect(event_types).toEqual([...event_types].sort());
  });
});

describe("correlation ids", () => {
  test("an acceptable one comes back on every answer", async () => {
    const headers = { "x-correlation-id": " A-z_0.9:x " };
    for (const path of ["/api/me", "/api/nope", "/healthz", "/"]) {
      expect((await contract.nobody.get(path, { headers })).headers.get("x-correlation-id")).toBe(
        "A-z_0.9:x",
      );
    }
  });

  test.for(["", "white space", "a".repeat(129), "ä"])("%o is replaced without a word", async (id) => {
    const answer = await bot.get("/api/me", { headers: { "x-correlation-id": id } });
    expect(answer.headers.get("x-correlation-id")).toMatch(/^corr_[0-9a-f]{32}$/);
  });

  test("it goes into the event of a new message", async () => {
    const path = `/api/channels/${workspace.channelId}/messages`;
    const headers = { "x-correlation-id": "turn:1" };
    const { event } = (await bot.post(path, { body: "correlated" }, { headers })).body;
    expect(event.payload.correlation_id).toBe("turn:1");
  });
});

describe("request bodies", () => {
  const path = () => `/api/channels/${workspace.channelId}/messages`;

  test.for([
    ["", "EOF"],
    ["{", "unexpected EOF"],
    ['{"body":"x', "unexpected EOF"],
    ['{"body":1}', "json: cannot unmarshal number into Go struct field .body of type string"],
    ['{"body":["x"]}', "json: cannot unmarshal array into Go struct field .body of type string"],
    ['{"body":true}', "json: cannot unmarshal bool into Go struct field .body of type string"],
    ['{"body":"x"} {"body":"y"}', "json request body must contain a single JSON value"],
    ["nonsense", "invalid character 'o' in literal null (expecting 'u')"],
    ['{"body":"x",}', "invalid character '}' looking for beginning of object key string"],
    ["{'body':1}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"body" "x"}', "invalid character '\"' after object key"],
    ['{"body":"x" "y"}', "invalid character '\"' after object key:value pair"],
    ['{"body":"\\x"}', "invalid character 'x' in string escape code"],
    ['{"body":"a\nb"}', "invalid character '\\n' in string literal"],
  ])("%o is 400 %s", async ([raw = "", error]) => {
    const answer = await bot.post(path(), undefined, { raw });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });

  test("unknown fields are ignored, names match whatever their case, the content type does not matter", async () => {
    const headers = { "content-type": "text/plain" };
    const answer = await bot.post(path(), { BODY: "shouted", other: 1 }, { headers });
    expect([answer.status, answer.body.message.body]).toEqual([201, "shouted"]);
  });

  test("null is the same as nothing", async () => {
    const answer = await bot.post(path(), { body: null });
    expect([answer.status, answer.body.error]).toEqual([400, "message body is required"]);
  });

  test("more than 1 MiB is 413", async () => {
    const answer = await bot.post(path(), { body: "x".repeat(1_048_576) });
    expect([answer.status, answer.body.error]).toEqual([413, "http: request body too large"]);
  });

  test("a message of 1,000,000 characters is accepted", async () => {
    const answer = await bot.post(path(), { body: "x ".repeat(500_000) });
    expect([answer.status, answer.body.message.body.length]).toEqual([201, 999_999]);
  });
});

describe("answers", () => {
  test("are JSON with sorted wrappers, one line feed and a Vary header", async () => {
    const answer = await bot.post(`/api/channels/${workspace.channelId}/messages`, {
      body: "a <b> & \u2028 c",
    });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("vary")).toBe("Origin");
    expect(Object.keys(answer.body)).toEqual(["event", "message"]);
    expect(answer.text).toContain('"body":"a \\u003cb\\u003e \\u0026 \\u2028 c"');
    expect(answer.text).toMatch(/[^\n]\n$/);
  });

  test("carry times in UTC without trailing zeros", async () => {
    const { created_at } = await say(bot, workspace, "when?");
    expect(created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z$/);
  });

  test("carry ids that are a prefix and a lowercase ULID", async () => {
    const { id } = await say(bot, workspace, "who?");
    expect(id).toMatch(/^msg_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(await idOf(bot)).toMatch(/^usr_[0-9a-hjkmnp-tv-z]{26}$/);
  });
});
