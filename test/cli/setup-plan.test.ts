import JSON5 from "json5";
import { describe, expect, test } from "vitest";
import { planSetup } from "../../cli/setup/plan.ts";
import type { Wanted } from "../../cli/setup/wanted.ts";
import { loadConfig } from "../../src/config/load.ts";
import { Secret } from "../../src/config/secret.ts";

const TOKEN = "ccb_00000000000000000000000001";
const BOT: Wanted = {
  accountId: "default",
  baseUrl: "https://chat.example.com",
  workspace: "harbour",
  token: new Secret(TOKEN),
};
const SINGLE = `{
  channels: {
    clickclack: {
      baseUrl: "https://chat.example.com", // ours
      // the harbour's
      workspace: "harbour",
      // Scout's own
      token: { source: "env", provider: "default", id: "CLICKCLACK_BOT_TOKEN" }, // kept in the vault
      name: "Scout",
      allowFrom: [
        "usr_1", // Ada
        "usr_2",
      ],
      replyMode: "model",
    },
  },
}
`;

function plan(text: string, wanted: Partial<Wanted> = {}, variables: Record<string, string> = {}) {
  const { secrets, ...rest } = planSetup(text, variables, { ...BOT, ...wanted });
  return {
    ...rest,
    document: JSON5.parse(rest.text),
    channel: JSON5.parse(rest.text).channels.clickclack,
    secrets: Object.fromEntries([...secrets].map(([name, secret]) => [name, secret.reveal()])),
  };
}

describe("a second account", () => {
  test("moves what was the first one's alone under accounts.default, with its comments", () => {
    const { text, notes } = plan(SINGLE, { accountId: "sage", agentId: "sage" });
    expect(text).toBe(`{
  channels: {
    clickclack: {
      baseUrl: "https://chat.example.com", // ours
      // the harbour's
      workspace: "harbour",
      replyMode: "model",
      accounts: {
        default: {
          name: "Scout",
          // Scout's own
          token: { source: "env", provider: "default", id: "CLICKCLACK_BOT_TOKEN" }, // kept in the vault
          allowFrom: [
            "usr_1", // Ada
            "usr_2",
          ],
        },
        sage: {
          token: { source: "env", provider: "default", id: "CLICKCLACK_SAGE_BOT_TOKEN" },
          agentId: "sage",
        },
      },
    },
  },
  plugins: {
    entries: {
      clickclack: {
        llm: { allowAgentIdOverride: true },
      },
    },
  },
}
`);
    expect(notes[0]).toContain("name, token, allowFrom moved to channels.clickclack.accounts.default");
  });

  test("leaves the first one as it was", () => {
    const variables = { CLICKCLACK_BOT_TOKEN: TOKEN };
    const accountIn = (text: string) => {
      const loaded = loadConfig(text, variables);
      return loaded.ok ? loaded.config.accounts.get("default") : undefined;
    };
    const { text } = plan(SINGLE, { accountId: "sage" }, variables);
    expect(accountIn(SINGLE)?.faults).toEqual([]);
    expect(withoutPlaces(accountIn(text))).toEqual(withoutPlaces(accountIn(SINGLE)));
  });

  test("and a third move nothing", () => {
    const two = plan(SINGLE, { accountId: "sage" }).text;
    const three = plan(two, { accountId: "owl", workspace: "port" });
    expect(three.notes).toEqual([]);
    expect(Object.keys(three.channel.accounts)).toEqual(["default", "sage", "owl"]);
  });

  test("of the repository's document tells that the first has no token", () => {
    const { notes } = plan(SINGLE, { accountId: "sage" });
    expect(notes).toContain(
      "channels.clickclack.accounts.default has no token here; remove it if there is no such bot",
    );
  });

  test("the default one after others has a place of its own, so that nothing comes to hold for them", () => {
    const { channel } = plan(
      "{ channels: { clickclack: { baseUrl: 'https://a.example', accounts: { sage: {} } } } }",
    );
    expect(channel).toMatchObject({
      baseUrl: "https://a.example",
      accounts: { sage: {}, default: { baseUrl: BOT.baseUrl, workspace: "harbour" } },
    });
  });

  test("the default one that stands at the channel beside others stays there", () => {
    const text = `{ channels: { clickclack: {
      baseUrl: '${BOT.baseUrl}', workspace: 'harbour', token: '$MINE', accounts: { sage: { workspace: 'port' } },
    } } }`;
    const { text: after, secrets } = plan(text);
    expect(after).toBe(text);
    expect(secrets).toEqual({ MINE: TOKEN });
  });

  test("is found by its key as it is written", () => {
    const { channel } = plan("{ channels: { clickclack: { accounts: { 'Sage Bot': { name: 'S' } } } } }", {
      accountId: "sage-bot",
    });
    expect(Object.keys(channel.accounts)).toEqual(["Sage Bot"]);
    expect(channel.accounts["Sage Bot"].token.id).toBe("CLICKCLACK_SAGE_BOT_BOT_TOKEN");
  });

  test("does not share a secret with another", () => {
    const two = plan("{}", { accountId: "a-b" }).text;
    expect(() => plan(two, { accountId: "a_b" })).toThrow(
      "--account a_b: its token would go into CLICKCLACK_A_B_BOT_TOKEN, which account a-b uses",
    );
  });
});

