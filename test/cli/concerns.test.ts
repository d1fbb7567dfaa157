import { describe, expect, it } from "vitest";
import { concernsOf } from "../../cli/status/concerns.ts";
import { isWanted } from "../../cli/tail/lines.ts";
import { taleOf } from "../../cli/why/tale.ts";
import { meaningsOf } from "../../cli/why/unknown.ts";
import { AccountAnswer, StoryAnswer } from "../../cli/worker/answers.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const HOUR_MS = 3_600_000;

function account(more: object = {}): AccountAnswer {
  return AccountAnswer.parse({
    id: "sage",
    configured: true,
    enabled: true,
    faults: [],
    warnings: [],
    link: { state: "linked", since: NOW - HOUR_MS },
    gateway: { reachable: true },
    ...more,
  });
}

describe("an account", () => {
  it.each([
    ["is well", {}, []],
    ["is switched off on purpose", { enabled: false, configured: false, reason: "account is disabled" }, []],
    [
      "has faults",
      { configured: false, faults: [{ path: "a.b", found: "unset", mend: "set it" }], link: undefined },
      ["✗ a.b is unset; set it"],
    ],
    ["has no gateway", { reason: "the gateway is not configured" }, ["✗ the gateway is not configured"]],
    [
      "is refused",
      {
        link: {
          state: "refused",
          since: NOW - HOUR_MS,
          reason: "token_revoked",
          error: "revoked; set a new one",
          retryAt: NOW + 60_000,
        },
      },
      ["✗ ClickClack: refused for 1 h: revoked; set a new one; again in 1 min"],
    ],
    [
      "has lost its gateway",
      { gateway: { reachable: false, since: NOW - 120_000, reason: "unreachable" } },
      ["✗ OpenClaw: out of reach for 2 min: unreachable"],
    ],
    [
      "has given up",
      { dead: { forbidden: 2, attempts: 1 } },
      ['✗ given up: 3 (forbidden 2, attempts 1); see "dead list sage"'],
    ],
    [
      "has a gap of today, and callbacks that were refused lately",
      {
        gap: { at: NOW - HOUR_MS, uncovered: [{ conversation: "chn_1", reason: "more_pages" }] },
        callbacks: {
          refused: [{ kind: "events", reason: "bad_signature", count: 4, lastAt: NOW - HOUR_MS }],
        },
      },
      [
        "✗ some messages before 2026-11-25 11:00:00Z may not have been seen: chn_1 more_pages",
        "✗ callbacks refused: events bad_signature 4, last 1 h ago",
      ],
    ],
    [
      "had troubles once, and settings that are passed over",
      {
        warnings: [{ path: "c", found: "old", mend: "remove it" }],
        gap: { at: NOW - 48 * HOUR_MS, uncovered: [{ conversation: "chn_1", reason: "more_pages" }] },
        callbacks: {
          refused: [
            { kind: "events", reason: "replayed", count: 1, lastAt: NOW },
            { kind: "events", reason: "too_old", count: 1, lastAt: NOW - 48 * HOUR_MS },
          ],
        },
      },
      [
        "! some messages before 2026-11-23 12:00:00Z may not have been seen: chn_1 more_pages",
        "! callbacks refused: events replayed 1, last 0 s ago",
        "! callbacks refused: events too_old 1, last 2 d ago",
        "! c is old; remove it",
      ],
    ],
  ])("that %s", (_what, more, expected) => {
    const concerns = concernsOf(account(more), NOW);
    expect(concerns.map(({ isFault, text }) => `${isFault ? "✗" : "!"} ${text}`)).toEqual(expected);
  });
});

function story(more: object): StoryAnswer {
  const blank = { message: "msg_1", conversation: "chn_1", roads: ["realtime"], seenAt: NOW, replies: [] };
  return StoryAnswer.parse({ ...blank, fetchFailures: 0, attempts: 0, failedRuns: 0, ...more });
}

it.each([
  [{ state: "undecided" }, "not looked at yet: the messages before it come first", undefined],
  [{ state: "undecided", fetchFailures: 2 }, "not read yet, 2 tries in vain", /by itself/],
  [{ state: "waiting", attempts: 1 }, "waiting to be tried again, after one try", undefined],
  [{ state: "running" }, "being answered now", undefined],
  [
    { state: "silent", reason: "no_reply" },
    "no answer was posted: the agent chose to say nothing",
    undefined,
  ],
  [{ state: "cancelled", reason: "deleted" }, "not answered: its author deleted it", undefined],
  [{ state: "dropped", reason: "not_allowed" }, "not answered: its author may not ask this bot", /allowFrom/],
  [
    { state: "dead", reason: "endpoint_off" },
    "given up: the gateway does not serve completions",
    /chatCompletions.*"dead retry"/,
  ],
  [
    { state: "dead", reason: "too_large" },
    "given up: the answer is larger than ClickClack takes",
    /^mend what the error says; "dead retry"/,
  ],
  [{ state: "dropped", reason: "of_a_newer_worker" }, "not answered: of_a_newer_worker", undefined],
])("tells of %j", (more, verdict, mend) => {
  const tale = taleOf(story(more));
  expect(tale.verdict).toBe(verdict);
  if (mend === undefined) expect(tale).not.toHaveProperty("mend");
  else expect(tale.mend).toMatch(mend);
});

it("takes a bot that is down for a likely reason that it knows nothing of a message", () => {
  const down = account({ link: { state: "refused", since: NOW, error: "the token was revoked" } });
  const idle = account({ id: "scout", link: undefined, reason: "the gateway is not configured" });
  expect(meaningsOf("msg_1", [down, idle], NOW).slice(0, 2)).toEqual([
    "sage does not hear anything now: the token was revoked",
    "scout is not up: the gateway is not configured",
  ]);
});

it("knows events by their names and by their kinds", () => {
  expect(isWanted("turn:dead", [])).toBe(true);
  for (const wanted of ["turn:dead", "turn", "turn:", "turn:*"])
    expect(isWanted("turn:dead", [wanted])).toBe(true);
  for (const wanted of ["turn:de", "tur", "message:dead", "dead"])
    expect(isWanted("turn:dead", [wanted])).toBe(false);
});
