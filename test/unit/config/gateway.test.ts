import { describe, expect, test } from "vitest";
import { account, BOT, ENV, given } from "./given.ts";

const SECRETS = { CLICKCLACK_BOT_TOKEN: "ccb_default" };

function gateway(remote: unknown, env: Record<string, unknown> = SECRETS) {
  return given(BOT, { gateway: { remote }, env });
}

describe("the gateway", () => {
  test("is what gateway.remote says", () => {
    const config = gateway({ url: "https://gw.example.com/", token: "$GW" }, { ...ENV, GW: "gw-token" });
    expect(config.gateway?.url).toBe("https://gw.example.com");
    expect(config.gateway?.token.reveal()).toBe("gw-token");
  });

  test.each([
    ["wss://gw.example.com", "https://gw.example.com"],
    ["ws://127.0.0.1:18789/", "http://127.0.0.1:18789"],
    [" https://gw.example.com/base/ ", "https://gw.example.com/base"],
  ])("%j is reached at %s", (url, reached) => {
    expect(gateway({ url, token: "x" }).gateway?.url).toBe(reached);
  });

  test("is what OPENCLAW_GATEWAY_URL and OPENCLAW_GATEWAY_TOKEN say, each for itself", () => {
    expect(given(BOT).gateway?.url).toBe("https://gateway.example.com");
    const mixed = gateway({ url: "wss://gw.example.com" }, ENV).gateway;
    expect(mixed?.url).toBe("https://gw.example.com");
    expect(mixed?.token.reveal()).toBe("gateway-token");
  });

  test("is absent with a fault for each part that is missing", () => {
    const config = given(BOT, { env: SECRETS });
    expect(config.gateway).toBeUndefined();
    expect(config.faults).toMatchObject([
      { path: "gateway.remote.url", found: "not set" },
      {
        path: "gateway.remote.token",
        found: "not set",
        mend: "run wrangler secret put OPENCLAW_GATEWAY_TOKEN",
      },
    ]);
    expect(account(config).faults).toEqual([]);
  });

  test("is absent when its token is named and not set, whatever OPENCLAW_GATEWAY_TOKEN is", () => {
    const config = gateway({ url: "https://gw.example.com", token: "${GW}" }, ENV);
    expect(config.gateway).toBeUndefined();
    expect(config.faults).toMatchObject([
      { path: "gateway.remote.token", found: "Worker secret GW, which is not set" },
    ]);
  });

  test("is absent when its address names a variable that is not set", () => {
    const config = gateway({ url: "https://${GW_HOST}", token: "x" }, ENV);
    expect(config.gateway).toBeUndefined();
    expect(config.faults).toMatchObject([
      { path: "gateway.remote.url", found: "${GW_HOST}, which is not set" },
    ]);
  });
});

describe("an address", () => {
  test.each([
    ["https://chat.example.com/", "https://chat.example.com"],
    ["  http://127.0.0.1:8080/chat// ", "http://127.0.0.1:8080/chat/"],
    ["HTTPS://Chat.Example.com", "https://chat.example.com"],
  ])("%j is used as %s", (written, used) => {
    expect(account(given({ ...BOT, baseUrl: written })).baseUrl).toBe(used);
    expect(account(given({ ...BOT, apiBaseUrl: written }))).toMatchObject({
      baseUrl: "https://chat.example.com",
      apiBaseUrl: used,
    });
  });

  test.each([
    ["chat.example.com", "a text that is no URL"],
    ["ftp://chat.example.com", "a URL that does not begin with https://"],
    ["wss://chat.example.com", "a URL that does not begin with https://"],
    ["https://me:pass@chat.example.com", "a URL with a user name or password in it"],
    ["https://:pass@chat.example.com", "a URL with a user name or password in it"],
    ["https://pass@chat.example.com", "a URL with a user name or password in it"],
    ["https://chat.example.com/?key=pass", "a URL with a query or fragment"],
    ["https://chat.example.com/#pass", "a URL with a query or fragment"],
  ])("%j is a fault of the account", (written, found) => {
    for (const key of ["baseUrl", "apiBaseUrl"]) {
      const config = given({ ...BOT, [key]: written });
      expect(config.faults).toMatchObject([{ path: `channels.clickclack.${key}`, found }]);
      expect(JSON.stringify(config.faults)).not.toContain("pass@");
      expect(account(config).faults).toEqual(config.faults);
    }
  });
});

describe("a Cloudflare Access service token", () => {
  const token = { clientId: "id.access", clientSecret: "${ACCESS_SECRET}" };

  test("goes with the remote that it is for", () => {
    const env = { ...ENV, ACCESS_SECRET: "shh" };
    const config = given(BOT, { edge: { access: { gateway: token } }, env });
    expect(config.faults).toEqual([]);
    expect(config.access.clickclack).toBeUndefined();
    expect(config.access.gateway?.clientId.reveal()).toBe("id.access");
    expect(config.access.gateway?.clientSecret.reveal()).toBe("shh");
  });

  test("of the gateway that cannot be read keeps the gateway away", () => {
    const config = given(BOT, { edge: { access: { gateway: token } } });
    expect(config.gateway).toBeUndefined();
    expect(config.access.gateway).toBeUndefined();
    expect(config.faults).toMatchObject([{ path: "edge.access.gateway.clientSecret" }]);
    expect(account(config).faults).toEqual([]);
  });

  test("of ClickClack that is only half there is a fault of every account", () => {
    const config = given(
      { ...BOT, accounts: { peter: {} } },
      { edge: { access: { clickclack: { clientId: "x" } } } },
    );
    expect(config.gateway).toBeDefined();
    expect(config.faults).toMatchObject([
      {
        path: "edge.access.clickclack.clientSecret",
        mend: expect.stringContaining("CLICKCLACK_ACCESS_CLIENT_SECRET"),
      },
    ]);
    expect(account(config).faults).toEqual(config.faults);
    expect(account(config, "peter").faults).toEqual(config.faults);
  });
});