describe("what is there already", () => {
  test.for([
    ["an empty document", "{}", {}],
    ["a single account", SINGLE, {}],
    ["a second account", SINGLE, { accountId: "sage", agentId: "sage", requireMention: true, name: "Sage" }],
    [
      "a gateway",
      "{ gateway: { remote: { url: 'wss://g.example', token: 'plain' } } }",
      { gatewayUrl: "https://h.example" },
    ],
    ["variables", "{ channels: { clickclack: { baseUrl: '${BASE}', workspace: '${WS}' } } }", {}],
    [
      "lists",
      "{ plugins: { allow: ['x'] }, secrets: { providers: { default: { source: 'env', allowlist: [] } } } }",
      {},
    ],
  ] as const)("is not written twice: %s", ([, text, wanted]) => {
    const once = plan(text, wanted);
    const twice = plan(once.text, wanted, once.secrets);
    expect(twice.text).toBe(once.text);
    expect(twice.notes).toEqual([]);
    expect(twice.secrets).toEqual(once.secrets);
  });

  test("what holds anyway is not said", () => {
    const wanted = {
      replyMode: "agent",
      requireMention: false,
      defaultTo: "channel:general",
      allowFrom: ["*"],
    } as const;
    expect(Object.keys(plan("{}", wanted).channel)).toEqual(["enabled", "baseUrl", "workspace", "token"]);
  });

  test("what a second account has from the channel is not said again, and what differs is", () => {
    const { channel } = plan(SINGLE, { accountId: "sage", workspace: "port", replyMode: "model" });
    expect(channel.accounts.sage).toEqual({
      workspace: "port",
      token: { source: "env", provider: "default", id: "CLICKCLACK_SAGE_BOT_TOKEN" },
    });
  });

  test("${NAME} stays, and the variable gets the value", () => {
    const text =
      "{ channels: { clickclack: { baseUrl: '${BASE}', workspace: 'x ${WS}' } }, gateway: { remote: { url: '${GW}' } } }";
    const { channel, document, secrets } = plan(
      text,
      { gatewayUrl: "https://g.example" },
      { BASE: "https://old.example", WS: "y" },
    );
    expect([channel.baseUrl, channel.workspace, document.gateway.remote.url]).toEqual([
      "${BASE}",
      "harbour",
      "${GW}",
    ]);
    expect(secrets).toMatchObject({ BASE: BOT.baseUrl, GW: "https://g.example" });
  });

  test("a variable that the document names goes where the secrets go, with the value that it has", () => {
    const text = "{ channels: { clickclack: { baseUrl: '${BASE}', workspace: 'harbour' } } }";
    const variables = {
      BASE: "https://chat.example.com",
      OPENCLAW_GATEWAY_URL: "https://g.example",
      OTHER: "x",
    };
    const { secrets } = plan(text, {}, variables);
    expect(secrets).toEqual({
      CLICKCLACK_BOT_TOKEN: TOKEN,
      BASE: variables.BASE,
      OPENCLAW_GATEWAY_URL: variables.OPENCLAW_GATEWAY_URL,
    });
  });

  test.for(["{ source: 'env', provider: 'default', id: 'MINE' }", "'${MINE}'", "'$MINE'"])(
    "a token's own secret keeps its name: %s",
    (written) => {
      const text = `{ channels: { clickclack: { token: ${written} } } }`;
      const { channel, secrets } = plan(text);
      expect(channel.token).toEqual(JSON5.parse(written));
      expect(secrets.MINE).toBe(TOKEN);
    },
  );

  test("a plain token gives way to a new one, and to a reference", () => {
    const { text, secrets, notes } = plan("{ channels: { clickclack: { token: 'ccb_old' } } }");
    expect(text).not.toContain("ccb_");
    expect(secrets.CLICKCLACK_BOT_TOKEN).toBe(TOKEN);
    expect(notes.join()).toContain("channels.clickclack.token held the token itself");
    expect(plan("{ channels: { clickclack: { token: 'ccb_old' } } }", { token: undefined }).secrets).toEqual({
      CLICKCLACK_BOT_TOKEN: "ccb_old",
    });
  });

  test("a file of a token goes, and what is switched off is switched on", () => {
    const text =
      "{ channels: { clickclack: { enabled: false, accounts: { sage: { tokenFile: '/t', enabled: false } } } } }";
    const { channel, notes } = plan(text, { accountId: "sage" });
    expect([channel.enabled, channel.accounts.sage.enabled, channel.accounts.sage.tokenFile]).toEqual([
      true,
      true,
      undefined,
    ]);
    expect(notes).toEqual([
      "channels.clickclack.enabled was false, and is true now",
      "channels.clickclack.accounts.sage.enabled was false, and is true now",
      "channels.clickclack.accounts.sage.tokenFile is gone: a Worker has no files",
    ]);
  });

  test("the API's address does not stay behind when the server changes", () => {
    const text =
      "{ channels: { clickclack: { baseUrl: 'https://old.example', apiBaseUrl: 'https://api.old.example' } } }";
    expect(plan(text).channel.apiBaseUrl).toBe(BOT.baseUrl);
    expect(plan(text, { baseUrl: "https://old.example" }).channel.apiBaseUrl).toBe("https://api.old.example");
  });

  test("the provider that works without an entry is named as the document names it", () => {
    const text =
      "{ secrets: { defaults: { env: 'worker' }, providers: { worker: { source: 'env', allowlist: ['X'] } } } }";
    const { channel, document } = plan(text);
    expect(channel.token.provider).toBe("worker");
    expect(document.secrets.providers.worker.allowlist).toEqual(["X", "CLICKCLACK_BOT_TOKEN"]);
  });
});

