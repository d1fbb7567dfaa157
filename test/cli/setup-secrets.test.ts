import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withoutVariables, withVariables } from "../../cli/setup/dev-vars.ts";
import { Random } from "../../sandbox/chaos/random.ts";
import { Secret } from "../../src/config/secret.ts";
import { type SetupStage, setSetupStage } from "./setup-stage.ts";

describe("a .dev.vars", () => {
  const put = (text: string, values: Record<string, string>) =>
    withVariables(text, new Map(Object.entries(values).map(([name, value]) => [name, new Secret(value)])));

  test.for([
    ["", "A=new\n"],
    ["B=1", "B=1\nA=new\n"],
    ["# A=old\nA = old # why\nB=1\n", "# A=old\nA=new\nB=1\n"],
    ["A='one\ntwo'\nB=1\n", "A=new\nB=1\n"],
    ["export A=old\r\nAA=1\r\n", "A=new\r\nAA=1\r\n"],
    ["A=first\nA=last\n", "A=first\nA=new\n"],
    ['B="\nA=not mine\n"\nA=old\n', 'B="\nA=not mine\n"\nA=new\n'],
  ])("%j takes a value in its place", ([text = "", expected]) => {
    expect(put(text, { A: "new" })).toBe(expected);
  });

  test("that has the value stays as it is, however it is written", () => {
    for (const text of ["A=new", "A='new' # mine\n", '  A = "new"\n'])
      expect(put(text, { A: "new" })).toBe(text);
  });

  test("holds any token", () => {
    const characters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
    for (let seed = 0; seed < 2_000; seed++) {
      const random = new Random(seed);
      const value = random.deal(characters, random.whole(1, 12)).join("");
      if (["'", '"', "`"].every((quote) => value.includes(quote))) continue;
      if (value.includes("'") && value.includes("`") && value.includes("\\")) continue;
      const text = put("BEFORE=1\nA=old\nBEHIND=2\n", { A: value });
      expect(parseEnv(text), `${seed}: ${text}`).toEqual({ BEFORE: "1", A: value, BEHIND: "2" });
    }
  });

  test("gives a variable up without a trace", () => {
    expect(withoutVariables(put("B=1\n", { A: "new" }), ["A"])).toBe("B=1\n");
    expect(withoutVariables("A=1\r\nB=1\r\nA='2\n3'\r\n", ["A"])).toBe("B=1\r\n");
  });

  test("that cannot be written among what stands there is left", () => {
    expect(() => put("B='open\n", { A: "it's" })).toThrow(
      "A cannot be written into .dev.vars among what stands",
    );
    expect(() => put("", { A: "a'b\"c`d" })).toThrow("A has too many kinds of quotes for .dev.vars");
  });
});

describe("secrets for the Worker", () => {
  let stage: SetupStage;
  const cloudflare = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    calls.push({ call: `${request.method} ${request.url}`, body });
    const answer = { success: fault === undefined, errors: fault ? [fault] : [], messages: [], result: {} };
    response.writeHead(fault ? 403 : 200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  const calls: { call: string; body: string }[] = [];
  let fault: { code: number; message: string } | undefined;

  beforeAll(async () => {
    stage = await setSetupStage();
    await once(cloudflare.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(async () => {
    cloudflare.closeAllConnections();
    cloudflare.close();
    await stage.stop();
  });
  beforeEach(() => {
    calls.length = 0;
    fault = undefined;
  });

  const env = () => ({
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${(cloudflare.address() as AddressInfo).port}`,
    CLOUDFLARE_API_TOKEN: "cloudflare-token",
    CLOUDFLARE_ACCOUNT_ID: "account",
    OPENCLAW_GATEWAY_URL: stage.gateway,
    OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken,
  });
  const sent = () =>
    Object.fromEntries(
      Object.entries(
        (JSON.parse(calls[0]?.body ?? "{}") as { secrets: Record<string, { text: string }> }).secrets,
      ).map(([name, { text }]) => [name, text]),
    );

  test("go there with one call, and a claimed token does not stay behind", async () => {
    const clone = await stage.clone();
    const code = `${stage.clickclack}/#${await stage.mint("scout")}`;
    const run = await clone.setup(["--code", code, "--secrets", "wrangler"], { env: env() });
    expect(run.exit, run.out + run.err).toBe(0);
    expect(calls.map(({ call }) => call)).toEqual([
      "PATCH /accounts/account/workers/scripts/clickclack-edge/secrets-bulk",
    ]);
    expect(sent()).toEqual({
      CLICKCLACK_BOT_TOKEN: expect.stringMatching(/^ccb_/),
      OPENCLAW_GATEWAY_URL: stage.gateway,
      OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken,
    });
    expect(run.out).toContain(
      "ok    the Worker has CLICKCLACK_BOT_TOKEN, OPENCLAW_GATEWAY_TOKEN, OPENCLAW_GATEWAY_URL;",
    );
    expect(run.out).toContain(".dev.vars no longer has CLICKCLACK_BOT_TOKEN\n");
    expect(run.out).not.toContain(sent().CLICKCLACK_BOT_TOKEN);
    expect(await clone.secrets()).toBe("");
  });

  test("that it refuses are told by name, and a claimed token stays in its file", async () => {
    fault = { code: 10000, message: "Authentication error" };
    const clone = await stage.clone();
    const code = `${stage.clickclack}/#${await stage.mint("scout")}`;
    const run = await clone.setup(["--code", code, "--secrets", "wrangler", "--json"], { env: env() });
    expect(run.exit).toBe(1);
    const { findings, secrets } = run.json() as {
      findings: { what: string; ok: boolean; text: string }[];
      secrets: { name: string; in: string[] }[];
    };
    expect(findings.filter(({ ok }) => !ok)).toEqual([
      {
        what: "secrets",
        ok: false,
        text: expect.stringMatching(
          /^wrangler did not put CLICKCLACK_BOT_TOKEN, .*: A request to the Cloudflare API/,
        ),
        mend: "run npx wrangler login, or set CLOUDFLARE_API_TOKEN, and run setup again",
      },
    ]);
    expect(secrets[0]).toEqual({ name: "CLICKCLACK_BOT_TOKEN", in: ["dev-vars"] });
    expect(parseEnv(await clone.secrets())).toEqual({ CLICKCLACK_BOT_TOKEN: sent().CLICKCLACK_BOT_TOKEN });

    // And from there on without a code.
    fault = undefined;
    calls.length = 0;
    const again = await clone.setup(["--secrets", "both"], { env: env() });
    expect(again.exit, again.out + again.err).toBe(0);
    expect(parseEnv(await clone.secrets())).toEqual(sent());
  });
});
