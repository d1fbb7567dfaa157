import { describe, expect, test } from "vitest";
import { settingsAt } from "../../../src/config/admission.ts";
import { loadConfig } from "../../../src/config/load.ts";
import type { Config } from "../../../src/config/types.ts";
import { matchesPattern } from "../../../src/domain/mention.ts";
import gateway from "../../fixtures/config/plugin/gateway.json5";
import oneBot from "../../fixtures/config/plugin/one-bot.json5";
import team from "../../fixtures/config/plugin/team.json5";
import { account } from "./given.ts";

/*
 * Documents as they run with OpenClaw's own plugin. OpenClaw 2026.9.6 (`openclaw config validate`) and the schema of its
 * plugin 2026.9.4 take each of them; here they load unchanged, and mean the same.
 */

function load(text: string, env: Record<string, string>): Config {
  const loaded = loadConfig(text, {
    OPENCLAW_GATEWAY_URL: "https://gateway.example.com",
    OPENCLAW_GATEWAY_TOKEN: "gateway-token",
    ...env,
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

/** What an account's conversation is under: plain values, patterns as text. */
function effective(config: Config, id: string, channelId?: string) {
  const settings = settingsAt(account(config, id).admission, channelId);
  return {
    allowFrom: settings.allowFrom.value,
    allowBots: settings.allowBots.value,
    requireMention: settings.requireMention.value,
    patterns: settings.mentionPatterns.value.map(({ source }) => source),
    loop: settings.botLoopProtection.value,
  };
}

describe("one bot that waits to be called", () => {
  const config = load(oneBot, { CLICKCLACK_BOT_TOKEN: "ccb_rosie" });
  const HELP_DESK = "chn_01J9ZX7A1B2C3D4E5F6G7H8J9K";
  const ON_CALL = "chn_01J9ZX8M2N3P4Q5R6S7T8V9W0X";
  const LOOP = { enabled: true, maxEventsPerWindow: 20, windowMs: 60_000, cooldownMs: 60_000 };
  const ALLOW_FROM = ["*", "clickclack:usr_01J9ZX6D2C4F8H1K3M5P7R9T0V"];

  test("loads without faults or warnings", () => {
    expect(config.faults).toEqual([]);
    expect(config.warnings).toEqual([]);
    expect(config.activation).toEqual({ on: true });
  });

  test("has the settings of its document", () => {
    expect(account(config)).toMatchObject({
      name: "Rosie",
      baseUrl: "https://chat.example.com",
      agentId: "rosie",
      replyMode: "agent",
      defaultTo: "channel:help-desk",
      reconnectMs: 2500,
      nativeProgress: true,
      commandMenu: true,
      mediaMaxBytes: 20 * 1024 * 1024,
    });
    // The document does not list the agent, so that its name is not known.
    expect(account(config)).not.toHaveProperty("responsePrefix");
  });

  test("is called differently in each of its channels", () => {
    const common = { allowFrom: ALLOW_FROM, allowBots: false, loop: LOOP };
    expect(effective(config, "default")).toEqual({
      ...common,
      requireMention: true,
      patterns: ["\\bro(sie)?\\b", "^help[,:!]"],
    });
    expect(effective(config, "default", "chn_any")).toEqual({
      ...common,
      requireMention: true,
      patterns: ["\\brosie\\b"],
    });
    expect(effective(config, "default", HELP_DESK)).toMatchObject({
      requireMention: false,
      patterns: ["\\brosie\\b"],
    });
    expect(effective(config, "default", ON_CALL)).toEqual({
      ...common,
      allowBots: "mentions",
      requireMention: true,
      patterns: ["^on-?call\\b"],
    });
    const { sharedMentionPatterns } = account(config).admission;
    expect(matchesPattern("Is the Deskbot there?", sharedMentionPatterns.value)).toBe(true);
  });
});

describe("a team of three bots", () => {
  const config = load(team, {
    CLICKCLACK_PLANNER_BOT_TOKEN: "ccb_planner",
    CLICKCLACK_WRITER_BOT_TOKEN: "ccb_writer",
    CLICKCLACK_CRITIC_BOT_TOKEN: "ccb_critic",
  });

  test("loads without faults or warnings, its trust bits set", () => {
    expect(config.faults).toEqual([]);
    expect(config.warnings).toEqual([]);
    expect(config.defaultAccountId).toBe("planner");
    expect([...config.accounts.keys()]).toEqual(["critic", "planner", "writer"]);
  });

  test("answers as its accounts say", () => {
    expect(account(config, "planner")).toMatchObject({
      replyMode: "agent",
      agentId: "planner",
      commandMenu: true,
    });
    expect(account(config, "planner")).not.toHaveProperty("responsePrefix");
    expect(account(config, "writer")).toMatchObject({
      replyMode: "model",
      model: "openai/gpt-5.4-mini",
      responsePrefix: "[gpt-5.4-mini]",
      systemPrompt: "You write short texts. Answer with the text alone.",
      apiBaseUrl: "https://chat.example.com/api-proxy",
    });
    expect(account(config, "critic")).toMatchObject({
      responsePrefix: "anthropic/claude-opus-4-6:",
      commandMenu: false,
    });
  });

  test("lets its bots speak with each other within bounds", () => {
    const team = {
      allowFrom: ["*", "usr_planner", "usr_writer", "usr_critic"],
      patterns: [],
      requireMention: true,
    };
    const wide = { enabled: true, maxEventsPerWindow: 12, windowMs: 120_000, cooldownMs: 300_000 };
    expect(effective(config, "planner", "chn_any")).toEqual({ ...team, allowBots: "mentions", loop: wide });
    expect(effective(config, "planner", "chn_studio")).toEqual({
      ...team,
      allowBots: true,
      loop: { ...wide, maxEventsPerWindow: 6 },
    });
    expect(effective(config, "writer", "chn_studio").loop).toEqual({
      ...wide,
      maxEventsPerWindow: 6,
      windowMs: 30_000,
    });
    expect(effective(config, "critic", "chn_any")).toMatchObject({
      allowBots: false,
      loop: { enabled: false },
    });
    expect(effective(config, "critic", "chn_studio")).toMatchObject({
      allowBots: true,
      loop: { enabled: false },
    });
  });
});

describe("a whole gateway", () => {
  const config = load(gateway, {
    CLICKCLACK_BOT_TOKEN: "ccb_default",
    CLICKCLACK_ALERTS_BOT_TOKEN: "ccb_alerts",
    VLLM_API_KEY: "vllm",
    TELEGRAM_BOT_TOKEN: "123:telegram",
  });

  test("loads without faults, and warns of what it cannot have here", () => {
    expect(config.faults).toEqual([]);
    expect(config.warnings.map(({ path }) => path)).toEqual([
      "channels.clickclack.agentActivity",
      "channels.clickclack.accounts.alerts.mentionPatterns[1]",
      "bindings[2].match.peer",
    ]);
  });

  test("gives each bot the agent that its bindings and its roster say", () => {
    expect(account(config).agentId).toBe("molty");
    expect(account(config, "alerts").agentId).toBe("ops");
    expect(account(config).responsePrefix).toBe("[🦞 Molty]");
    expect(account(config, "alerts")).not.toHaveProperty("responsePrefix");
    expect(account(config)).toMatchObject({ historyLimit: 30, mediaMaxBytes: 12 * 1024 * 1024 });
    expect([config.dmScope, config.groupScope]).toEqual(["per-channel-peer", "per-group"]);
  });

  test("answers whom it answered before", () => {
    const loop = { enabled: true, maxEventsPerWindow: 20, windowMs: 60_000, cooldownMs: 120_000 };
    expect(effective(config, "default", "chn_any")).toEqual({
      ...{ allowFrom: ["*"], allowBots: false, requireMention: true, patterns: [], loop },
    });
    expect(effective(config, "alerts")).toEqual({
      allowFrom: ["usr_monitor", "usr_ada"],
      allowBots: true,
      requireMention: false,
      patterns: ["^(alert|alarm)s?\\b"],
      loop,
    });
    // The channel's `*` goes over what the account says for itself, in OpenClaw as well.
    expect(effective(config, "alerts", "chn_any").requireMention).toBe(true);
  });

  test("knows its agents by name, or by the patterns that they have", () => {
    const shared = (id: string) => account(config, id).admission.sharedMentionPatterns.value;
    expect(["molty, are you there?", "🦞?"].map((text) => matchesPattern(text, shared("default")))).toEqual([
      true,
      true,
    ]);
    expect(matchesPattern("moltys", shared("default"))).toBe(false);
    expect(["who is on call", "ops!"].map((text) => matchesPattern(text, shared("alerts")))).toEqual([
      false,
      true,
    ]);
    expect(matchesPattern("who is on-call?", shared("alerts"))).toBe(true);
  });
});
