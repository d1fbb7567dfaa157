import { describe, expect, test } from "vitest";
import { account, BOT, given, refusalOf } from "./given.ts";

const LLM = "plugins.entries.clickclack.llm";

function faultsWith(settings: Record<string, unknown>, llm?: Record<string, unknown>) {
  const plugins = llm === undefined ? {} : { entries: { clickclack: { llm } } };
  return account(given({ ...BOT, ...settings }, { plugins })).faults;
}

describe("in model mode", () => {
  test("an agentId needs allowAgentIdOverride, and the fault names the key to set", () => {
    const settings = { replyMode: "model", agentId: "peter-bot" };
    const fault = {
      path: `${LLM}.allowAgentIdOverride`,
      found: 'not set, and account "default" has its own agentId in model mode',
      mend: `set ${LLM}.allowAgentIdOverride to true, or remove channels.clickclack.agentId`,
    };
    expect(faultsWith(settings)).toEqual([fault]);
    expect(faultsWith(settings, { allowModelOverride: true })).toEqual([fault]);
    expect(faultsWith(settings, { allowAgentIdOverride: false })[0]?.found).toMatch(/^false, /);
    expect(faultsWith(settings, { allowAgentIdOverride: true })).toEqual([]);
  });

  test("a model needs allowModelOverride", () => {
    const settings = { replyMode: "model", model: "openai/gpt" };
    expect(faultsWith(settings, { allowAgentIdOverride: true })).toMatchObject([
      { path: `${LLM}.allowModelOverride` },
    ]);
    expect(faultsWith(settings, { allowModelOverride: true })).toEqual([]);
  });

  test.each([
    [["openai/gpt"], []],
    [["anthropic/claude", " openai/gpt "], []],
    [["*"], []],
    [["anthropic/claude"], [`${LLM}.allowedModels`]],
    [[], [`${LLM}.allowedModels`]],
  ])("a model is held to allowedModels %j", (allowedModels, paths) => {
    const faults = faultsWith(
      { replyMode: "model", model: "openai/gpt" },
      { allowModelOverride: true, allowedModels },
    );
    expect(faults.map(({ path }) => path)).toEqual(paths);
  });

  test("a model is held to allowedCompletionModels as well", () => {
    const llm = {
      allowModelOverride: true,
      allowedModels: ["*"],
      allowedCompletionModels: ["anthropic/claude"],
    };
    expect(faultsWith({ replyMode: "model", model: "openai/gpt" }, llm)).toMatchObject([
      { path: `${LLM}.allowedCompletionModels` },
    ]);
  });

  test("neither is needed without an agentId or a model", () => {
    expect(faultsWith({ replyMode: "model" }, { allowedModels: [] })).toEqual([]);
  });

  test("each account answers for itself", () => {
    const config = given({ ...BOT, agentId: "x", accounts: { anna: { replyMode: "model" }, zoe: {} } });
    expect(account(config, "anna").faults).toHaveLength(1);
    expect(account(config, "zoe").faults).toEqual([]);
  });
});

test("in agent mode no bit is needed", () => {
  expect(faultsWith({ agentId: "peter-bot", model: "openai/gpt" })).toEqual([]);
});

test("only true is true", () => {
  const plugins = { entries: { clickclack: { llm: { allowAgentIdOverride: "true" } } } };
  const clickclack = { ...BOT, replyMode: "model", agentId: "x" };
  expect(refusalOf({ plugins, channels: { clickclack } })).toEqual([
    { path: `${LLM}.allowAgentIdOverride`, found: "a text", mend: "use true or false" },
  ]);
});
