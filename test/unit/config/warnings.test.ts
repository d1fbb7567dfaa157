import { describe, expect, test } from "vitest";
import { account, BOT, given } from "./given.ts";

describe("a setting without effect is a warning, and the account goes on", () => {
  test.each([
    [{ agentActivity: true }, "channels.clickclack.agentActivity"],
    [{ configWrites: true }, "channels.clickclack.configWrites"],
    [{ botUserId: "usr_bot" }, "channels.clickclack.botUserId"],
    [{ discussions: { enabled: true } }, "channels.clickclack.discussions.enabled"],
  ])("%j", (settings, path) => {
    const config = given({ ...BOT, ...settings });
    expect(config.warnings).toEqual([
      { path, found: expect.stringContaining("has no effect"), mend: expect.stringContaining("remove it") },
    ]);
    expect(account(config).warnings).toEqual(config.warnings);
    expect(config.faults).toEqual([]);
  });

  test.each([
    { agentActivity: false },
    { configWrites: false },
    { botUserId: " " },
    { discussions: { enabled: false, section: "Talks" } },
    { discussions: { workspace: "default" } },
  ])("but not %j, which asks for nothing", (settings) => {
    expect(given({ ...BOT, ...settings }).warnings).toEqual([]);
  });

  test("it is told at the place that sets it", () => {
    const discussions = { enabled: true };
    const accounts = { rosie: { agentActivity: true, discussions: { section: "Talks" } } };
    expect(given({ ...BOT, discussions, accounts }).warnings.map(({ path }) => path)).toEqual([
      "channels.clickclack.discussions.enabled",
      "channels.clickclack.accounts.rosie.agentActivity",
    ]);
    const off = { discussions, accounts: { rosie: { discussions: { enabled: false } } } };
    expect(account(given({ ...BOT, ...off }), "rosie").warnings).toEqual([]);
  });

  test("what is switched off has none", () => {
    expect(given({ ...BOT, enabled: false, agentActivity: true }).warnings).toEqual([]);
    const accounts = { rosie: { enabled: false, agentActivity: true } };
    expect(given({ ...BOT, accounts }).warnings).toEqual([]);
    expect(given({ ...BOT, agentActivity: true }, { plugins: { enabled: false } }).warnings).toEqual([]);
  });
});

describe("toolsAllow", () => {
  test.each([[[]], [["web_search"]], [["read", "group:fs"]]])(
    "keeps the account from starting with %j, since chat users would get more tools than they are allowed",
    (toolsAllow) => {
      const config = given({ ...BOT, toolsAllow, accounts: { rosie: { toolsAllow: ["*"] } } });
      expect(account(config).faults).toEqual([
        {
          path: "channels.clickclack.toolsAllow",
          found: expect.stringContaining("narrows the agent's tools"),
          mend: expect.stringMatching(/^restrict the agent itself.*remove this key$/),
        },
      ]);
      expect(account(config, "rosie").faults).toEqual([]);
    },
  );

  test("is the same in model mode, where the gateway runs the agent with its tools as well", () => {
    expect(account(given({ ...BOT, replyMode: "model", toolsAllow: [] })).faults).toHaveLength(1);
  });

  test("that allows every tool narrows nothing", () => {
    expect(given({ ...BOT, toolsAllow: ["read", " * "] }).faults).toEqual([]);
  });
});
