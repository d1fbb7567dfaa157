import { expect, test } from "vitest";
import { BOT, given } from "./given.ts";

const off = { enabled: false };
const entry = { entries: { clickclack: off } };

test.each([
  [
    "plugins.enabled",
    { enabled: false, deny: ["clickclack"], ...entry, allow: ["slack"] },
    false,
    "plugins disabled",
  ],
  ["plugins.deny", { deny: [" clickclack "], ...entry, allow: ["clickclack"] }, false, "blocked by denylist"],
  ["its entry", { ...entry, allow: ["slack"] }, false, "disabled in config"],
  ["channels.clickclack.enabled", { allow: ["slack"] }, false, "channel disabled in config"],
  ["plugins.allow", { allow: ["slack"] }, true, "not in allowlist"],
])("%s switches the channel off before what comes after it", (_, plugins, enabled, reason) => {
  expect(given({ ...BOT, enabled }, { plugins }).activation).toEqual({ on: false, reason });
});

test.each([
  ["no plugins at all", undefined],
  ["lists that do not name it", { allow: [], deny: ["slack"] }],
  ["an allowlist with it", { allow: ["slack", "clickclack"] }],
  ["an entry without a switch", { enabled: true, entries: { clickclack: {}, slack: off } }],
])("%s leaves it on", (_, plugins) => {
  expect(given(BOT, plugins ? { plugins } : {}).activation).toEqual({ on: true });
});

test("a channel that is switched off lacks nothing", () => {
  const config = given(
    { accounts: { peter: { replyMode: "model", agentId: "x" } } },
    { plugins: off, env: {} },
  );
  expect(config.activation.on).toBe(false);
  expect(config.faults).toEqual([]);
  expect(config.accounts.get("peter")?.faults).toEqual([]);
});
