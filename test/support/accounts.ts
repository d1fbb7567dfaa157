import type { RoomData } from "../../sandbox/room.ts";
import type { CallbackKind } from "../../src/config/types.ts";

/**
 * The accounts that the worker tests use. Each has a workspace of its own on the stand-in ClickClack and an agent of its
 * own on the stand-in gateway, both named after it, so that test files do not meet each other.
 */
export interface TestAccount {
  /** What its `channels.clickclack.accounts` entry has beside address, token, workspace and agent; or how it comes of the room. */
  settings?: Record<string, unknown> | ((room: RoomData) => Record<string, unknown>);
  /** Another account, as whose room's other bot it works, instead of as the bot of a room of its own. */
  beside?: string;
  /** Its entry under `edge.accounts`, for one that takes callbacks. */
  edge?: Record<string, unknown>;
  /** Scopes of its token. */
  scopes?: string[];
  /** False leaves the token's secret unset. */
  hasToken?: boolean;
  /** The other bot of its workspace is Ada's, and is answered. */
  answersOtherBot?: true;
}

export const TEST_ACCOUNTS: Record<string, TestAccount> = {
  agent: { settings: { replyMode: "agent" } },
  model: {
    settings: { replyMode: "model", model: "fake/small", systemPrompt: "Be brief.", historyLimit: undefined },
  },
  correlated: { answersOtherBot: true, settings: { replyMode: "model" } },
  correlatedagent: { edge: {} },
  situated: { answersOtherBot: true, edge: {} },
  overheard: { settings: { requireMention: true } },
  progress: { settings: { nativeProgress: true, name: "Rosie" } },
  policy: {},
  mentions: { settings: { requireMention: true } },
  matrix: {
    settings: ({ humans, bots, channels }) => ({
      requireMention: true,
      allowFrom: [humans.ada?.id, bots.otherbot?.id],
      allowBots: "mentions",
      mentionPatterns: ["\\brosebud\\b", "(a+)+$"],
      groups: { [channels.side ?? ""]: { requireMention: false } },
    }),
  },
  guarded: {
    settings: ({ bots }) => ({
      allowFrom: ["*", bots.otherbot?.id],
      allowBots: true,
      botLoopProtection: { maxEventsPerWindow: 3, windowSeconds: 60, cooldownSeconds: 60 },
    }),
  },
  paira: {
    settings: ({ bots }) => ({
      allowFrom: ["*", bots.otherbot?.id],
      allowBots: true,
      botLoopProtection: { maxEventsPerWindow: 4 },
    }),
  },
  pairb: {
    beside: "paira",
    settings: ({ bots }) => ({
      replyMode: "model",
      allowFrom: [bots.bot?.id],
      allowBots: true,
      botLoopProtection: { maxEventsPerWindow: 4 },
    }),
  },
  fileworld: {},
  filescalled: { edge: { inbound: "callbacks" } },
  owncommands: {},
  ownmodel: { settings: { replyMode: "model", requireMention: true, commandMenu: false } },
  send: {},
  later: {},
  unlinked: {},
  keys: {},
  crowded: {},
  gateless: {},
  files: {},
  media: {},
  medialater: {},
  mediasmall: { settings: { mediaMaxMb: 1 } },
  mediabounds: {},
  mediaquota: {},
  mediafull: {},
  narrow: { scopes: ["bot:read"] },
  pagedeaf: { scopes: ["profile:read", "workspaces:read", "messages:read", "messages:write"] },
  pagemute: { scopes: ["bot:read"] },
  link: {},
  pruned: {},
  capped: {},
  broken: {},
  restored: {},
  refused: {},
  colleague: { answersOtherBot: true },
  adas: { beside: "colleague" },
  unseen: { answersOtherBot: true, settings: { enabled: false } },
  alone: { beside: "unseen" },
  lost: { settings: { workspace: "nowhere" } },
  faults: {},
  order: {},
  crash: {},
  robust: {},
  outage: {},
  flapping: {},
  waiting: {},
  operator: {},
  logs: {},
  operatormodel: { settings: { replyMode: "model" } },
  traps: {},
  trapsmodel: { settings: { replyMode: "model" } },
  trapsevents: {},
  migration: {},
  parts: {},
  limits: {},
  limitsmodel: { settings: { replyMode: "model" } },
  away: {},
  delivery: {},
  notices: {},
  sweeps: { settings: { reconnectMs: 60_000 } },
  cleanup: {},
  dead: {},
  page: {},
  pagedead: {},
  pageasleep: { edge: { inbound: "callbacks" } },
  called: { edge: { inbound: "callbacks" } },
  calledorder: { edge: { inbound: "callbacks" } },
  calledslow: { settings: { reconnectMs: 60_000 }, edge: { inbound: "callbacks" } },
  calledfaults: { edge: { inbound: "callbacks" } },
  asleep: { edge: { inbound: "callbacks" } },
  doubly: { edge: { inbound: "both" } },
  commands: { edge: { inbound: "realtime", acknowledgement: "Coming up." } },
  commandsmodel: { settings: { replyMode: "model", requireMention: true }, edge: {} },
  pickycommands: { settings: { allowFrom: ["usr_nobody"] }, edge: { inbound: "callbacks" } },
  altered: { edge: { inbound: "callbacks" } },
  recorded: { edge: { inbound: "callbacks", eventsSecret: "ccs_01m81fjwzbg5hb09pj91s8365w" } },
  unsigned: { edge: { inbound: "both", eventsSecret: "$TEST_NOT_SET" } },
  trapslink: { settings: { reconnectMs: 5_000 } },
  described: {},
  describedcalls: { edge: { inbound: "both" } },
  several: { settings: { agentId: "" } },
  disabled: { settings: { enabled: false } },
  unconfigured: { hasToken: false },
};

