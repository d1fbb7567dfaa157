import { describe, expect, test } from "vitest";
import { formatTarget, parseTarget, type Target } from "../../../src/domain/target.ts";

const FORMS: [string, Target][] = [
  ["channel:general", { kind: "channel", channel: "general" }],
  ["channel:chn_01m81fgk3", { kind: "channel", channel: "chn_01m81fgk3" }],
  ["general", { kind: "channel", channel: "general" }],
  ["dm:usr_01m81fgk3", { kind: "dm", userId: "usr_01m81fgk3" }],
  ["dm:@ada", { kind: "dm_handle", handle: "ada" }],
  ["thread:msg_01m81fgk3", { kind: "thread", messageId: "msg_01m81fgk3" }],
];

describe("reads a target", () => {
  test.each(FORMS)("%s", (raw, target) => {
    expect(parseTarget(raw)).toEqual({ ok: true, target });
  });

  test.each(FORMS)("%s after clickclack: or cc:", (raw, target) => {
    expect(parseTarget(`clickclack:${raw}`)).toEqual({ ok: true, target });
    expect(parseTarget(`cc:${raw}`)).toEqual({ ok: true, target });
  });

  test.each(FORMS)("%s with spaces around it", (raw, target) => {
    expect(parseTarget(`  ${raw.replace(":", ": ")}\n`)).toEqual({ ok: true, target });
  });
});

test("a handle is lower-cased, because ClickClack's are", () => {
  expect(parseTarget("dm:@Ada_L-1")).toEqual({ ok: true, target: { kind: "dm_handle", handle: "ada_l-1" } });
});

test("a channel keeps its case and further colons", () => {
  expect(parseTarget("channel:General")).toMatchObject({ target: { channel: "General" } });
  expect(parseTarget("channel:a:b")).toMatchObject({ target: { channel: "a:b" } });
});

test("only one prefix is taken off", () => {
  expect(parseTarget("cc:clickclack:general").ok).toBe(false);
});

const DM = "dm: needs a user id or a handle, as in dm:usr_… or dm:@ada";
const CHANNEL = "channel: needs a channel name or id, as in channel:general";
const THREAD = "thread: needs a message id, as in thread:msg_…";

function unsupported(raw: string): string {
  return `Unsupported ClickClack target: ${raw}. Use channel:, dm: or thread:`;
}

describe("says what is wrong with a target, and what would be right", () => {
  test.each([
    ["", "ClickClack target is required, as in channel:general"],
    ["  ", "ClickClack target is required, as in channel:general"],
    ["cc:", "ClickClack target is required, as in channel:general"],
    ["clickclack:", "ClickClack target is required, as in channel:general"],
    ["channel:", CHANNEL],
    ["channel:  ", CHANNEL],
    ["channel:chn_", CHANNEL],
    ["channel:chn_1/messages", CHANNEL],
    ["chn_1 2", CHANNEL],
    ["dm:", DM],
    ["dm:@", DM],
    ["dm:@a", DM],
    ["dm:@-ada", DM],
    ["dm:@ada lovelace", DM],
    [`dm:@${"a".repeat(33)}`, DM],
    ["dm:ada", DM],
    ["dm:usr_", DM],
    ["dm:chn_01m81", DM],
    ["dm:usr_1/../2", DM],
    ["thread:", THREAD],
    ["thread:msg_", THREAD],
    ["thread:chn_01m81", THREAD],
    ["thread:msg_1/thread", THREAD],
    ["user:usr_1", unsupported("user:usr_1")],
    ["Channel:general", unsupported("Channel:general")],
    ["DM:usr_1", unsupported("DM:usr_1")],
    ["CC:general", unsupported("CC:general")],
    [":general", unsupported(":general")],
  ])("%j", (raw, problem) => {
    expect(parseTarget(raw)).toEqual({ ok: false, problem });
  });
});

test.each(FORMS)("the canonical form of %s reads as the same target", (_raw, target) => {
  expect(parseTarget(formatTarget(target))).toEqual({ ok: true, target });
});

test("one place has one canonical form", () => {
  const forms = ["general", "cc:general", " clickclack:channel: general "].map((raw) => {
    const parsed = parseTarget(raw);
    return parsed.ok && formatTarget(parsed.target);
  });
  expect(forms).toEqual(["channel:general", "channel:general", "channel:general"]);
});
