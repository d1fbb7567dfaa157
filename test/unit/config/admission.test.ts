import { describe, expect, test } from "vitest";
import { type AdmissionSettings, settingsAt } from "../../../src/config/admission.ts";
import { account, BOT, given, nest } from "./given.ts";

const HOME = "channels.clickclack.accounts.rosie";
const MINUTE = 60_000;

/** What is in force for the account `rosie` in a channel, or in a direct conversation. */
function at(channelId: string | undefined, clickclack: object, rest: object = {}): AdmissionSettings {
  const config = given({ ...BOT, accounts: { rosie: {} }, ...clickclack }, { ...rest });
  return settingsAt(account(config, "rosie").admission, channelId);
}

function sources(patterns: { value: readonly RegExp[] }): string[] {
  return patterns.value.map(({ source, flags }) => `/${source}/${flags}`);
}

describe("without any setting", () => {
  test("people are answered everywhere, bots nowhere, and each default names where it would be set", () => {
    expect(at("chn_ops", {})).toEqual({
      allowFrom: { value: ["*"], path: `${HOME}.allowFrom` },
      allowBots: { value: false, path: `${HOME}.allowBots` },
      requireMention: { value: false, path: `${HOME}.requireMention` },
      mentionPatterns: { value: [], path: `${HOME}.mentionPatterns` },
      sharedMentionPatterns: { value: [], path: "messages.groupChat.mentionPatterns" },
      botLoopProtection: {
        value: { enabled: true, maxEventsPerWindow: 20, windowMs: MINUTE, cooldownMs: MINUTE },
        path: `${HOME}.botLoopProtection`,
      },
    });
  });

  test("the account that the channel itself describes has its defaults there", () => {
    expect(account(given(BOT)).admission.requireMention.path).toBe("channels.clickclack.requireMention");
  });
});

test("a setting of the channel is told from the account's own", () => {
  const inherited = { allowFrom: ["usr_1"], requireMention: true, mentionPatterns: ["hey"] };
  expect(at(undefined, inherited)).toMatchObject({
    allowFrom: { value: ["usr_1"], path: "channels.clickclack.allowFrom" },
    requireMention: { value: true, path: "channels.clickclack.requireMention" },
    mentionPatterns: { value: [/hey/i], path: "channels.clickclack.mentionPatterns" },
  });
  const rosie = { allowFrom: [], requireMention: false, mentionPatterns: ["ro"], allowBots: "mentions" };
  expect(at(undefined, { ...inherited, accounts: { rosie } })).toMatchObject({
    allowFrom: { value: [], path: `${HOME}.allowFrom` },
    requireMention: { value: false, path: `${HOME}.requireMention` },
    mentionPatterns: { value: [/ro/i], path: `${HOME}.mentionPatterns` },
    allowBots: { value: "mentions", path: `${HOME}.allowBots` },
  });
});

test("an empty list of people admits nobody, and takes an inherited one away", () => {
  expect(
    at(undefined, { allowFrom: ["usr_1"], accounts: { rosie: { allowFrom: [] } } }).allowFrom.value,
  ).toEqual([]);
  expect(at(undefined, { allowFrom: [] }).allowFrom.value).toEqual([]);
});

describe("groups", () => {
  const CLICKCLACK = {
    requireMention: true,
    mentionPatterns: ["channel"],
    groups: {
      "*": { allowBots: "mentions", mentionPatterns: ["all"] },
      chn_ops: { requireMention: false },
      chn_quiet: { allowBots: false, requireMention: false, mentionPatterns: ["quiet"] },
    },
    accounts: { rosie: { allowBots: true, groups: { " chn_ops ": { mentionPatterns: ["own"] } } } },
  };

  test("field by field the channel's id goes before `*`, and `*` before the account", () => {
    expect(at("chn_ops", CLICKCLACK)).toMatchObject({
      requireMention: { value: false, path: "channels.clickclack.groups.chn_ops.requireMention" },
      mentionPatterns: { value: [/own/i], path: `${HOME}.groups[" chn_ops "].mentionPatterns` },
      allowBots: { value: "mentions", path: 'channels.clickclack.groups["*"].allowBots' },
    });
    expect(at("chn_other", CLICKCLACK)).toMatchObject({
      requireMention: { value: true, path: "channels.clickclack.requireMention" },
      mentionPatterns: { value: [/all/i], path: 'channels.clickclack.groups["*"].mentionPatterns' },
      allowBots: { value: "mentions" },
    });
  });

  test("what `*` and the channel's id both set is the channel's", () => {
    const groups = { ...CLICKCLACK.groups, "*": { ...CLICKCLACK.groups["*"], requireMention: true } };
    expect(at("chn_quiet", { ...CLICKCLACK, groups })).toMatchObject({
      requireMention: { value: false, path: "channels.clickclack.groups.chn_quiet.requireMention" },
      mentionPatterns: { value: [/quiet/i] },
      allowBots: { value: false },
    });
  });

  test("a direct conversation belongs to none", () => {
    expect(at(undefined, CLICKCLACK)).toMatchObject({
      requireMention: { value: true },
      mentionPatterns: { value: [/channel/i] },
      allowBots: { value: true, path: `${HOME}.allowBots` },
    });
  });

  test("an account's own goes over the channel's of the same id, field by field", () => {
    const groups = { chn_ops: { requireMention: true, allowBots: true } };
    const own = { groups: { chn_ops: { requireMention: false } } };
    expect(at("chn_ops", { groups, accounts: { rosie: own } })).toMatchObject({
      requireMention: { value: false, path: `${HOME}.groups.chn_ops.requireMention` },
      allowBots: { value: true, path: "channels.clickclack.groups.chn_ops.allowBots" },
    });
  });

  test("an empty list of patterns takes the account's away", () => {
    expect(
      at("chn_ops", { mentionPatterns: ["x"], groups: { chn_ops: { mentionPatterns: [] } } }),
    ).toMatchObject({
      mentionPatterns: { value: [], path: "channels.clickclack.groups.chn_ops.mentionPatterns" },
    });
  });

  test.each(["constructor", "__proto__", "toString", ""])(
    "a channel called %j finds only what is set",
    (id) => {
      expect(at(id, {}).requireMention).toEqual({ value: false, path: `${HOME}.requireMention` });
    },
  );

  test("a variable that is not set is found in the channel's groups as well, beside an account's own", () => {
    const groups = { chn_1: { mentionPatterns: ["${NOWHERE}"] } };
    const config = given({ ...BOT, groups, accounts: { rosie: { groups: { chn_2: {} } } } });
    const fault = {
      path: "channels.clickclack.groups.chn_1.mentionPatterns[0]",
      found: "${NOWHERE}, which is not set",
    };
    expect(account(config, "rosie").faults).toMatchObject([fault]);
  });
});

