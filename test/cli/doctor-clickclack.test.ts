import { describe, expect, it } from "vitest";
import { openClinic, serve, wellDocument, wellVariables } from "./doctor-clinic.ts";

const clinic = openClinic();

/** OpenClaw's own list of troubles with ClickClack: each leads to its cause and its mend. */
describe("from OpenClaw's page", () => {
  it("'ClickClack is not configured': names the token and the variable", async () => {
    const document = wellDocument(clinic, { token: undefined });
    const { exit, of } = await clinic.visit(document, { OPENCLAW_GATEWAY_TOKEN: clinic.gatewayToken });
    expect(exit).toBe(1);
    expect(of("secrets").at(-1)).toMatchObject({
      state: "fail",
      found: 'ClickClack is not configured for account "default": no token',
      mend: expect.stringContaining("CLICKCLACK_BOT_TOKEN"),
    });
  });

  it("'workspace not found': names what the token's workspace is called", async () => {
    const { ailing, of } = await clinic.visit(
      wellDocument(clinic, { workspace: "elsewhere" }),
      wellVariables(clinic),
    );
    expect(ailing.workspace).toContain("workspace not found: elsewhere");
    expect(ailing.workspace).toContain(`set workspace to harbour ("Harbour", ${clinic.room.workspaceId})`);
    expect(of("events")).toMatchObject([
      { state: "skip", found: expect.stringContaining("needs workspace") },
    ]);
  });

  it("'no inbound replies', the token without realtime:read: says so, and what to do", async () => {
    const scopes = ["profile:read", "workspaces:read", "channels:read", "messages:read", "messages:write"];
    const room = await clinic.furnish({ bots: [{ name: "Mute", handle: "mute", scopes }] });
    const { of, ailing } = await clinic.visit(wellDocument(clinic, { workspace: room.workspaceId }), {
      ...wellVariables(clinic),
      CLICKCLACK_BOT_TOKEN: room.bot("mute").token,
    });
    expect(of("token")).toMatchObject([{ state: "pass" }]);
    expect(ailing.events).toContain("the token lacks realtime:read, which tail needs");
    expect(of("scopes")).toMatchObject([
      {
        state: "fail",
        found: expect.stringMatching(
          /^missing: realtime:read \(hearing of messages\), threads:read .*dms:read .*threads:write .*dms:write/,
        ),
        mend: expect.stringContaining("bot:write"),
      },
      { state: "warn", found: expect.stringMatching(/uploads:write .*commands:write/) },
    ]);
  });

  it("'no inbound replies', the bot talks to itself: the list names the bot alone", async () => {
    const { id } = clinic.room.bot("scout");
    const { ailing } = await clinic.visit(wellDocument(clinic, { allowFrom: [id] }), wellVariables(clinic));
    expect(ailing["allow-from"]).toContain("names the bot alone, which is never answered");
  });

  it("'no inbound replies', nobody is admitted", async () => {
    const { ailing } = await clinic.visit(wellDocument(clinic, { allowFrom: [] }), wellVariables(clinic));
    expect(ailing.admission).toBe(
      'fail: nobody is answered: channels.clickclack.allowFrom is an empty list → add the ids of those who may ask, or "*" for everyone',
    );
  });

  it("says who is answered, where", async () => {
    const document = wellDocument(clinic, { requireMention: true, allowBots: "mentions" });
    const { of } = await clinic.visit(document, wellVariables(clinic));
    expect(of("admission")).toMatchObject([
      {
        state: "pass",
        found:
          "answers everyone, bots that mention it, in channels only when it is mentioned; never what it says itself",
      },
    ]);
  });

  it("'channel sends fail', the bot is no member: the token is refused", async () => {
    const room = await clinic.furnish({});
    await room.leave(room.bot("scout"));
    const { ailing } = await clinic.visit(wellDocument(clinic, { workspace: room.workspaceId }), {
      ...wellVariables(clinic),
      CLICKCLACK_BOT_TOKEN: room.bot("scout").token,
    });
    expect(ailing.token).toContain("the bot was removed from the workspace");
  });

  it("'channel sends fail', no bot:write: names each scope with what needs it", async () => {
    const room = await clinic.furnish({ bots: [{ name: "Reader", handle: "reader", scopes: ["bot:read"] }] });
    const { of } = await clinic.visit(wellDocument(clinic, { workspace: room.workspaceId }), {
      ...wellVariables(clinic),
      CLICKCLACK_BOT_TOKEN: room.bot("reader").token,
    });
    expect(of("scopes")[0]).toMatchObject({
      state: "fail",
      found:
        "missing: messages:write (answering in channels, and showing that it does), threads:write (answering in threads) and dms:write (answering direct messages)",
      mend: expect.stringContaining("bot:write"),
    });
  });
});

