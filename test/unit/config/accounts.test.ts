import { describe, expect, test } from "vitest";
import { normalizeAccountId } from "../../../src/config/account-ids.ts";
import { mergeSettings } from "../../../src/config/merge.ts";
import { account, BOT, ENV, given, PLACE } from "./given.ts";

/** Settings that make a named account work without any at the channel. */
const NAMED = { ...PLACE, token: "ccb_named" };

describe("account ids", () => {
  test.each([
    ["  Peter ", "peter"],
    ["service_bot-2", "service_bot-2"],
    ["a-", "a-"],
    ["Peter's bot!", "peter-s-bot"],
    ["__proto__", "default"],
    ["constructor", "default"],
    ["prototype", "default"],
    ["--- ", "default"],
    ["", "default"],
    ["é".repeat(3), "default"],
    ["x".repeat(70), "x".repeat(64)],
  ])("%j is the account %j", (written, id) => {
    expect(normalizeAccountId(written)).toBe(id);
  });

  test("keys of accounts are read as ids, and faults name the key as written", () => {
    const config = given({ ...PLACE, accounts: { "Peter Bot": { token: "ccb_peter" }, ROSIE: {} } });
    expect([...config.accounts.keys()]).toEqual(["default", "peter-bot", "rosie"]);
    expect(account(config, "peter-bot").token?.reveal()).toBe("ccb_peter");
    expect(account(config, "rosie").faults.map(({ path }) => path)).toEqual([
      "channels.clickclack.accounts.ROSIE.token",
    ]);
    expect(given({ accounts: { "a.b": NAMED, c: { baseUrl: "x" } } }).faults[0]?.path).toBe(
      "channels.clickclack.accounts.c.baseUrl",
    );
  });

  test("two keys that come to one id are a fault, since two bots were meant", () => {
    const config = given({ accounts: { peter: NAMED, Peter: { ...NAMED, token: "ccb_other" } } });
    expect([...config.accounts.keys()]).toEqual(["peter"]);
    expect(account(config, "peter").faults).toMatchObject([
      {
        path: "channels.clickclack.accounts.Peter",
        found: 'the same account id, "peter", as accounts.peter',
      },
    ]);
  });

  test("an account named like a property of every object is the default account", () => {
    const config = given({ accounts: { constructor: NAMED } }, { env: {} });
    expect([...config.accounts.keys()]).toEqual(["default"]);
    expect(account(config).token?.reveal()).toBe("ccb_named");
  });
});

describe("which accounts there are", () => {
  test("the channel itself is the default account when it has all that a bot needs", () => {
    expect([...given(BOT).accounts.keys()]).toEqual(["default"]);
  });

  test("it is listed beside named ones, also when only CLICKCLACK_BOT_TOKEN gives it a token", () => {
    const accounts = { peter: { token: "ccb_peter" } };
    expect([...given({ ...BOT, accounts }).accounts.keys()]).toEqual(["default", "peter"]);
    expect([...given({ ...PLACE, accounts }).accounts.keys()]).toEqual(["default", "peter"]);
    expect([...given({ ...PLACE, accounts }, { env: {} }).accounts.keys()]).toEqual(["peter"]);
    expect([...given({ ...BOT, workspace: "", accounts }).accounts.keys()]).toEqual(["peter"]);
  });

  test("without any account the default one stands alone and says what it lacks", () => {
    const config = given({ accounts: {} }, { env: {} });
    expect([...config.accounts.keys()]).toEqual(["default"]);
    expect(account(config).faults.map(({ found }) => found)).toEqual([
      'ClickClack is not configured for account "default": no token',
      'ClickClack is not configured for account "default": no baseUrl',
      'ClickClack is not configured for account "default": no workspace',
    ]);
  });

  test.each([
    ["the one that is named", { defaultAccount: " Zoe ", accounts: { anna: NAMED, zoe: NAMED } }, "zoe"],
    ["else the one called default", { accounts: { anna: NAMED, default: NAMED } }, "default"],
    ["else the first by name", { accounts: { zoe: NAMED, anna: NAMED } }, "anna"],
    ["as if unset when blank", { defaultAccount: " ", accounts: { zoe: NAMED, anna: NAMED } }, "anna"],
  ])("the default account is %s", (_, clickclack, id) => {
    const config = given(clickclack);
    expect(config.defaultAccountId).toBe(id);
    expect(config.faults.filter(({ path }) => path.startsWith("channels"))).toEqual([]);
  });

  test("a default account that is not listed is reported, and OpenClaw's fallback holds", () => {
    const config = given({ defaultAccount: "zoey", accounts: { zoe: NAMED, anna: NAMED } });
    expect(config.defaultAccountId).toBe("anna");
    const withDefault = given({ defaultAccount: "zoey", accounts: { default: NAMED, anna: NAMED } });
    expect(withDefault.defaultAccountId).toBe("default");
    expect(config.faults).toEqual([
      {
        path: "channels.clickclack.defaultAccount",
        found: "an account that is not there",
        mend: "use one of: anna, zoe",
      },
    ]);
  });
});

