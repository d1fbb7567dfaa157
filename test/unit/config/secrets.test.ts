import { describe, expect, test } from "vitest";
import { account, ENV, given, PLACE } from "./given.ts";

const REF = { source: "env", provider: "default", id: "MY_TOKEN" };
const env = { ...ENV, MY_TOKEN: " ccb_mine " };

/** The default account with this token, and what the rest of the document says about secrets. */
function bot(token: unknown, { env: variables = env, ...rest }: Record<string, unknown> = {}) {
  const config = given({ ...PLACE, token }, { env: variables as Record<string, unknown>, ...rest });
  return account(config);
}

describe("a token", () => {
  test.each([
    ["a reference", REF],
    ["${NAME}", "${MY_TOKEN}"],
    ["$NAME", "$MY_TOKEN"],
    ["a plain text", "ccb_mine"],
    ["a plain text with space around it", " ccb_mine\n"],
    ["a text with a variable in it", "ccb_${REST}"],
  ])("can be %s", (_, token) => {
    const { token: secret, faults } = bot(token, { env: { ...env, REST: "mine" } });
    expect(faults).toEqual([]);
    expect(secret?.reveal()).toBe("ccb_mine");
  });

  test.each([
    ["a reference", REF],
    ["${NAME}", "${MY_TOKEN}"],
    ["$NAME", "$MY_TOKEN"],
  ])("named by %s and not set is a fault, and CLICKCLACK_BOT_TOKEN does not step in", (_, token) => {
    const { token: secret, faults } = bot(token, { env: ENV });
    expect(secret).toBeUndefined();
    expect(faults).toEqual([
      {
        path: "channels.clickclack.token",
        found: "Worker secret MY_TOKEN, which is not set",
        mend: "run wrangler secret put MY_TOKEN",
      },
    ]);
  });

  test("with a variable in it that is not set is a fault", () => {
    const { token, faults } = bot("ccb_${REST}");
    expect(token).toBeUndefined();
    expect(faults).toMatchObject([{ path: "channels.clickclack.token", found: "${REST}, which is not set" }]);
  });

  test("of the default account is CLICKCLACK_BOT_TOKEN when nothing is configured", () => {
    expect(account(given(PLACE)).token?.reveal()).toBe("ccb_default");
    expect(bot("").token?.reveal()).toBe("ccb_default");
  });

  test("of another account is never CLICKCLACK_BOT_TOKEN", () => {
    const peter = account(given({ ...PLACE, accounts: { peter: {} } }), "peter");
    expect(peter.token).toBeUndefined();
    expect(peter.faults).toEqual([
      {
        path: "channels.clickclack.accounts.peter.token",
        found: 'ClickClack is not configured for account "peter": no token',
        mend: 'use { source: "env", provider: "default", id: "CLICKCLACK_PETER_BOT_TOKEN" } and run wrangler secret put CLICKCLACK_PETER_BOT_TOKEN',
      },
    ]);
  });

  test("prints as [secret]", () => {
    const config = given({ ...PLACE, token: "ccb_mine" });
    expect(`${account(config).token} ${JSON.stringify([...config.accounts])}`).not.toContain("ccb_mine");
  });

  test.each(["file", "exec", "store"])(
    "from the source %s cannot exist in a Worker, and the fault says so",
    (source) => {
      const { token, faults } = bot({ source, provider: "default", id: "TOKEN" });
      expect(token).toBeUndefined();
      expect(faults).toMatchObject([
        {
          found: expect.stringContaining("a Worker"),
          mend: expect.stringContaining("run wrangler secret put CLICKCLACK_BOT_TOKEN"),
        },
      ]);
    },
  );
});

describe("a token file", () => {
  const token = "ccb_mine";
  const tokenFile = "/run/secrets/token";

  test.each([
    ["goes before a token beside it", { token, tokenFile }, {}, "channels.clickclack.tokenFile"],
    ["is inherited", { tokenFile }, {}, "channels.clickclack.tokenFile"],
    [
      "of an account goes before all",
      { token },
      { token, tokenFile },
      "channels.clickclack.accounts.peter.tokenFile",
    ],
  ])("%s, and is a fault", (_, channel, own, path) => {
    const peter = account(given({ ...PLACE, ...channel, accounts: { peter: own } }), "peter");
    expect(peter.token).toBeUndefined();
    expect(peter.faults).toMatchObject([{ path, found: "a file, and a Worker has no files" }]);
  });

  test("of the channel gives way to an account's own token", () => {
    const peter = account(given({ ...PLACE, tokenFile, accounts: { peter: { token } } }), "peter");
    expect(peter.faults).toEqual([]);
    expect(peter.token?.reveal()).toBe("ccb_mine");
  });
});

describe("a secret provider", () => {
  const vault = { ...REF, provider: "vault" };

  test.each([
    ["without an entry", vault, {}, 'Secret provider "vault" is not configured (ref: env:vault:MY_TOKEN)'],
    [
      "of another source",
      vault,
      { providers: { vault: { source: "file", path: "/x" } } },
      'Secret provider "vault" has source "file" but ref requests "env"',
    ],
    [
      "whose list leaves the variable out",
      REF,
      { providers: { default: { source: "env", allowlist: ["OTHER"] } } },
      'Environment variable "MY_TOKEN" is not allowlisted in secrets.providers.default.allowlist',
    ],
    [
      "with an empty list",
      "${MY_TOKEN}",
      { providers: { default: { source: "env", allowlist: [] } } },
      'Environment variable "MY_TOKEN" is not allowlisted in secrets.providers.default.allowlist',
    ],
    [
      "that is no longer the default",
      REF,
      { defaults: { env: "main" } },
      'Secret provider "default" is not configured (ref: env:default:MY_TOKEN)',
    ],
    [
      "named like a property of every object",
      { ...REF, provider: "constructor" },
      { providers: {} },
      'Secret provider "constructor" is not configured (ref: env:constructor:MY_TOKEN)',
    ],
  ])("%s is a fault in OpenClaw's words", (_, token, secrets, found) => {
    const { token: secret, faults } = bot(token, { secrets });
    expect(secret).toBeUndefined();
    expect(faults).toMatchObject([{ path: "channels.clickclack.token", found }]);
  });

  test.each([
    ["with an entry", vault, { providers: { vault: { source: "env" } } }],
    [
      "whose list names the variable",
      vault,
      { providers: { vault: { source: "env", allowlist: ["MY_TOKEN"] } } },
    ],
    ["that is the default", { ...REF, provider: "main" }, { defaults: { env: "main" } }],
    ["that is not used", REF, { providers: { vault: { source: "exec", command: "/bin/pass" } } }],
  ])("%s gives the token", (_, token, secrets) => {
    expect(bot(token, { secrets }).token?.reveal()).toBe("ccb_mine");
  });
});
