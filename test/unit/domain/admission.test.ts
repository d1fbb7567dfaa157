import { describe, expect, test } from "vitest";
import { type AdmissionPolicy, admit, type Candidate, type Verdict } from "../../../src/domain/admission.ts";

const BOT = "usr_bot";
const ADA = "usr_ada";
const OTHER_BOT = "usr_otherbot";

const QUESTION: Candidate = {
  authorId: ADA,
  authorIsBot: false,
  deleted: false,
  kind: "message",
  direct: false,
  mentionsBot: false,
  isCommand: false,
  ageMs: 0,
};

/** A policy's values; the path of each is its name. */
interface Values {
  allowFrom: readonly string[];
  allowBots: boolean | "mentions";
  requireMention: boolean;
  maxAgeMs: number;
}
const OPEN: Values = { allowFrom: ["*"], allowBots: false, requireMention: false, maxAgeMs: 1_000 };

function decide(message: Partial<Candidate>, values: Partial<Values>): Verdict {
  const { allowFrom, allowBots, requireMention, maxAgeMs } = { ...OPEN, ...values };
  const policy: AdmissionPolicy = {
    botUserId: BOT,
    allowFrom: { value: allowFrom, path: "allowFrom" },
    allowBots: { value: allowBots, path: "allowBots" },
    requireMention: { value: requireMention, path: "requireMention" },
    maxAge: { value: maxAgeMs, path: "maxAge" },
  };
  return admit({ ...QUESTION, ...message }, policy);
}

/** The reason of a refusal, or "admitted". */
function verdict(message: Partial<Candidate> = {}, values: Partial<Values> = {}): string {
  const found = decide(message, values);
  return found.admitted ? "admitted" : found.reason;
}

function verdictOnBot(message: Partial<Candidate>, policy: Partial<Values>): string {
  return verdict({ authorId: OTHER_BOT, authorIsBot: true, ...message }, policy);
}

test("a person's plain message is admitted", () => {
  expect(verdict()).toBe("admitted");
});

test("the first rule that refuses gives the reason: own, deleted, activity, bot, allowFrom, mention, age", () => {
  let message: Candidate = {
    authorId: BOT,
    authorIsBot: true,
    deleted: true,
    kind: "agent_tool",
    direct: false,
    mentionsBot: false,
    isCommand: false,
    ageMs: 1_001,
  };
  let policy: Values = {
    allowFrom: [],
    allowBots: false,
    requireMention: true,
    maxAgeMs: 1_000,
  };
  const mends: { message?: Partial<Candidate>; policy?: Partial<Values> }[] = [
    { message: { authorId: OTHER_BOT } },
    { message: { deleted: false } },
    { message: { kind: "message" } },
    { policy: { allowBots: true } },
    { policy: { allowFrom: [OTHER_BOT] } },
    { message: { mentionsBot: true } },
    { message: { ageMs: 1_000 } },
  ];
  const reasons = [verdict(message, policy)];
  for (const mend of mends) {
    message = { ...message, ...mend.message };
    policy = { ...policy, ...mend.policy };
    reasons.push(verdict(message, policy));
  }
  expect(reasons).toEqual([
    "own",
    "deleted",
    "activity",
    "bot_author",
    "not_allowed",
    "not_mentioned",
    "stale",
    "admitted",
  ]);
});

describe("one fault is enough", () => {
  test.each<[string, Partial<Candidate>, Partial<Values>]>([
    ["own", { authorId: BOT }, { allowFrom: [BOT] }],
    ["deleted", { deleted: true }, {}],
    ["activity", { kind: "agent_commentary" }, {}],
    ["activity", { kind: "agent_tool" }, {}],
    ["bot_author", { authorIsBot: true }, {}],
    ["not_allowed", {}, { allowFrom: ["usr_ben"] }],
    ["not_allowed", {}, { allowFrom: [] }],
    ["not_mentioned", {}, { requireMention: true, maxAgeMs: 1_000 }],
  ])("%s: %j %j", (reason, message, policy) => {
    expect(verdict(message, policy)).toBe(reason);
  });
});

describe("allowFrom", () => {
  test.each([
    ADA,
    ` ${ADA} `,
    `clickclack:${ADA}`,
    `cc:${ADA}`,
    `CC:${ADA}`,
    `dm:${ADA}`,
    `clickclack:dm:${ADA}`,
    `ClickClack:DM:${ADA}`,
    `cc: dm: ${ADA}`,
    " * ",
    "cc:*",
    "ClickClack:dm:*",
  ])("%j admits the person", (entry) => {
    expect(verdict({}, { allowFrom: ["usr_ben", entry] })).toBe("admitted");
  });

  test.each(["usr_ad", "usr_ada2", "USR_ADA", "@ada", "user:usr_ada", "dm:clickclack:usr_ada", "", "usr_*"])(
    "%j does not",
    (entry) => {
      expect(verdict({}, { allowFrom: [entry] })).toBe("not_allowed");
    },
  );
});

