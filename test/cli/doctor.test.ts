import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { CHECKS } from "../../cli/doctor/catalogue.ts";
import { readWranglerVars } from "../../cli/wrangler-vars.ts";
import { openClinic, wellDocument, wellVariables } from "./doctor-clinic.ts";
import { edge } from "./tool.ts";

const clinic = openClinic();

describe("a set-up that is well", () => {
  it("has no failure, and changes nothing at ClickClack", async () => {
    const { exit, ailing } = await clinic.visit(wellDocument(clinic), wellVariables(clinic));
    // The stand-ins are on this machine.
    expect(Object.keys(ailing)).toEqual(["address", "gateway-address"]);
    expect(exit).toBe(0);
    const { requests } = (await (await fetch(`${clinic.clickclack}/sandbox/requests`)).json()) as {
      requests: { method: string; path: string; status?: number }[];
    };
    const writes = requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/api"));
    expect(
      writes.map(({ status }) => status).filter((status) => status === undefined || status < 400),
    ).toEqual([]);
  });

  it("is printed by groups, each finding with a word and a sign, and ends with a sum", async () => {
    const { exit, out, err } = await edge(["doctor"], {
      env: { OPENCLAW_CONFIG: JSON.stringify(wellDocument(clinic)), ...wellVariables(clinic) },
    });
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/^Configuration\n {2}✓ pass {2}document/);
    expect(out).toContain("\n\nClickClack, account default\n");
    expect(out).toMatch(/ {2}! warn {2}address .*\n +→ use https/);
    expect(out).toMatch(/ {2}- skip {2}worker .*give --url/);
    expect(out).toMatch(/\n\n\d+ passed, 2 warnings, 0 failed, \d+ skipped\n$/);
  });

  it("ends with 1 for a warning when it is strict", async () => {
    expect((await clinic.visit(wellDocument(clinic), wellVariables(clinic), ["--strict"])).exit).toBe(1);
  });

  it("shows no token, whatever is looked at", async () => {
    const { said } = await clinic.visit(wellDocument(clinic), wellVariables(clinic));
    for (const secret of Object.values(wellVariables(clinic))) expect(said).not.toContain(secret);
  });
});

