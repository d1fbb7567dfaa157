import { describe, expect, test } from "vitest";
import type { DmScope } from "../../../src/config/types.ts";
import { type SessionPlace, sessionKey } from "../../../src/openclaw/session-key.ts";

const SCOPES: DmScope[] = ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"];
const DM: SessionPlace = { kind: "dm", accountId: "peter", userId: "usr_01m8" };

describe("a direct conversation's session is the one that OpenClaw's plugin uses", () => {
  test.each<[DmScope, string]>([
    ["main", "agent:main:main"],
    ["per-peer", "agent:main:direct:dm:usr_01m8"],
    ["per-channel-peer", "agent:main:clickclack:direct:dm:usr_01m8"],
    ["per-account-channel-peer", "agent:main:clickclack:peter:direct:dm:usr_01m8"],
  ])("with dmScope %s", (scope, key) => {
    expect(sessionKey("main", DM, scope)).toBe(key);
  });
});

test.each(SCOPES)("a channel's is the plugin's too, whatever the dmScope: %s", (scope) => {
  const place: SessionPlace = { kind: "channel", channelId: "chn_general" };
  expect(sessionKey("main", place, scope)).toBe("agent:main:clickclack:channel:channel:chn_general");
});

test.each(SCOPES)("a key is lower case, as the gateway stores it: %s", (scope) => {
  const upper: SessionPlace = { kind: "dm", accountId: "Peter", userId: "USR_01M8" };
  expect(sessionKey("Main", upper, scope)).toBe(sessionKey("main", DM, scope));
  const channel = sessionKey("Main", { kind: "channel", channelId: "CHN_General" }, scope);
  expect(channel).toBe("agent:main:clickclack:channel:channel:chn_general");
});

test.each(SCOPES)(
  "a conversation of several people has a session of its own, whatever the dmScope: %s",
  (scope) => {
    const place: SessionPlace = { kind: "group", dmId: "dm_01M8" };
    expect(sessionKey("Main", place, scope)).toBe("agent:main:clickclack:direct:dm_01m8");
  },
);

test("no two places share a session, but where dmScope `main` says so", () => {
  const places: SessionPlace[] = [
    { kind: "channel", channelId: "chn_1" },
    { kind: "channel", channelId: "chn_2" },
    { kind: "group", dmId: "dm_1" },
    { kind: "group", dmId: "dm_2" },
    { kind: "dm", accountId: "peter", userId: "usr_1" },
    { kind: "dm", accountId: "peter", userId: "usr_2" },
  ];
  for (const scope of SCOPES) {
    const keys = places.map((place) => sessionKey("main", place, scope));
    expect(new Set(keys).size, scope).toBe(scope === "main" ? places.length - 1 : places.length);
  }
});