describe("loop protection", () => {
  const DEFAULTS = nest("channels.defaults.botLoopProtection", {
    maxEventsPerWindow: 9,
    windowSeconds: 90,
    cooldownSeconds: 900,
  }) as { channels: object };

  /** The policy in `chn_ops` of a whole document's channels. */
  function policy(clickclack: object, channels: object = DEFAULTS.channels) {
    const written = { ...BOT, accounts: { rosie: {} }, ...clickclack };
    const config = given({}, { channels: { ...channels, clickclack: written } });
    return settingsAt(account(config, "rosie").admission, "chn_ops").botLoopProtection;
  }

  test("is merged from the defaults of all channels to the single channel, field by field", () => {
    const own = {
      botLoopProtection: { windowSeconds: 30 },
      groups: { "*": { botLoopProtection: { cooldownSeconds: 5 } } },
    };
    const groups = { chn_ops: { botLoopProtection: { enabled: false } } };
    expect(policy({ botLoopProtection: { windowSeconds: 40 }, groups, accounts: { rosie: own } })).toEqual({
      value: { enabled: false, maxEventsPerWindow: 9, windowMs: 30_000, cooldownMs: 5_000 },
      path: "channels.clickclack.groups.chn_ops.botLoopProtection",
    });
  });

  test.each([
    [{ accounts: { rosie: { botLoopProtection: { enabled: true } } } }, `${HOME}.botLoopProtection`],
    [{ botLoopProtection: { enabled: true } }, "channels.clickclack.botLoopProtection"],
    [
      { botLoopProtection: {}, groups: { chn_ops: { botLoopProtection: {} } } },
      "channels.defaults.botLoopProtection",
    ],
    [
      { groups: { "*": { botLoopProtection: { enabled: true } } }, botLoopProtection: { enabled: true } },
      'channels.clickclack.groups["*"].botLoopProtection',
    ],
  ])("of %j stands at %s, the narrowest place that sets anything", (clickclack, path) => {
    expect(policy(clickclack).path).toBe(path);
  });

  test("within a group of the channel and of the account it is merged as well", () => {
    const groups = { chn_ops: { botLoopProtection: { maxEventsPerWindow: 2, windowSeconds: 2 } } };
    const own = { groups: { chn_ops: { botLoopProtection: { windowSeconds: 3 } } } };
    expect(policy({ groups, accounts: { rosie: own } }, {})).toEqual({
      value: { enabled: true, maxEventsPerWindow: 2, windowMs: 3_000, cooldownMs: MINUTE },
      path: `${HOME}.groups.chn_ops.botLoopProtection`,
    });
  });

  test.each([null, "on", 3, [], { enabled: "yes", windowSeconds: -1, cooldownSeconds: "60", other: 1 }])(
    "odd defaults of all channels, such as %j, are passed over",
    (botLoopProtection) => {
      expect(policy({}, { defaults: { botLoopProtection } })).toEqual(at("chn_ops", {}).botLoopProtection);
    },
  );

  test("of odd defaults what is right counts, in whole numbers", () => {
    const defaults = { botLoopProtection: { maxEventsPerWindow: 3.9, windowSeconds: "x" } };
    expect(policy({}, { defaults }).value).toMatchObject({ maxEventsPerWindow: 3, windowMs: MINUTE });
  });
});