it("looks for no scope that the account has no use for", async () => {
  const { of } = await clinic.visit(wellDocument(clinic, { commandMenu: false }), wellVariables(clinic));
  expect(of("scopes")).toMatchObject([{ state: "pass", found: "all 11 that the account needs" }]);
});

describe("the address", () => {
  it("that nobody answers at", async () => {
    const { ailing, of } = await clinic.visit(
      wellDocument(clinic, { baseUrl: await closedUrl() }),
      wellVariables(clinic),
    );
    expect(ailing.clickclack).toMatch(/no answer from \S+ \(ECONNREFUSED\) → start ClickClack/);
    expect(of("token")).toMatchObject([
      { state: "skip", found: expect.stringContaining("needs clickclack") },
    ]);
  });

  it.each([
    [
      "of the web app",
      200,
      { "content-type": "text/html" },
      "is not ClickClack's API (200 text/html)",
      "apiBaseUrl",
    ],
    [
      "of a proxy that redirects",
      302,
      { location: "https://elsewhere.example/" },
      "a redirect answers",
      "final address",
    ],
    [
      "behind Cloudflare Access",
      302,
      { location: "https://team.cloudflareaccess.com/cdn-cgi/access/login" },
      "Cloudflare Access answers",
      "edge.access.clickclack",
    ],
    ["of a proxy without its server", 502, {}, "fails with status 502", "what stands before it"],
  ])("%s", async (_, status, headers, found, mend) => {
    const { url, seen } = await serveAlike(status, headers);
    const { ailing } = await clinic.visit(wellDocument(clinic, { baseUrl: url }), wellVariables(clinic));
    expect(ailing.clickclack).toContain(found);
    expect(ailing.clickclack).toContain(mend);
    // Whatever it is, it was not shown the token.
    expect(seen.some((header) => header !== undefined)).toBe(false);
  });

  it("without https is a failure where it is public", async () => {
    const { ailing } = await clinic.visit(
      wellDocument(clinic, { baseUrl: "http://chat.example.invalid" }),
      wellVariables(clinic),
    );
    expect(ailing.address).toMatch(/^fail: .*everybody on the way can read the token/);
  });
});