describe("settings of an account", () => {
  test("its own go over the channel's, and lists replace lists", () => {
    const config = given({
      ...BOT,
      allowFrom: ["usr_1", "usr_2"],
      systemPrompt: "Be brief.",
      reconnectMs: 2000,
      historyLimit: 5,
      accounts: { peter: { allowFrom: [], systemPrompt: "", replyMode: "model", allowBots: "mentions" } },
    });
    expect(account(config)).toMatchObject({
      admission: { allowFrom: { value: ["usr_1", "usr_2"] } },
      systemPrompt: "Be brief.",
      replyMode: "agent",
    });
    const peter = account(config, "peter");
    expect(peter).toMatchObject({
      admission: { allowFrom: { value: [] }, allowBots: { value: "mentions" } },
      replyMode: "model",
      reconnectMs: 2000,
      historyLimit: 5,
    });
    expect(peter).not.toHaveProperty("systemPrompt");
    expect(peter.token?.reveal()).toBe("ccb_default");
  });

  test("discussions merge key by key", () => {
    expect(
      mergeSettings(
        { discussions: { enabled: true, section: "Sessions" }, mentionPatterns: ["a"] },
        { discussions: { section: "Talks" }, mentionPatterns: ["b"] },
      ),
    ).toMatchObject({ discussions: { enabled: true, section: "Talks" }, mentionPatterns: ["b"] });
  });

  test("blank texts count as unset", () => {
    const blank = {
      name: " ",
      agentId: "",
      model: "",
      systemPrompt: "\n",
      responsePrefix: "",
      defaultTo: " ",
      apiBaseUrl: "",
    };
    const bot = account(given({ ...BOT, ...blank }));
    expect(bot.faults).toEqual([]);
    for (const key of ["name", "agentId", "model", "systemPrompt", "responsePrefix"]) {
      expect(bot).not.toHaveProperty(key);
    }
    expect(bot).toMatchObject({ defaultTo: "channel:general", apiBaseUrl: "https://chat.example.com" });
  });

  test.each([
    [1, 100],
    [100, 100],
    [2500, 2500],
    [90_000, 60_000],
  ])("a reconnect delay of %i ms is used as %i ms", (written, used) => {
    expect(account(given({ ...BOT, reconnectMs: written })).reconnectMs).toBe(used);
  });

  test("a disabled account has no faults, and a disabled channel disables all", () => {
    const one = given({ ...BOT, accounts: { peter: { enabled: false, token: "$NOT_SET", baseUrl: "no" } } });
    expect(account(one, "peter")).toMatchObject({ enabled: false, faults: [] });
    expect(account(one).enabled).toBe(true);
    expect(one.faults).toEqual([]);

    const all = given({ enabled: false, accounts: { peter: { enabled: true } } }, { env: {} });
    expect(account(all, "peter")).toMatchObject({ enabled: false, faults: [] });
    expect(all.faults).toEqual([]);
  });

  test("a fault that accounts inherit stands at its place once, and on each of them", () => {
    const config = given({ ...PLACE, token: "$NOT_SET", accounts: { anna: {}, zoe: {} } }, { env: ENV });
    expect(config.faults.map(({ path }) => path)).toEqual(["channels.clickclack.token"]);
    expect(account(config, "anna").faults).toEqual(config.faults);
    expect(account(config, "zoe").faults).toEqual(config.faults);
  });
});