describe("the document", () => {
  it("that cannot be read leaves nothing else to look at, and says where", async () => {
    const { exit, of, all } = await clinic.visit("{ channels: { clickclack: { baseUrl: } } }");
    expect(exit).toBe(1);
    expect(of("document")).toMatchObject([
      {
        state: "fail",
        found: expect.stringContaining("JSON5 syntax error at line 1"),
        group: "configuration",
      },
    ]);
    expect(of("token")).toMatchObject([{ state: "skip", found: "needs a document that can be used" }]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(
      CHECKS.filter(({ group }) => group !== "round trip").length,
    );
  });

  it("names an unknown key with what was meant", async () => {
    const { ailing } = await clinic.visit(
      wellDocument(clinic, { requireMentions: true }),
      wellVariables(clinic),
    );
    expect(ailing.document).toContain("did you mean requireMention?");
  });

  it.each([
    ["plugins disabled", { plugins: { enabled: false } }, "plugins.enabled"],
    ["blocked by denylist", { plugins: { deny: ["clickclack"] } }, "plugins.deny"],
    ["not in allowlist", { plugins: { allow: ["other"] } }, "plugins.allow"],
  ])("says what switches ClickClack off: %s", async (reason, more, mend) => {
    const { of } = await clinic.visit(wellDocument(clinic, {}, more), wellVariables(clinic));
    expect(of("switched-on")).toMatchObject([
      { state: "fail", found: expect.stringContaining(reason), mend: expect.stringContaining(mend) },
    ]);
  });

  it("tells of what is passed over", async () => {
    const { of } = await clinic.visit(wellDocument(clinic, { agentActivity: true }), wellVariables(clinic));
    expect(of("passed-over")).toMatchObject([
      { state: "warn", found: expect.stringContaining("agentActivity") },
    ]);
  });

  it("of a gateway in which the plugin is on would answer twice", async () => {
    const own = wellDocument(clinic) as { gateway: object };
    const document = { ...own, gateway: { ...own.gateway, port: 18789, auth: { mode: "token" } } };
    const { of } = await clinic.visit(document, wellVariables(clinic));
    expect(of("plugin")).toMatchObject([
      {
        state: "warn",
        mend: expect.stringContaining("channels.clickclack.enabled to false in the gateway's copy"),
      },
    ]);
  });
});

describe("secrets", () => {
  it("says which variable is missing and where it can be put, and goes on with what does not need it", async () => {
    const { CLICKCLACK_BOT_TOKEN: _, ...rest } = wellVariables(clinic);
    const { exit, of } = await clinic.visit(wellDocument(clinic), rest);
    expect(exit).toBe(1);
    expect(of("secrets")).toMatchObject([
      { state: "pass", found: "set here: OPENCLAW_GATEWAY_TOKEN (environment)" },
      { state: "fail", mend: expect.stringContaining("put CLICKCLACK_BOT_TOKEN into .dev.vars as well") },
    ]);
    expect(of("document")).toMatchObject([{ state: "pass" }]);
    expect(of("clickclack")).toMatchObject([{ state: "pass" }]);
    expect(of("token")).toMatchObject([{ state: "skip", found: expect.stringContaining("see secrets") }]);
    expect(of("gateway-token")).toMatchObject([{ state: "pass" }]);
  });
});

describe("one account", () => {
  // CLICKCLACK_BOT_TOKEN would be one more account, "default".
  const scoutsVariables = () => ({
    SCOUT: clinic.room.bot("scout").token,
    OPENCLAW_GATEWAY_TOKEN: clinic.gatewayToken,
  });

  it("is looked at alone, whatever is wrong with the others", async () => {
    const accounts = {
      one: { token: "${SCOUT}", agentId: "scout" },
      two: { token: "${NOT_THERE}", agentId: "nobody", requireMention: true },
    };
    const document = wellDocument(clinic, { token: undefined, accounts });
    const both = await clinic.visit(document, scoutsVariables());
    expect(both.exit).toBe(1);
    expect(both.of("agent")).toMatchObject([
      { account: "one", state: "pass" },
      { account: "two", state: "fail" },
    ]);
    const one = await clinic.visit(document, scoutsVariables(), ["--account", "one"]);
    expect(one.exit).toBe(0);
    expect(new Set(one.all.map(({ account }) => account))).toEqual(new Set([undefined, "one"]));
    expect(one.said).not.toContain("NOT_THERE");
  });

  it("that is switched off is not looked at", async () => {
    const accounts = { one: { token: "${SCOUT}", enabled: false } };
    const { exit, of } = await clinic.visit(
      wellDocument(clinic, { token: undefined, accounts }),
      scoutsVariables(),
    );
    expect(exit).toBe(0);
    expect(of("address").at(-1)).toMatchObject({
      account: "one",
      state: "skip",
      found: "the account is disabled",
    });
  });
});

describe("the command line", () => {
  it.each([
    [["--account", "nobody"], "--account nobody: there is no such account; use one of: default"],
    [["--round-trip"], "--round-trip: it posts as a person"],
    [["--target", "channel:general"], "--target: it is for --round-trip"],
    [["--wait", "long"], "--wait: give a number of seconds above 0"],
    [["--clean"], "--clean: it is for --round-trip"],
    [["--url", "nonsense"], "--url: that is a text that is no URL"],
  ])("%j is refused with what to do", async (args, said) => {
    const visited = await clinic.visit(wellDocument(clinic), wellVariables(clinic), args);
    expect(visited.exit).toBe(2);
    expect(visited.said).toContain(said);
  });

  it("lists the checks without making any", async () => {
    const { exit, out } = await edge(["doctor", "--list"]);
    expect(exit).toBe(0);
    for (const { id, looksAt } of CHECKS) expect(out).toContain(`${id.padEnd(18)} ${looksAt}`);
    expect((await edge(["doctor", "--list", "--json"])).json()).toHaveLength(CHECKS.length);
  });
});

it("reads the variables that are deployed with wrangler.toml", async () => {
  const folder = await mkdtemp(join(tmpdir(), "edge-doctor-vars-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const text = [
    'name = "edge"',
    "[vars] # plain",
    'OPENCLAW_GATEWAY_URL = "https://gateway.example.com" # where it is',
    "LITERAL = 'a\\\\b'",
    'QUOTED = "a \\"word\\""',
    "NUMBER = 5",
    "[triggers]",
    'NOT_THIS = "x"',
  ];
  await writeFile(join(folder, "wrangler.toml"), text.join("\n"));
  expect(await readWranglerVars(folder)).toEqual({
    OPENCLAW_GATEWAY_URL: "https://gateway.example.com",
    LITERAL: "a\\\\b",
    QUOTED: 'a "word"',
  });
  expect(await readWranglerVars(join(folder, "nowhere"))).toEqual({});
});

it("has a row for every check in docs/doctor.md, and none for others", async () => {
  const page = await readFile(new URL("../../docs/doctor.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z][a-z-]+)` \|/gm)].map(([, id]) => id);
  expect(rows).toEqual(CHECKS.map(({ id }) => id));
});