describe("the token", () => {
  it("that was revoked is known for that by another bot, from what the Worker remembers", async () => {
    const room = await clinic.furnish({
      bots: [
        { name: "A", handle: "aa" },
        { name: "B", handle: "bb" },
      ],
    });
    await clinic.control("revoke", { token: room.bot("aa").token });
    const { ailing } = await refused(room, "aa", "bb");
    expect(ailing.token).toBe(
      "fail: ClickClack refuses the token: it was revoked → the token was revoked: set a new one",
    );
  });

  it("whose bot was removed", async () => {
    const room = await clinic.furnish({
      bots: [
        { name: "A", handle: "aa" },
        { name: "B", handle: "bb" },
      ],
    });
    await room.leave(room.bot("aa"));
    expect((await refused(room, "aa", "bb")).ailing.token).toContain("the bot is no longer in the workspace");
  });

  it("whose bot's owner has left", async () => {
    const room = await clinic.furnish({
      bots: [
        { name: "A", handle: "aa", owner: "ben" },
        { name: "B", handle: "bb" },
      ],
    });
    await room.leave(room.person("ben"));
    const { ailing } = await refused(room, "aa", "bb", {
      id: room.person("ben").id,
      handle: "ben",
      name: "Ben",
    });
    expect(ailing.token).toContain("Ben (@ben), whose bot this is, has left the workspace");
  });

  it("that nobody knows anything of", async () => {
    const { ailing } = await clinic.visit(wellDocument(clinic), {
      ...wellVariables(clinic),
      CLICKCLACK_BOT_TOKEN: "ccb_00000000000000000000000000",
    });
    expect(ailing.token).toMatch(/the token is wrong or was revoked.*with --url, the Worker may tell more$/);
  });

  it("that is a person's session", async () => {
    const { ailing } = await clinic.visit(wellDocument(clinic), {
      ...wellVariables(clinic),
      CLICKCLACK_BOT_TOKEN: clinic.room.person("ada").token,
    });
    expect(ailing.token).toContain("it is the session of a person, Ada");
  });

  it("of a person's bot says whose", async () => {
    const room = await clinic.furnish({ bots: [{ name: "A", handle: "aa", owner: "ben" }] });
    const { of } = await clinic.visit(wellDocument(clinic, { workspace: room.workspaceId }), {
      ...wellVariables(clinic),
      CLICKCLACK_BOT_TOKEN: room.bot("aa").token,
    });
    expect(of("owner")).toMatchObject([
      { state: "pass", found: expect.stringContaining("a bot of Ben (@ben, usr_") },
    ]);
  });

  /** Two accounts, the first with a bad token, and a Worker that knows it from better days. */
  async function refused(room: typeof clinic.room, bot: string, witness: string, owner?: object) {
    const { url } = await workerThatShows({
      id: "first",
      configured: true,
      enabled: true,
      faults: [],
      warnings: [],
      identity: { id: room.bot(bot).id, handle: bot, displayName: bot, owner },
      workspace: { id: room.workspaceId, slug: "s", name: "n" },
    });
    const accounts = {
      first: { token: "${FIRST}", agentId: "scout" },
      second: { token: "${SECOND}", agentId: "sage" },
    };
    const document = wellDocument(clinic, { workspace: room.workspaceId, token: undefined, accounts });
    return clinic.visit(
      document,
      {
        OPENCLAW_GATEWAY_TOKEN: clinic.gatewayToken,
        FIRST: room.bot(bot).token,
        SECOND: room.bot(witness).token,
        EDGE_API_TOKEN: "api",
      },
      ["--account", "first", "--url", url],
    );
  }
});

describe("targets", () => {
  it("names the channels that there are for one that is not", async () => {
    const { ailing } = await clinic.visit(
      wellDocument(clinic, { defaultTo: "channel:genral" }),
      wellVariables(clinic),
    );
    expect(ailing["default-target"]).toContain(
      "there is no such channel → set defaultTo to one of: channel:general",
    );
  });

  it.each([
    ["dm:usr_nobody", "nobody in the workspace has this id"],
    ["dm:@nobody", "nobody in the workspace has this handle"],
    ["thread:msg_nothing", "there is no such message, or the bot cannot see it"],
    ["nonsense:x", "Unsupported ClickClack target"],
  ])("%s: %s", async (defaultTo, found) => {
    const { ailing } = await clinic.visit(wellDocument(clinic, { defaultTo }), wellVariables(clinic));
    expect(ailing["default-target"]).toContain(found);
  });

  it("takes a thread and a person that are there", async () => {
    const { room } = clinic;
    const root = await room.say(room.person("ada"), room.channelId("general"), "a root");
    for (const defaultTo of [`thread:${root}`, `dm:${room.person("ada").id}`, "dm:@ada", "library"]) {
      const { of } = await clinic.visit(wellDocument(clinic, { defaultTo }), wellVariables(clinic));
      expect(of("default-target"), defaultTo).toMatchObject([{ state: "pass" }]);
    }
  });

  it("says the id of a group that is named in place of it", async () => {
    const { room } = clinic;
    const groups = {
      library: { requireMention: true },
      chn_gone: {},
      [room.channelId("general")]: {},
      "*": {},
    };
    const { of } = await clinic.visit(wellDocument(clinic, { groups }), wellVariables(clinic));
    expect(of("groups")).toMatchObject([
      { state: "fail", mend: `write its id in its place: ${room.channelId("library")}` },
      { state: "warn", found: "groups.chn_gone: there is no such channel" },
    ]);
  });

  it("says the id of a person who is named by their handle", async () => {
    const { room } = clinic;
    const allowFrom = ["@ben", room.person("ada").id];
    const { ailing } = await clinic.visit(wellDocument(clinic, { allowFrom }), wellVariables(clinic));
    expect(ailing["allow-from"]).toBe(
      `warn: @ben of channels.clickclack.allowFrom is no member of Harbour → name people by their ids: ${room.person("ben").id} for @ben`,
    );
  });
});