describe("the plugin's switches", () => {
  test("a list that allows others comes to allow it; an empty one allows everything", () => {
    expect(plan("{ plugins: { allow: ['telegram'] } }").document.plugins.allow).toEqual([
      "telegram",
      "clickclack",
    ]);
    expect(plan("{ plugins: { allow: [] } }").document.plugins.allow).toEqual([]);
    expect(plan("{ plugins: { allow: ['clickclack'] } }").notes).toEqual([]);
  });

  test.for([
    [
      "{ plugins: { deny: ['clickclack'], allow: ['x'] } }",
      "plugins.deny lists clickclack and still forbids the bot",
    ],
    ["{ plugins: { enabled: false } }", "plugins.enabled is false and still forbids the bot"],
    [
      "{ plugins: { entries: { clickclack: { enabled: false } } } }",
      "plugins.entries.clickclack.enabled is false and still forbids",
    ],
  ] as const)("what forbids it stays, and is told: %s", ([text, note]) => {
    const { document, notes } = plan(text);
    expect(document.plugins).toMatchObject({
      ...JSON5.parse(text).plugins,
      ...(document.plugins.allow && { allow: ["x", "clickclack"] }),
    });
    expect(notes.join()).toContain(note);
  });

  const bitOf = (text: string, wanted: Partial<Wanted>) =>
    plan(text, wanted).document.plugins?.entries?.clickclack?.llm?.allowAgentIdOverride;

  test("the trust bit is set for an agent in model mode, and for nothing else", () => {
    expect(bitOf("{}", { replyMode: "model", agentId: "scout" })).toBe(true);
    expect(bitOf("{}", { replyMode: "agent", agentId: "scout" })).toBeUndefined();
    expect(bitOf("{}", { replyMode: "model" })).toBeUndefined();
    const bound = "{ bindings: [{ agentId: 'scout', match: { channel: 'clickclack', accountId: '*' } }] }";
    expect(bitOf(bound, { replyMode: "model" })).toBe(true);
    expect(bitOf("{ channels: { clickclack: { replyMode: 'model' } } }", { agentId: "scout" })).toBe(true);
  });

  test("one that says no stays, and is told", () => {
    const text = "{ plugins: { entries: { clickclack: { llm: { allowAgentIdOverride: false } } } } }";
    const wanted = { replyMode: "model", agentId: "scout" } as const;
    expect(bitOf(text, wanted)).toBe(false);
    expect(plan(text, wanted).notes.join()).toContain(
      "is false and still forbids a model-mode account with an agent",
    );
  });
});

test("a document that the Worker would refuse is left alone, with the first fault", () => {
  expect(() => plan("{ channels: { clickclack: { replyMode: 1, nam: '' } } }")).toThrow(
    /^the document cannot be used, and is left as it is: channels\.clickclack\.\w+ is .+ \(and \d more\)$/,
  );
});

/** A setting knows where it stands. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner) => (key === "path" ? undefined : inner));
}