/** The test account whose room an account works in, and as which bot. */
export function seatOf(account: string): { room: string; bot: "bot" | "otherbot" } {
  const beside = TEST_ACCOUNTS[account]?.beside;
  return beside === undefined ? { room: account, bot: "bot" } : { room: beside, bot: "otherbot" };
}

/** Environment name of an account's token. */
export function tokenName(account: string): string {
  return `TEST_${account.toUpperCase()}_TOKEN`;
}

/** What ClickClack signs an account's callbacks with, in the tests. */
export function signingSecret(account: string, kind: CallbackKind, next = false): string {
  return `ccs_${account}${kind}${next ? "next" : ""}`;
}

/** The Worker secrets that callbacks are checked with, under the names that need no configuration. */
export function signingVariables(): Record<string, string> {
  const called = Object.entries(TEST_ACCOUNTS).filter(([, { edge }]) => edge !== undefined);
  return Object.fromEntries(
    called.flatMap(([id]) =>
      (["events", "commands"] as const).flatMap((kind) => {
        const name = `CLICKCLACK_${id.toUpperCase()}_${kind.toUpperCase()}_SECRET`;
        return [
          [name, signingSecret(id, kind)],
          [`${name}_NEXT`, signingSecret(id, kind, true)],
        ];
      }),
    ),
  );
}

/**
 * The document that configures them all.
 *
 * @param clickclack address of the stand-in
 * @param rooms what was made for them there
 * @param files address of the server of files, which is not public
 */
export function testConfig(clickclack: string, rooms: Record<string, RoomData>, files: string): string {
  const accounts = Object.entries(TEST_ACCOUNTS).map(([id, { settings: given, answersOtherBot }]) => {
    const workspace = seatOf(id).room;
    const settings = typeof given === "function" ? given(rooms[workspace] as RoomData) : given;
    const entry = {
      workspace,
      agentId: id,
      token: { source: "env", provider: "default", id: tokenName(id) },
      reconnectMs: 100,
      ...(answersOtherBot && { allowBots: true, allowFrom: ["*", rooms[id]?.bots.otherbot?.id] }),
      ...settings,
    };
    return [id, entry] as const;
  });
  const called = Object.entries(TEST_ACCOUNTS).filter(([, { edge }]) => edge !== undefined);
  return JSON.stringify({
    edge: {
      groupContext: 4,
      mediaHosts: [new URL(files).host],
      accounts: Object.fromEntries(called.map(([id, { edge }]) => [id, edge])),
    },
    plugins: {
      entries: { clickclack: { llm: { allowAgentIdOverride: true, allowModelOverride: true } } },
    },
    channels: {
      clickclack: { baseUrl: clickclack, defaultAccount: "send", accounts: Object.fromEntries(accounts) },
    },
    gateway: { remote: { url: "${TEST_GATEWAY_URL}", token: "${TEST_GATEWAY_TOKEN}" } },
  });
}