describe("responsePrefix", () => {
  const MESSAGES = { messages: { responsePrefix: "[all]" } };

  test("is the account's, else the channel's, else that of all messages", () => {
    const accounts = { anna: { responsePrefix: "[anna]" }, zoe: {} };
    const config = given({ ...BOT, responsePrefix: "[channel]", accounts }, MESSAGES);
    expect(account(config, "anna").responsePrefix).toBe("[anna]");
    expect(account(config, "zoe").responsePrefix).toBe("[channel]");
    expect(account(given(BOT, MESSAGES)).responsePrefix).toBe("[all]");
  });

  test.each(["", " "])("that is blank, as %j, takes an inherited one away", (responsePrefix) => {
    const accounts = { anna: { responsePrefix } };
    expect(account(given({ ...BOT, responsePrefix: "[x]", accounts }, MESSAGES), "anna")).not.toHaveProperty(
      "responsePrefix",
    );
    expect(account(given({ ...BOT, responsePrefix }, MESSAGES))).not.toHaveProperty("responsePrefix");
  });

  test("is written out with the agent's name", () => {
    const agents = { entries: { rosie: { identity: { name: "Rosie" } }, ops: {} } };
    const prefixOf = (settings: object) => account(given({ ...BOT, ...settings }, { agents })).responsePrefix;
    expect(prefixOf({ agentId: "rosie", responsePrefix: "auto" })).toBe("[Rosie]");
    expect(prefixOf({ agentId: "rosie", responsePrefix: "{identity.name}:" })).toBe("Rosie:");
    expect(prefixOf({ agentId: "ops", responsePrefix: "auto" })).toBeUndefined();
    expect(prefixOf({ responsePrefix: "{identity.name}:" })).toBe("{identity.name}:");
  });

  test("is written out with the account's model in model mode, where it is sure to answer", () => {
    const settings = { ...BOT, responsePrefix: "[{model}]", model: "openai/gpt-latest" };
    const llm = { allowModelOverride: true };
    const plugins = { entries: { clickclack: { llm } } };
    expect(account(given({ ...settings, replyMode: "model" }, { plugins })).responsePrefix).toBe("[gpt]");
    expect(account(given(settings)).responsePrefix).toBe("[{model}]");
  });

  test.each([null, 3, { responsePrefix: 3 }])(
    "that is odd for all messages, as in %j, is none",
    (messages) => {
      expect(account(given(BOT, { messages }))).not.toHaveProperty("responsePrefix");
    },
  );
});

describe("the largest file that is sent", () => {
  const MIB = 1024 * 1024;

  test.each([
    [{}, {}, 64 * MIB],
    [{ mediaMaxMb: 5 }, {}, 5 * MIB],
    [{ mediaMaxMb: 0.5 }, {}, MIB / 2],
    [{ mediaMaxMb: 1000 }, {}, 64 * MIB],
    [{}, { agents: { defaults: { mediaMaxMb: 8 } } }, 8 * MIB],
    [{ mediaMaxMb: 5 }, { agents: { defaults: { mediaMaxMb: 8 } } }, 5 * MIB],
    [{}, { agents: { defaults: { mediaMaxMb: -1 } } }, 64 * MIB],
  ])("with %j at the channel and %j beside it has %i bytes", (settings, rest, bytes) => {
    expect(account(given({ ...BOT, ...settings }, rest)).mediaMaxBytes).toBe(bytes);
  });
});

test("commands are published and progress is not shown, unless it says otherwise", () => {
  const accounts = { anna: { commandMenu: false, nativeProgress: true } };
  const config = given({ ...BOT, accounts });
  expect(account(config)).toMatchObject({ commandMenu: true, nativeProgress: false });
  expect(account(config, "anna")).toMatchObject({ commandMenu: false, nativeProgress: true });
});
