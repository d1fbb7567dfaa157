import { describe, expect, test } from "vitest";
import type { DmScope } from "../../../src/config/types.ts";
import { type SessionPlace, sessionKey, sessionName } from "../../../src/openclaw/session-key.ts";

const SCOPES: DmScope[] = ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"];
const DM: SessionPlace = { kind: "dm", accountId: "peter", userId: "usr_01m8" };

/** The key of a session that nobody has begun anew. */
const keyOf = (agentId: string, place: SessionPlace, dm: DmScope) =>
  sessionKey(agentId, sessionName(place, { dm, group: "per-group" }), undefined);

describe("a direct conversation's session is the one that OpenClaw's plugin uses", () => {
  test.each<[DmScope, string]>([
    ["main", "agent:main:main"],
    ["per-peer", "agent:main:direct:dm:usr_01m8"],
    ["per-channel-peer", "agent:main:clickclack:direct:dm:usr_01m8"],
    ["per-account-channel-peer", "agent:main:clickclack:peter:direct:dm:usr_01m8"],
  ])("with dmScope %s", (scope, key) => {
    expect(keyOf("main", DM, scope)).toBe(key);
  });
});

test.each(SCOPES)("a channel's is the plugin's too, whatever the dmScope: %s", (scope) => {
  const place: SessionPlace = { kind: "channel", channelId: "chn_general" };
  expect(keyOf("main", place, scope)).toBe("agent:main:clickclack:channel:channel:chn_general");
});

test.each(SCOPES)("a key is lower case, as the gateway stores it: %s", (scope) => {
  const upper: SessionPlace = { kind: "dm", accountId: "Peter", userId: "USR_01M8" };
  expect(keyOf("Main", upper, scope)).toBe(keyOf("main", DM, scope));
  const channel = keyOf("Main", { kind: "channel", channelId: "CHN_General" }, scope);
  expect(channel).toBe("agent:main:clickclack:channel:channel:chn_general");
});

test.each(SCOPES)(
  "a conversation of several people has a session of its own, whatever the dmScope: %s",
  (scope) => {
    const place: SessionPlace = { kind: "group", dmId: "dm_01M8" };
    expect(keyOf("Main", place, scope)).toBe("agent:main:clickclack:direct:dm_01m8");
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
    const keys = places.map((place) => keyOf("main", place, scope));
    expect(new Set(keys).size, scope).toBe(scope === "main" ? places.length - 1 : places.length);
  }
});

test("with groupScope `main` a channel is in the agent's main session", () => {
  const place: SessionPlace = { kind: "channel", channelId: "chn_1" };
  expect(sessionName(place, { dm: "per-peer", group: "main" })).toBe("main");
});

test("a thread that has a session of its own has OpenClaw's suffix, and a new session the message that asked for it", () => {
  const place: SessionPlace = { kind: "channel", channelId: "chn_1", threadRootId: "msg_7" };
  const name = sessionName(place, { dm: "per-peer", group: "per-group" });
  expect(name).toBe("clickclack:channel:channel:chn_1:thread:msg_7");
  expect(sessionKey("Main", name, "MSG_9")).toBe(`agent:main:${name}:new:msg_9`);
});