describe("another bot", () => {
  test("needs allowBots and an entry of its own; `*` admits people only", () => {
    expect(verdictOnBot({}, { allowBots: true, allowFrom: ["*", "cc:*"] })).toBe("not_allowed");
    expect(verdictOnBot({}, { allowBots: true, allowFrom: ["*", ADA] })).toBe("not_allowed");
    expect(verdictOnBot({}, { allowBots: false, allowFrom: [OTHER_BOT] })).toBe("bot_author");
    expect(verdictOnBot({}, { allowBots: true, allowFrom: ["*", `cc:dm:${OTHER_BOT}`] })).toBe("admitted");
  });

  test("needs to address ours when allowBots is `mentions`", () => {
    const policy = { allowBots: "mentions" as const, allowFrom: [OTHER_BOT] };
    expect(verdictOnBot({}, policy)).toBe("bot_author");
    expect(verdictOnBot({ mentionsBot: true }, policy)).toBe("admitted");
    expect(verdictOnBot({ direct: true }, policy)).toBe("admitted");
    expect(verdictOnBot({ mentionsBot: true }, { ...policy, allowFrom: ["*"] })).toBe("not_allowed");
  });

  test("is held to requireMention like everybody", () => {
    const policy = { allowBots: true, allowFrom: [OTHER_BOT], requireMention: true, maxAgeMs: 1_000 };
    expect(verdictOnBot({}, policy)).toBe("not_mentioned");
    expect(verdictOnBot({ mentionsBot: true }, policy)).toBe("admitted");
  });
});

test("allowBots `mentions` asks nothing of people", () => {
  expect(verdict({}, { allowBots: "mentions" })).toBe("admitted");
});

test("requireMention is of channels: a direct message is meant for the bot", () => {
  expect(verdict({ mentionsBot: true }, { requireMention: true, maxAgeMs: 1_000 })).toBe("admitted");
  expect(verdict({ direct: true }, { requireMention: true, maxAgeMs: 1_000 })).toBe("admitted");
  expect(verdict({ direct: true }, { requireMention: true, allowFrom: ["usr_ben"] })).toBe("not_allowed");
});

describe("the bot's own command", () => {
  test("passes the mention gate, and no other", () => {
    const gated = { requireMention: true };
    expect(verdict({ isCommand: true }, gated)).toBe("admitted");
    expect(verdict({ isCommand: true }, { ...gated, allowFrom: ["usr_ben"] })).toBe("not_allowed");
    expect(verdict({ isCommand: true, ageMs: 1_001 }, gated)).toBe("stale");
  });

  test("of another bot does not mention ours", () => {
    const policy = { allowBots: "mentions" as const, allowFrom: [OTHER_BOT] };
    expect(verdictOnBot({ isCommand: true }, policy)).toBe("bot_author");
  });
});

test("a mention pattern counts as a mention, also for bots", () => {
  expect(verdict({ pattern: "mentionPatterns" }, { requireMention: true })).toBe("admitted");
  const policy = { allowBots: "mentions" as const, allowFrom: [OTHER_BOT] };
  expect(verdictOnBot({ pattern: "mentionPatterns" }, policy)).toBe("admitted");
});

describe("a verdict names the setting that decided it", () => {
  const gated = { requireMention: true };
  test.each<[string, Partial<Candidate>, Partial<Values>, Verdict]>([
    ["open", {}, {}, { admitted: true, as: "open", setting: "requireMention" }],
    ["mention", { mentionsBot: true }, gated, { admitted: true, as: "mention", setting: "requireMention" }],
    ["pattern", { pattern: "patterns" }, gated, { admitted: true, as: "pattern", setting: "patterns" }],
    ["command", { isCommand: true }, gated, { admitted: true, as: "command", setting: "requireMention" }],
    ["direct", { direct: true }, gated, { admitted: true, as: "direct", setting: "allowFrom" }],
    ["own", { authorId: BOT }, {}, { admitted: false, reason: "own" }],
    ["bots", { authorIsBot: true }, {}, { admitted: false, reason: "bot_author", setting: "allowBots" }],
    ["list", {}, { allowFrom: [] }, { admitted: false, reason: "not_allowed", setting: "allowFrom" }],
    ["gate", {}, gated, { admitted: false, reason: "not_mentioned", setting: "requireMention" }],
    ["age", { ageMs: 2_000 }, {}, { admitted: false, reason: "stale", setting: "maxAge" }],
  ])("%s", (_, message, values, expected) => {
    expect(decide(message, values)).toEqual(expected);
  });
});

test("age counts above the limit only, and a clock that runs behind makes nothing stale", () => {
  expect(verdict({ ageMs: 1_000 })).toBe("admitted");
  expect(verdict({ ageMs: 1_001 })).toBe("stale");
  expect(verdict({ ageMs: -5_000 })).toBe("admitted");
  expect(verdict({ ageMs: Number.NaN })).toBe("admitted");
});
