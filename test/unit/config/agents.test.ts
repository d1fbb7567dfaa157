import { describe, expect, test } from "vitest";
import { account, BOT, given } from "./given.ts";

/** The account `default`, with a document's own sections of the gateway. */
function bot(settings: object, sections: object) {
  return account(given({ ...BOT, ...settings }, { ...sections }));
}

describe("an account's agent", () => {
  const AGENTS = { agents: { list: [{ id: "main" }, { id: "ops", default: true }] } };
  const BINDINGS = { bindings: [{ agentId: "Bound One", match: { channel: "clickclack" } }] };

  test("is its own, in the form that OpenClaw gives ids", () => {
    expect(bot({ agentId: " Rosie's Bot " }, { ...AGENTS, ...BINDINGS }).agentId).toBe("rosie-s-bot");
    expect(bot({ agentId: "***" }, {}).agentId).toBe("main");
  });

  test("or else a binding's", () => {
    expect(bot({}, { ...AGENTS, ...BINDINGS }).agentId).toBe("bound-one");
    expect(bot({ agentId: " " }, BINDINGS).agentId).toBe("bound-one");
  });

  test("or else the one among several that has what nobody owns", () => {
    expect(bot({}, AGENTS).agentId).toBe("ops");
    const entries = { main: {}, Ops: {} };
    const defaults = { systemAgent: { agentId: "OPS" } };
    expect(bot({}, { agents: { ownership: "explicit", entries, defaults } }).agentId).toBe("ops");
  });

  test.each([
    { agents: { list: [{ id: "main" }, { id: "ops" }] } },
    { agents: { entries: { a: { default: true }, b: { default: true } } } },
    { agents: { ownership: "explicit", entries: { a: {}, b: { default: true } } } },
    {
      agents: {
        ownership: "explicit",
        entries: { a: {}, b: {} },
        defaults: { systemAgent: { agentId: "c" } },
      },
    },
    { agents: { entries: { a: {}, b: {} }, defaults: { systemAgent: { agentId: "b" } } } },
    { agents: { list: [{ id: "main", default: true }] } },
    { agents: {} },
    {},
  ])("is left to the gateway with %j", (sections) => {
    expect(bot({}, sections)).not.toHaveProperty("agentId");
  });

  test("entries go before the older list", () => {
    const entries = { a: { default: true }, b: {} };
    expect(bot({}, { agents: { entries, list: [{ id: "c", default: true }, { id: "d" }] } }).agentId).toBe(
      "a",
    );
  });

  test.each([
    null,
    "x",
    3,
    [],
    { entries: "x", list: "y" },
    { list: [null, 3, "main"] },
    { entries: { a: null } },
  ])("is unknown, and the account goes on, when the document has %j for agents", (agents) => {
    const account = bot({}, { agents, bindings: agents, messages: agents });
    expect(account).not.toHaveProperty("agentId");
    expect(account.faults).toEqual([]);
  });
});

describe("bindings", () => {
  /** The agents of two accounts, and the warnings. */
  function bound(...bindings: unknown[]) {
    const config = given({ ...BOT, accounts: { rosie: {} } }, { bindings });
    const agents = [account(config).agentId, account(config, "rosie").agentId];
    return { agents, warnings: config.warnings.map(({ path }) => path) };
  }

  /** A binding on this channel. */
  function binding(agentId: string, match: object = {}, rest: object = {}) {
    return { agentId, match: { channel: "clickclack", ...match }, ...rest };
  }

  test("without an account are of the account `default` alone, as in OpenClaw", () => {
    expect(bound(binding("a")).agents).toEqual(["a", undefined]);
    expect(bound(binding("a", { accountId: " " })).agents).toEqual(["a", undefined]);
  });

  test("name an account in any form of its id, or all of them", () => {
    expect(bound(binding("a", { accountId: " Rosie " })).agents).toEqual([undefined, "a"]);
    expect(bound(binding("a", { accountId: "*" })).agents).toEqual(["a", "a"]);
  });

  test("to the account go before those to all, and the first of several counts", () => {
    const bindings = [
      binding("all", { accountId: "*" }),
      binding("b", { accountId: "rosie" }),
      binding("c", { accountId: "rosie" }),
    ];
    expect(bound(...bindings, binding("late", { accountId: "*" })).agents).toEqual(["all", "b"]);
  });

  test("of other channels and of no known shape are none", () => {
    const others = [
      { agentId: "a", match: { channel: "telegram" } },
      { agentId: "a", match: {} },
      { agentId: "a" },
      { match: { channel: "clickclack" } },
      binding("a", {}, { type: "other" }),
      ...[null, "x", 3],
    ];
    expect(bound(...others)).toEqual({ agents: [undefined, undefined], warnings: [] });
  });

  test.each([
    ["peer", { peer: { kind: "channel", id: "channel:chn_ops" } }],
    ["guildId", { guildId: "1" }],
    ["teamId", { teamId: "1" }],
    ["roles", { roles: ["admin"] }],
  ])("for some conversations by %s are passed over with a warning", (condition, match) => {
    expect(bound(binding("b", match), binding("a"))).toEqual({
      agents: ["a", undefined],
      warnings: [`bindings[0].match.${condition}`],
    });
  });

  test("of ACP are passed over with a warning, and an empty condition is none", () => {
    const acp = { ...binding("b"), type: "acp" };
    expect(bound(acp, binding("a", { guildId: "", roles: [], peer: null })).warnings).toEqual([
      "bindings[0]",
    ]);
  });

  test("with a session scope of their own keep the agent and lose the scope", () => {
    expect(bound(binding("a", {}, { session: { dmScope: "per-peer" } }))).toEqual({
      agents: ["a", undefined],
      warnings: ["bindings[0].session"],
    });
  });

  test("say nothing about an account that names its agent, and warn of nothing there", () => {
    const match = { channel: "clickclack", accountId: "*", peer: { kind: "direct", id: "dm:usr_1" } };
    const config = given({ ...BOT, agentId: "own" }, { bindings: [{ agentId: "b", match }] });
    expect(config.warnings).toEqual([]);
  });

  test("in model mode need the operator's leave, and the fault names the binding", () => {
    const bindings = [binding("a")];
    const { faults } = account(given({ ...BOT, replyMode: "model" }, { bindings }));
    expect(faults).toMatchObject([
      {
        path: "plugins.entries.clickclack.llm.allowAgentIdOverride",
        mend: expect.stringMatching(/ or remove bindings\[0\]\.agentId$/),
      },
    ]);
  });
});
