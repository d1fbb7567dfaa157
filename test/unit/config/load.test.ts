import { describe, expect, test } from "vitest";
import template from "../../../openclaw.json5";
import { configText, loadConfig } from "../../../src/config/load.ts";
import oneBot from "../../fixtures/config/openclaw-page-one-bot.json5";
import severalBots from "../../fixtures/config/openclaw-page-several-bots.json5";
import { account, BOT, ENV, faultsOf, given, nest, refusalOf } from "./given.ts";

const GATEWAY = {
  OPENCLAW_GATEWAY_URL: "https://gateway.example.com",
  OPENCLAW_GATEWAY_TOKEN: "gateway-token",
};

function load(text: string, env: Record<string, unknown>) {
  const loaded = loadConfig(text, env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

describe("documents that users have", () => {
  test("OpenClaw's example of one bot loads unchanged", () => {
    const config = load(oneBot, { ...GATEWAY, CLICKCLACK_BOT_TOKEN: "ccb_one" });

    expect(config.faults).toEqual([]);
    expect(config.activation).toEqual({ on: true });
    expect(config.defaultAccountId).toBe("default");
    expect([...config.accounts.keys()]).toEqual(["default"]);
    expect(account(config)).toMatchObject({
      enabled: true,
      baseUrl: "https://app.clickclack.chat",
      apiBaseUrl: "https://app.clickclack.chat",
      workspace: "default",
      defaultTo: "channel:general",
      agentId: "clickclack-bot",
      replyMode: "model",
      admission: { allowFrom: { value: ["*"] }, allowBots: { value: false } },
      reconnectMs: 1500,
      historyLimit: 20,
    });
    expect(account(config).token?.reveal()).toBe("ccb_one");
    expect(config.gateway?.url).toBe("https://gateway.example.com");
    expect(config.gateway?.token.reveal()).toBe("gateway-token");
  });

  test("OpenClaw's example of several bots loads unchanged", () => {
    const config = load(severalBots, {
      ...GATEWAY,
      CLICKCLACK_SERVICE_BOT_TOKEN: "ccb_service",
      CLICKCLACK_PETER_BOT_TOKEN: "ccb_peter",
    });

    expect(config.faults).toEqual([]);
    expect(config.defaultAccountId).toBe("service");
    expect([...config.accounts.keys()]).toEqual(["peter", "service"]);
    expect(account(config, "peter")).toMatchObject({
      baseUrl: "https://app.clickclack.chat",
      defaultTo: "dm:usr_...",
      agentId: "peter-bot",
    });
    expect(account(config, "peter").token?.reveal()).toBe("ccb_peter");
    expect(account(config, "service").token?.reveal()).toBe("ccb_service");
  });

  test("the template that comes with the project loads", () => {
    const config = load(template, ENV);
    expect(config.faults).toEqual([]);
    expect(account(config).replyMode).toBe("agent");
  });

  test("the template asks for what it lacks before its secrets are set", () => {
    expect(faultsOf(template, {}).map(({ path }) => path)).toEqual([
      "gateway.remote.url",
      "gateway.remote.token",
      "channels.clickclack.token",
    ]);
  });

  test("sections and channels that only a gateway reads pass as they are", () => {
    const config = given(BOT, {
      agents: { defaults: { model: "${NOT_SET}" }, anything: [1, null] },
      models: { providers: {} },
      bindings: [],
      messages: { responsePrefix: "auto" },
      session: { scope: "per-sender" },
      gateway: { port: 18789, auth: { mode: "token", token: "${NOT_SET}" } },
    });
    expect(config.faults).toEqual([]);
    expect(faultsOf({ channels: { clickclack: BOT, slack: { anything: true }, defaults: {} } })).toEqual([]);
  });

  test("OPENCLAW_CONFIG replaces the bundled document", () => {
    expect(configText({ OPENCLAW_CONFIG: "{}" }, "bundled")).toBe("{}");
    expect(configText({ OPENCLAW_CONFIG: "  " }, "bundled")).toBe("bundled");
    expect(configText({}, "bundled")).toBe("bundled");
  });

  test("direct messages are private unless the document says otherwise", () => {
    expect(given(BOT).dmScope).toBe("per-channel-peer");
    expect(given(BOT, { session: { dmScope: "main" } }).dmScope).toBe("main");
    expect(given(BOT).groupScope).toBe("per-group");
    expect(given(BOT, { session: { groupScope: "main" } }).groupScope).toBe("main");
  });

  test("a document without a ClickClack section says what the default account lacks", () => {
    const faults = faultsOf({}, GATEWAY);
    expect(faults.map(({ path }) => path)).toEqual([
      "channels.clickclack.token",
      "channels.clickclack.baseUrl",
      "channels.clickclack.workspace",
    ]);
    expect(faults[0]?.found).toBe('ClickClack is not configured for account "default": no token');
  });
});

describe("variables", () => {
  test("${NAME} is filled in anywhere in a text", () => {
    const config = given(
      {
        ...BOT,
        baseUrl: "https://${HOST}/chat",
        allowFrom: ["usr_${WHO}", "$WHO"],
        name: "$${WHO} ${lower}",
      },
      { env: { ...ENV, HOST: "chat.example.com", WHO: "1" } },
    );
    expect(account(config)).toMatchObject({
      baseUrl: "https://chat.example.com/chat",
      admission: { allowFrom: { value: ["usr_1", "$WHO"] } },
      name: "${WHO} ${lower}",
    });
  });

  test("one that is not set is a fault of the accounts that use it", () => {
    const config = given({ ...BOT, accounts: { a: {}, b: { workspace: "${NOWHERE}" } } });
    const fault = {
      path: "channels.clickclack.accounts.b.workspace",
      found: "${NOWHERE}, which is not set",
      mend: "run wrangler secret put NOWHERE, or set NOWHERE under [vars] in wrangler.toml",
    };
    expect(config.faults).toEqual([fault]);
    expect(account(config, "a").faults).toEqual([]);
    expect(account(config, "b").faults).toEqual([fault]);
  });

  test("one that is not set in a list is placed by its item", () => {
    const config = given({ ...BOT, allowFrom: ["usr_1", "usr_${NOWHERE}"] });
    expect(config.faults).toMatchObject([{ path: "channels.clickclack.allowFrom[1]" }]);
  });

  test("a binding is not a variable", () => {
    const config = given(
      { ...BOT, name: "${BOT_ACCOUNT}" },
      { env: { ...ENV, BOT_ACCOUNT: { idFromName() {} } } },
    );
    expect(config.faults.map(({ path }) => path)).toEqual(["channels.clickclack.name"]);
  });
});

describe("faults", () => {
  test("all of a broken document come at once, each with its place, what was found and how to mend it", () => {
    const faults = refusalOf({
      chanels: {},
      session: { dmScope: "everyone" },
      plugins: { entries: { clickclack: { llm: { allowAgentIdOverride: "yes" }, enable: true } } },
      edge: { acces: {} },
      gateway: { remote: { url: "ftp://gateway.example.com", token: ["gateway-token"] } },
      channels: {
        clickclack: {
          baseUrl: "https://chat.example.com",
          timeoutSeconds: 30,
          historyLimit: -1,
          groups: { "*": { requireMentions: true } },
          accounts: {
            peter: { replyMode: "modle", workspace: 7, token: "${PETER}", agentId: "peter-bot" },
            rosie: { workspace: "default", token: { source: "file", provider: "default", id: "value" } },
            "a.b": { workspace: "default", token: "$TOKEN", mediaMaxMb: 0, allowFrom: ["usr_1", 2] },
          },
        },
      },
    });

    const clickclack = "channels.clickclack";
    const peter = `${clickclack}.accounts.peter`;
    expect(new Set(faults)).toEqual(
      new Set([
        { path: "chanels", found: "an unknown key", mend: "did you mean channels? Otherwise remove it" },
        {
          path: "session.dmScope",
          found: '"everyone"',
          mend: 'use "main", "per-peer", "per-channel-peer" or "per-account-channel-peer"',
        },
        {
          path: "plugins.entries.clickclack.llm.allowAgentIdOverride",
          found: "a text",
          mend: "use true or false",
        },
        {
          path: "plugins.entries.clickclack.enable",
          found: "an unknown key",
          mend: "did you mean enabled? Otherwise remove it",
        },
        { path: "edge.acces", found: "an unknown key", mend: "did you mean access? Otherwise remove it" },
        {
          path: "gateway.remote.token",
          found: "a list",
          mend: 'use { source: "env", provider: "default", id: "NAME" }, with NAME in capitals, or a text',
        },
        {
          path: `${clickclack}.timeoutSeconds`,
          found: "an unknown key",
          mend: "remove it: OpenClaw has retired this key",
        },
        { path: `${clickclack}.historyLimit`, found: "-1", mend: "use a whole number from 0 up" },
        {
          path: `${clickclack}.groups["*"].requireMentions`,
          found: "an unknown key",
          mend: "did you mean requireMention? Otherwise remove it",
        },
        { path: `${peter}.replyMode`, found: '"modle"', mend: 'use "agent" or "model"' },
        { path: `${peter}.workspace`, found: "a number", mend: "use a text" },
        { path: `${clickclack}.accounts["a.b"].mediaMaxMb`, found: "0", mend: "use a number above 0" },
        { path: `${clickclack}.accounts["a.b"].allowFrom[1]`, found: "a number", mend: "use a text" },
        {
          path: "gateway.remote.url",
          found: "a URL that does not begin with https:// or wss://",
          mend: "use an address such as https://chat.example.com",
        },
        {
          path: `${peter}.token`,
          found: "Worker secret PETER, which is not set",
          mend: "run wrangler secret put PETER",
        },
        {
          path: `${clickclack}.accounts.rosie.token`,
          found: "a reference to a file, and a Worker has no files",
          mend: 'use { source: "env", provider: "default", id: "CLICKCLACK_ROSIE_BOT_TOKEN" } and run wrangler secret put CLICKCLACK_ROSIE_BOT_TOKEN',
        },
        {
          path: `${clickclack}.accounts["a.b"].token`,
          found: "Worker secret TOKEN, which is not set",
          mend: "run wrangler secret put TOKEN",
        },
      ]),
    );
  });

  test("what only follows from a refused part is not reported beside it", () => {
    const paths = (clickclack: unknown) => refusalOf({ channels: { clickclack } }).map(({ path }) => path);
    expect(paths({ ...BOT, baseUrl: 5, accounts: { a: {}, b: {} } })).toEqual([
      "channels.clickclack.baseUrl",
    ]);
    expect(paths({ ...BOT, accounts: { a: 5 } })).toEqual(["channels.clickclack.accounts.a"]);
    expect(paths(null)).toEqual(["channels.clickclack"]);
    expect(refusalOf([])).toEqual([{ path: "(document)", found: "a list", mend: "use an object" }]);
  });

  test("a syntax error is placed by line and column, and its line is not quoted", () => {
    expect(refusalOf('{\n  gateway: { remote: { token: "secret" "oops" } },\n}')).toEqual([
      {
        path: "(document)",
        found: "a JSON5 syntax error at line 2, column 40",
        mend: "look there and just before for a comma, quote or bracket that is missing or too much",
      },
    ]);
    expect(refusalOf("{")[0]?.found).toBe("a JSON5 syntax error at line 1, column 2");
  });

  test.each([
    ["$include", "a.b.$include", { a: { b: { $include: "./other.json5" } } }],
    ["$include in a list", "agents.list[0].$include", { agents: { list: [{ $include: "x" }] } }],
    ["$include for the channel", "channels.$include", { channels: { $include: ["./channels.json5"] } }],
    ["$include for everything", "$include", { $include: "./base.json5" }],
  ])("%s is refused, since a Worker has no files", (_, path, document) => {
    const fault = refusalOf(document, {}).find((each) => each.path === path);
    expect(fault?.found).toBe("an include, and a Worker has no files");
  });

  test("what an include may hold is not missed", () => {
    expect(refusalOf({ $include: "./base.json5" }, {})).toHaveLength(1);
  });

  test.each([
    ["channels.clickclack.REPLYMODE", "did you mean replyMode? Otherwise remove it"],
    ["channels.clickclack.accounts.peter.alowFrom", "did you mean allowFrom? Otherwise remove it"],
    [
      "channels.clickclack.accounts.peter.historyLimit",
      "move it to channels.clickclack, where it counts for every account",
    ],
    ["channels.clickclack.accounts.peter.accounts", "remove it"],
    ["channels.clickclack.botLoopProtection.window", "remove it"],
    ["channels.clickclack.groups.chn_1.allowBot", "did you mean allowBots? Otherwise remove it"],
    ["channels.clickclack.discussions.sections", "did you mean section? Otherwise remove it"],
    [
      "plugins.entries.clickclack.llm.allowModelsOverride",
      "did you mean allowModelOverride? Otherwise remove it",
    ],
    ["edge.callbacks", "remove it"],
    ["edge.access.clickclak", "did you mean clickclack? Otherwise remove it"],
    ["constructor", "remove it"],
    ["toString", "remove it"],
  ])("an unknown key is refused by name: %s", (path, mend) => {
    const faults = refusalOf(nest(path, {})).filter((fault) => fault.found === "an unknown key");
    expect(faults).toEqual([{ path, found: "an unknown key", mend }]);
  });

  test("__proto__ is refused wherever it stands and changes nothing", () => {
    const faults = refusalOf(
      '{ channels: { clickclack: { accounts: { "__proto__": { enabled: false } } } } }',
    );
    expect(faults.map(({ path }) => path)).toContain("channels.clickclack.accounts.__proto__");
    expect(({} as { enabled?: boolean }).enabled).toBeUndefined();
  });

  test.each([
    ["mediaMaxMb", [0.5, 64], [0, -1, "8"]],
    ["historyLimit", [0, 200], [-1, 1.5, "20"]],
    ["botLoopProtection.maxEventsPerWindow", [1, 20], [0, 2.5]],
    ["botLoopProtection.windowSeconds", [1], [0]],
    ["botLoopProtection.cooldownSeconds", [1], [0]],
    ["reconnectMs", [100, 60000], [1.5, "1500"]],
    ["allowBots", [true, false, "mentions"], ["always", 1]],
    ["replyMode", ["agent", "model"], ["Agent", true]],
    ["requireMention", [true], ["true", 1]],
    ["allowFrom", [[], ["*"]], ["*", [1], null]],
    ["token", ["ccb_x", { source: "exec", provider: "x", id: "y" }], [{ source: "env", id: "X" }, null]],
  ])("%s is held to its range", (key, good, bad) => {
    const path = `channels.clickclack.${key}`;
    for (const value of good) {
      expect(loadConfig(JSON.stringify(nest(path, value)), ENV)).toMatchObject({ ok: true });
    }
    for (const value of bad) {
      expect(refusalOf(nest(path, value)).some((fault) => fault.path.startsWith(path))).toBe(true);
    }
  });
});