describe("shared patterns", () => {
  const MESSAGES = { messages: { groupChat: { mentionPatterns: ["everybody"] } } };
  const ROSIE = { identity: { name: "Rosie" } };

  test("are those of the account's agent", () => {
    const agents = { entries: { Rosie: { ...ROSIE, groupChat: { mentionPatterns: ["agent"] } }, other: {} } };
    const { sharedMentionPatterns } = at(undefined, { agentId: "rosie" }, { agents, ...MESSAGES });
    expect(sources(sharedMentionPatterns)).toEqual(["/agent/i"]);
    expect(sharedMentionPatterns.path).toBe("agents.entries.Rosie.groupChat.mentionPatterns");
  });

  test("or else everybody's, and an agent's empty list takes them away", () => {
    const { sharedMentionPatterns } = at(
      undefined,
      {},
      { agents: { list: [{ id: "main", ...ROSIE }] }, ...MESSAGES },
    );
    expect(sources(sharedMentionPatterns)).toEqual(["/everybody/i"]);
    expect(sharedMentionPatterns.path).toBe("messages.groupChat.mentionPatterns");

    const agents = { list: [{ id: "main", ...ROSIE, groupChat: { mentionPatterns: [] } }] };
    expect(at(undefined, {}, { agents, ...MESSAGES }).sharedMentionPatterns).toEqual({
      value: [],
      path: "agents.list[0].groupChat.mentionPatterns",
    });
  });

  test("or else what the agent is called", () => {
    const agents = { list: [{ id: "main", identity: { name: "Rosie", emoji: "🌹" } }] };
    const { sharedMentionPatterns } = at(undefined, {}, { agents });
    expect(sharedMentionPatterns.path).toBe("agents.list[0].identity");
    expect(sharedMentionPatterns.value.map(({ flags }) => flags)).toEqual(["iu", "iu"]);
    expect(sharedMentionPatterns.value.some((pattern) => pattern.test("hey rosie!"))).toBe(true);
    expect(sharedMentionPatterns.value.some((pattern) => pattern.test("🌹"))).toBe(true);
  });

  test("an empty list for everybody keeps agents from being called by name", () => {
    const agents = { list: [{ id: "main", ...ROSIE }] };
    const messages = { groupChat: { mentionPatterns: [] } };
    expect(at(undefined, {}, { agents, messages }).sharedMentionPatterns.value).toEqual([]);
  });

  test("of several agents none is called while it is open which one answers", () => {
    const agents = { list: [{ id: "main", ...ROSIE }, { id: "other" }] };
    expect(at(undefined, {}, { agents }).sharedMentionPatterns.value).toEqual([]);
    expect(at(undefined, { agentId: "nobody" }, { agents }).sharedMentionPatterns.value).toEqual([]);
    expect(at(undefined, { agentId: "MAIN" }, { agents }).sharedMentionPatterns.value).toHaveLength(1);
  });
});

describe("a pattern that cannot be used", () => {
  test("is passed over with a warning at its place, and the account goes on", () => {
    const config = given(
      {
        ...BOT,
        agentId: "main",
        mentionPatterns: ["ok", "(a+)+"],
        groups: { chn_ops: { mentionPatterns: [" ", "("] } },
      },
      {
        agents: { entries: { main: { groupChat: { mentionPatterns: ["(x|xx)*"] } } } },
        messages: { groupChat: { mentionPatterns: ["[unread"] } },
      },
    );
    expect(account(config).admission.mentionPatterns.value).toEqual([/ok/i]);
    expect(config.faults).toEqual([]);
    expect(config.warnings).toEqual([
      {
        path: "channels.clickclack.mentionPatterns[1]",
        found: "a pattern that is passed over: unsafe-nested-repetition",
        mend: expect.stringContaining("(a+)+ matches no more than a+"),
      },
      expect.objectContaining({ path: "agents.entries.main.groupChat.mentionPatterns[0]" }),
      {
        path: "channels.clickclack.groups.chn_ops.mentionPatterns[1]",
        found: "a pattern that is passed over: invalid-regex",
        mend: expect.stringContaining("regular expression"),
      },
    ]);
    expect(account(config).warnings).toEqual(config.warnings);
  });

  test("is never quoted, since a variable may have been filled in", () => {
    const env = { CLICKCLACK_BOT_TOKEN: "ccb_default", SHY: "(hush" };
    const config = given({ ...BOT, mentionPatterns: ["${SHY}"] }, { env });
    expect(config.warnings).toHaveLength(1);
    expect(JSON.stringify(config.warnings)).not.toContain("hush");
  });

  test("is one warning, however many accounts inherit it", () => {
    const config = given({
      ...BOT,
      mentionPatterns: ["("],
      accounts: { anna: {}, zoe: { mentionPatterns: [] } },
    });
    expect(config.warnings).toHaveLength(1);
    expect(account(config, "anna").warnings).toHaveLength(1);
    expect(account(config, "zoe").warnings).toEqual([]);
  });
});