describe("what comes from ClickClack", () => {
  it("is looked at over a connection of its own, which a proxy may refuse", async () => {
    const user = clinic.room.bot("scout").id;
    await clinic.control("faults", {
      user_id: user,
      path: "^/api/realtime/ws$",
      fault: { kind: "status", status: 426, body: "no sockets here" },
    });
    const { ailing } = await clinic.visit(wellDocument(clinic), wellVariables(clinic));
    expect(ailing.realtime).toContain("let what stands before ClickClack pass WebSockets");
  });

  it("leaves no connection open", async () => {
    await clinic.visit(wellDocument(clinic), wellVariables(clinic));
    const answer = await fetch(`${clinic.clickclack}/sandbox/sockets?user_id=${clinic.room.bot("scout").id}`);
    expect(await answer.json()).toEqual({ sockets: [] });
  });

  it("is not asked for a connection where callbacks come in its place", async () => {
    const document = wellDocument(clinic, {}, { edge: { accounts: { default: { inbound: "callbacks" } } } });
    const { of, ailing } = await clinic.visit(document, wellVariables(clinic));
    expect(of("realtime")).toMatchObject([{ state: "skip" }]);
    expect(ailing.secrets).toContain("CLICKCLACK_EVENTS_SECRET");
  });

  it("shows that OpenClaw's own plugin has been there", async () => {
    const { token } = clinic.room.bot("scout");
    const commands = [{ command: "elevated", description: "OpenClaw's", args_hint: "" }];
    const answer = await fetch(`${clinic.clickclack}/api/bots/self/commands`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ commands }),
    });
    expect(answer.ok).toBe(true);
    const { ailing } = await clinic.visit(wellDocument(clinic), wellVariables(clinic));
    expect(ailing.menu).toContain("OpenClaw's own plugin has run for this bot");
  });

  it.each([
    [0, "realtime", "pass"],
    [-90, "realtime", "warn"],
    [-400, "realtime", "warn"],
    [400, "both", "fail"],
  ])("by a clock that is %i s off, with %s: %s", async (offBy, inbound, state) => {
    const date = new Date(Date.now() + offBy * 1000).toUTCString();
    const { url } = await serveAlike(
      401,
      { date, "content-type": "application/json" },
      { error: "authentication required" },
    );
    const document = wellDocument(clinic, { baseUrl: url }, { edge: { accounts: { default: { inbound } } } });
    const { of } = await clinic.visit(document, {
      ...wellVariables(clinic),
      CLICKCLACK_EVENTS_SECRET: "ccs_x",
    });
    expect(of("clock")).toMatchObject([{ state }]);
  });
});

/** An address that nobody listens at. */
async function closedUrl(): Promise<string> {
  const { url, close } = await serve(() => {});
  await close();
  return url;
}

/** Something that answers everything alike. @returns the bearer headers that it was shown as well */
async function serveAlike(status: number, headers: Record<string, string>, body: object = {}) {
  const seen: (string | undefined)[] = [];
  const { url } = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  return { url, seen };
}

/** A Worker that is ready and shows one account. */
function workerThatShows(account: object): Promise<{ url: string }> {
  return serve((request, response) => {
    const answer = request.url === "/readyz" ? { ready: true, accounts: {} } : { accounts: [account] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
}
