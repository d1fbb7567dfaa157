/**
 * The accounts that the worker tests use. Each has a workspace of its own on the stand-in ClickClack and an agent of its
 * own on the stand-in gateway, both named after it, so that test files do not meet each other.
 */
export interface TestAccount {
  /** What its `channels.clickclack.accounts` entry has beside address, token, workspace and agent. */
  settings?: Record<string, unknown>;
  /** Scopes of its token. */
  scopes?: string[];
  /** False leaves the token's secret unset. */
  hasToken?: boolean;
}

export const TEST_ACCOUNTS: Record<string, TestAccount> = {
  agent: { settings: { replyMode: "agent" } },
  model: {
    settings: { replyMode: "model", model: "fake/small", systemPrompt: "Be brief.", historyLimit: undefined },
  },
  policy: {},
  mentions: { settings: { requireMention: true } },
  send: {},
  later: {},
  unlinked: {},
  keys: {},
  crowded: {},
  gateless: {},
  narrow: { scopes: ["bot:read"] },
  link: {},
  pruned: {},
  capped: {},
  broken: {},
  restored: {},
  refused: {},
  lost: { settings: { workspace: "nowhere" } },
  faults: {},
  order: {},
  crash: {},
  robust: {},
  outage: {},
  flapping: {},
  waiting: {},
  operator: {},
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
  trapslink: { settings: { reconnectMs: 5_000 } },
  several: { settings: { agentId: "" } },
  disabled: { settings: { enabled: false } },
  unconfigured: { hasToken: false },
};

/** Environment name of an account's token. */
export function tokenName(account: string): string {
  return `TEST_${account.toUpperCase()}_TOKEN`;
}

/**
 * The document that configures them all.
 *
 * @param clickclack address of the stand-in
 */
export function testConfig(clickclack: string): string {
  const accounts = Object.entries(TEST_ACCOUNTS).map(([id, { settings }]) => {
    const entry = {
      workspace: id,
      agentId: id,
      token: { source: "env", provider: "default", id: tokenName(id) },
      reconnectMs: 100,
      ...settings,
    };
    return [id, entry] as const;
  });
  return JSON.stringify({
    plugins: {
      entries: { clickclack: { llm: { allowAgentIdOverride: true, allowModelOverride: true } } },
    },
    channels: {
      clickclack: { baseUrl: clickclack, defaultAccount: "send", accounts: Object.fromEntries(accounts) },
    },
    gateway: { remote: { url: "${TEST_GATEWAY_URL}", token: "${TEST_GATEWAY_TOKEN}" } },
  });
}
