import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import JSON5 from "json5";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SetupStage, setSetupStage } from "./setup-stage.ts";
import { edge } from "./tool.ts";

let stage: SetupStage;
beforeAll(async () => {
  stage = await setSetupStage();
});
afterAll(() => stage.stop());

const channelOf = (text: string) => JSON5.parse(text).channels.clickclack;

describe("with a setup code", () => {
  test("a fresh clone has an answering bot after one command, and nothing to do after another", async () => {
    const clone = await stage.clone();
    const code = `${stage.clickclack}/#${await stage.mint("scout")}`;
    const flags = ["--gateway-url", stage.gateway, "--gateway-token", "-"];
    const run = await clone.setup(["--code", code, ...flags], { input: `${stage.gatewayToken}\n` });
    expect(run).toMatchObject({ exit: 0, err: "" });
    expect(run.out).toContain("The code was good for @scout in Harbour.");
    expect(run.out).toContain("connected as @scout (Scout), a bot of the workspace");
    expect(run.out).toContain("main answers, the gateway's only agent");
    expect(run.out).toMatch(/Next:\n {2}npm run dev\n {2}npm run edge -- doctor\n {2}npm run deploy\n$/);

    const document = await clone.document();
    expect(channelOf(document)).toEqual({
      enabled: true,
      baseUrl: stage.clickclack,
      workspace: stage.room.workspaceId,
      token: { source: "env", provider: "default", id: "CLICKCLACK_BOT_TOKEN" },
      defaultTo: "channel:general",
      replyMode: "agent",
    });
    expect(JSON5.parse(document).gateway.remote.url).toBe("${OPENCLAW_GATEWAY_URL}");
    expect(document).toContain("// More bots, each with its own token");
    const secrets = parseEnv(await clone.secrets());
    expect(secrets).toEqual({
      CLICKCLACK_BOT_TOKEN: expect.stringMatching(/^ccb_/),
      OPENCLAW_GATEWAY_URL: stage.gateway,
      OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken,
    });
    expect((await stat(join(clone.folder, ".dev.vars"))).mode & 0o777).toBe(0o600);
    for (const secret of [secrets.CLICKCLACK_BOT_TOKEN, stage.gatewayToken])
      expect(run.out + run.err).not.toContain(secret);

    const again = await clone.setup([]);
    expect(again).toMatchObject({ exit: 0, err: "" });
    expect(again.out).toContain("says all of it already");
    expect(await clone.document()).toBe(document);
    expect(parseEnv(await clone.secrets())).toEqual(secrets);
    expect((await readdir(clone.folder)).sort()).toEqual([".dev.vars", "openclaw.json5"]);
  });

  test("what the code says of targets and people is taken over, and a flag goes before it", async () => {
    const defaults = { defaultTo: "channel:library", allowFrom: [stage.owner.id] };
    const bare = await stage.mint("scout", { defaults });
    const clone = await stage.clone("{}");
    await clone.setup(["--code", bare, "--base-url", `${stage.clickclack}/`, "--no-check"]);
    expect(channelOf(await clone.document())).toMatchObject(defaults);

    const exact = `${stage.clickclack}/api/bot-setup-codes/claim#${await stage.mint("scout", { defaults })}`;
    const other = await stage.clone("{}");
    await other.setup(["--code", exact, "--default-to", "channel:general", "--no-check"]);
    expect(channelOf(await other.document())).toEqual({
      enabled: true,
      baseUrl: stage.clickclack,
      workspace: stage.room.workspaceId,
      token: { source: "env", provider: "default", id: "CLICKCLACK_BOT_TOKEN" },
      allowFrom: [stage.owner.id],
    });
  });

  test("a used code changes nothing, and says what to do", async () => {
    const clone = await stage.clone();
    const code = `${stage.clickclack}/#${await stage.mint("scout")}`;
    await clone.setup(["--code", code, "--no-check"]);
    const other = await stage.clone();
    const before = await other.document();
    const run = await other.setup(["--code", code]);
    expect(run).toMatchObject({ exit: 1, out: "" });
    expect(run.err).toBe(
      "--code: the code is wrong, older than ten minutes or already used; make a new one in ClickClack\n",
    );
    expect([await other.document(), await other.secrets()]).toEqual([before, ""]);
  });

  test("the code is still good after a broken document, an unknown key and a dry run", async () => {
    const code = `${stage.clickclack}/#${await stage.mint("scout")}`;
    const broken = await stage.clone("{\n  channels: {,\n}");
    expect(await broken.setup(["--code", code])).toMatchObject({
      exit: 2,
      err: expect.stringContaining("a JSON5 syntax error at line 2, column 14"),
    });
    const unknown = await stage.clone(
      "{ channels: { clickclack: { tokn: 'ccb_00000000000000000000000000' } } }",
    );
    const refused = await unknown.setup(["--code", code]);
    expect(refused.exit).toBe(2);
    expect(refused.err).toContain("channels.clickclack.tokn is an unknown key; did you mean token?");
    expect(await unknown.document()).toContain("tokn");

    const dry = await stage.clone();
    const before = await dry.document();
    const shown = await dry.setup(["--code", code, "--dry-run"]);
    expect(shown.exit).toBe(0);
    expect(shown.out).toContain(`+       baseUrl: "${stage.clickclack}", // where people open ClickClack`);
    expect([await dry.document(), await dry.secrets()]).toEqual([before, ""]);

    const clone = await stage.clone();
    expect(await clone.setup(["--code", code, "--no-check"])).toMatchObject({ exit: 0 });
  });

  test("a claimed token is in its file when a later step fails, and setup goes on from there", async () => {
    const clone = await stage.clone();
    const code = `${stage.clickclack}/#${await stage.mint("scout")}`;
    const before = await clone.document();
    const run = await clone.setup(["--code", code, "--gateway-token", "-", "--no-check"], {
      // No kind of quotes is left to write it with.
      input: "a'b\"c`d\n",
    });
    expect(run.exit).toBe(2);
    expect(run.err).toContain("OPENCLAW_GATEWAY_TOKEN has too many kinds of quotes for .dev.vars");
    expect(run.err).toContain("The bot's token is kept in");
    expect(await clone.document()).toBe(before);
    expect(await clone.secrets()).toMatch(/^CLICKCLACK_BOT_TOKEN=ccb_[0-9a-z]{26}\n$/);

    const on = await clone.setup(["--base-url", stage.clickclack, "--workspace", "harbour", "--no-check"]);
    expect(on.exit).toBe(0);
    expect(channelOf(await clone.document())).toMatchObject({ baseUrl: stage.clickclack });
  });
});

describe("with a token", () => {
  test("what is missing is named all at once", async () => {
    const clone = await stage.clone();
    const before = await clone.document();
    const run = await clone.setup([]);
    expect(run).toMatchObject({ exit: 2, out: "" });
    expect(run.err).toMatch(
      /^--token, --base-url, --workspace: missing; or give --code 'https:\/\/server\/#CODE'/,
    );
    expect((await clone.setup(["--base-url", stage.clickclack])).err).toMatch(
      /^--token, --workspace: missing/,
    );
    expect(await clone.document()).toBe(before);
  });

  test.for(["flag", "input", "environment"] as const)("it comes from the %s", async (way) => {
    const clone = await stage.clone();
    const { token } = stage.room.bot("sage");
    const flags = ["--base-url", stage.clickclack, "--workspace", "harbour", "--gateway-url", stage.gateway];
    const run = await clone.setup(
      [
        ...flags,
        ...{ flag: ["--token", token], input: ["--token", "-", "--gateway-token", "-"], environment: [] }[
          way
        ],
      ],
      {
        input: way === "input" ? `${token}\n${stage.gatewayToken}\n` : "",
        env: {
          ...(way === "environment" && { CLICKCLACK_BOT_TOKEN: token }),
          ...(way !== "input" && { OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken }),
        },
      },
    );
    expect(run.exit, run.out + run.err).toBe(0);
    expect(run.out).toContain("connected as @sage (Sage), the bot of @ada (Ada)");
    expect(run.err.includes("others on this machine can see a flag's value")).toBe(way === "flag");
    expect(parseEnv(await clone.secrets())).toMatchObject({
      CLICKCLACK_BOT_TOKEN: token,
      OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken,
    });
  });

  test("a token that stands in the document goes into the secret, and out of every line that is printed", async () => {
    const { token } = stage.room.bot("scout");
    const clone = await stage.clone(`{
  channels: {
    clickclack: {
      token: '${token}', // mine
      baseUrl: '${stage.clickclack}',
      workspace: 'harbour',
    },
  },
  gateway: { remote: { url: '${stage.gateway}', token: '${stage.gatewayToken}' } },
}
`);
    const dry = await clone.setup(["--dry-run"]);
    expect(dry.out).toContain("-       token: '[secret]', // mine");
    const run = await clone.setup([]);
    expect(run.exit, run.out).toBe(0);
    for (const text of [dry.out, run.out, await clone.document()]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(stage.gatewayToken);
    }
    expect(await clone.document()).toContain(
      "      token: { source: 'env', provider: 'default', id: 'CLICKCLACK_BOT_TOKEN' }, // mine\n",
    );
    expect(parseEnv(await clone.secrets())).toEqual({
      CLICKCLACK_BOT_TOKEN: token,
      OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken,
    });
  });

  test("what stands in .dev.vars stays, and the file becomes its owner's alone", async () => {
    const clone = await stage.clone();
    const path = join(clone.folder, ".dev.vars");
    await writeFile(path, "# mine\r\nEDGE_API_TOKEN=abc # one\r\nCLICKCLACK_BOT_TOKEN='old'\r\nLAST=1", {
      mode: 0o644,
    });
    const { token } = stage.room.bot("scout");
    await clone.setup(
      ["--base-url", stage.clickclack, "--workspace", "harbour", "--token", "-", "--no-check"],
      {
        input: token,
      },
    );
    expect(await clone.secrets()).toBe(
      `# mine\r\nEDGE_API_TOKEN=abc # one\r\nCLICKCLACK_BOT_TOKEN=${token}\r\nLAST=1`,
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("with --secrets none nothing is kept, and the commands for it are named", async () => {
    const clone = await stage.clone();
    const { token } = stage.room.bot("scout");
    const flags = ["--base-url", stage.clickclack, "--workspace", "harbour", "--token", "-"];
    const run = await clone.setup([...flags, "--secrets", "none", "--no-check"], { input: token });
    expect(run.exit).toBe(0);
    expect(run.out).toContain("Next:\n  npx wrangler secret put CLICKCLACK_BOT_TOKEN\n");
    expect(await clone.secrets()).toBe("");
  });
});

describe("the check", () => {
  const given = () => [
    "--base-url",
    stage.clickclack,
    "--workspace",
    "harbour",
    "--gateway-url",
    stage.gateway,
  ];
  const env = () => ({ OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken });

  test.for([
    {
      what: "a token that may only read",
      bot: "reader",
      args: [],
      says: "the token lacks messages:write, threads:write, dms:write, uploads:write, commands:write",
      mend: "make a token with bot:write",
    },
    {
      what: "another workspace",
      bot: "scout",
      args: ["--workspace", "port"],
      says: "the token opens no workspace port, but harbour",
      mend: "--workspace",
    },
    {
      what: "a target that is not there",
      bot: "scout",
      args: ["--default-to", "channel:attic"],
      says: "defaultTo leads nowhere: the bot sees no channel:attic",
      mend: "--default-to",
    },
    {
      what: "an agent that is not there",
      bot: "scout",
      args: ["--agent", "ghost"],
      says: "the gateway has no agent ghost",
      mend: "give one of main with --agent",
    },
    {
      what: "a gateway that is away",
      bot: "scout",
      args: ["--gateway-url", "http://127.0.0.1:9"],
      says: "http://127.0.0.1:9: no answer",
      mend: "--gateway-url",
    },
    {
      what: "a server that is not ClickClack",
      bot: "scout",
      args: ["--base-url", "gateway"],
      says: "this is not ClickClack's API",
      mend: "correct --base-url",
    },
  ])("tells of $what and leaves what was written", async ({ bot, args, says, mend }) => {
    const clone = await stage.clone();
    const swapped = args.map((arg) => (arg === "gateway" ? stage.gateway : arg));
    const run = await clone.setup([...given(), ...swapped, "--token", "-", "--json"], {
      input: stage.room.bot(bot).token,
      env: env(),
    });
    expect(run.exit, run.out + run.err).toBe(1);
    const { findings, ok, document } = run.json() as {
      findings: { ok: boolean; text: string; mend?: string }[];
      ok: boolean;
      document: { changed: boolean };
    };
    expect({ ok, changed: document.changed }).toEqual({ ok: false, changed: true });
    const bad = findings.filter((finding) => !finding.ok);
    expect(bad.map(({ text }) => text).join("\n")).toContain(says);
    expect(bad.map((finding) => finding.mend).join("\n")).toContain(mend);
    expect(await clone.secrets()).toContain(stage.room.bot(bot).token);
  });

  test("leaves nothing behind in ClickClack", async () => {
    const { room } = stage;
    const before = await room.inChannel(room.person("ada"), room.channelId("general"));
    const dms = async () => {
      const answer = await fetch(`${stage.clickclack}/api/dms?workspace_id=${room.workspaceId}`, {
        headers: { authorization: `Bearer ${room.bot("scout").token}` },
      });
      return ((await answer.json()) as { conversations: unknown[] }).conversations.length;
    };
    const had = await dms();
    const clone = await stage.clone();
    const run = await clone.setup([...given(), "--token", "-"], {
      input: room.bot("scout").token,
      env: env(),
    });
    expect(run.exit).toBe(0);
    expect(await room.inChannel(room.person("ada"), room.channelId("general"))).toEqual(before);
    expect(await dms()).toBe(had);
  });
});

test.for([
  [
    ["--code", "https://x.example/#AAAA-AAAA-AAAA", "--token", "ccb_1"],
    "--token: the setup code brings it along",
  ],
  [["--token", "sst_01m8909stf0qc92a2ttadjcy3w"], "--token: that is a person's session token"],
  [["--reply-mode", "modle"], "--reply-mode: use agent or model"],
  [["--secrets", "vault"], "--secrets: use dev-vars, wrangler, both or none"],
  [["--default-to", "dm:"], "--default-to: dm: needs a user id or a handle"],
  [["--base-url", "https://u:p@x.example"], "--base-url: that is a URL with a user name or password in it"],
  [["--gateway-url", "gateway"], "--gateway-url: that is a text that is no URL"],
  [["--token", "-"], "--token: that is no bot token"],
] as const)("%o is refused before anything is done", async ([args, error]) => {
  const clone = await stage.clone();
  const run = await clone.setup(args);
  expect({ exit: run.exit, out: run.out }).toEqual({ exit: 2, out: "" });
  expect(run.err).toContain(error);
  expect(await readdir(clone.folder)).toEqual(["openclaw.json5"]);
});

test("the example of .dev.vars is filled in where it stands", async () => {
  const clone = await stage.clone();
  const example = await readFile(new URL("../../.dev.vars.example", import.meta.url), "utf8");
  await writeFile(join(clone.folder, ".dev.vars"), example);
  const { token } = stage.room.bot("scout");
  const run = await clone.setup(
    ["--base-url", stage.clickclack, "--workspace", "harbour", "--token", "-", "--no-check"],
    { input: token },
  );
  expect(run.exit, run.err).toBe(0);
  expect(await clone.secrets()).toBe(
    example.replace("\nCLICKCLACK_BOT_TOKEN=\n", `\nCLICKCLACK_BOT_TOKEN=${token}\n`),
  );
});

test("without --account it is the default one, or the only one, or has to be said", async () => {
  const token = "{ source: 'env', provider: 'default', id: 'X' }";
  const documentWith = (accounts: string) =>
    `{ channels: { clickclack: { baseUrl: 'https://x.example', workspace: 'w', accounts: { ${accounts} } } } }`;
  const flags = ["--code", "https://x.example/#AAAA-AAAA-AAAA", "--dry-run", "--json"];
  const accountIn = async (accounts: string) => {
    const clone = await stage.clone(documentWith(accounts));
    return clone.setup(flags);
  };
  expect((await accountIn(`alpha: { token: ${token} }, default: {}`)).json()).toMatchObject({
    account: "default",
  });
  expect((await accountIn(`alpha: { token: ${token} }`)).json()).toMatchObject({ account: "alpha" });
  const open = await accountIn(`alpha: { token: ${token} }, beta: {}`);
  expect(open).toMatchObject({
    exit: 2,
    err: expect.stringContaining("--account: missing; the accounts are alpha, beta"),
  });
});

test("a document that is not there is begun", async () => {
  const clone = await stage.clone();
  await rm(join(clone.folder, "openclaw.json5"));
  const flags = ["--base-url", stage.clickclack, "--workspace", "harbour", "--token", "-", "--no-check"];
  const run = await clone.setup(flags, { input: stage.room.bot("scout").token });
  expect(run.exit, run.err).toBe(0);
  expect(run.out).toContain('+       workspace: "harbour",');
  expect(channelOf(await clone.document())).toMatchObject({
    baseUrl: stage.clickclack,
    workspace: "harbour",
  });
});

test("a document is named from where the user is, though npm runs the tool elsewhere", async () => {
  const clone = await stage.clone();
  const flags = ["--base-url", stage.clickclack, "--workspace", "harbour", "--token", "-", "--no-check"];
  const run = await edge(["setup", "--config", "openclaw.json5", ...flags], {
    env: { INIT_CWD: clone.folder },
    input: stage.room.bot("scout").token,
  });
  expect(run.exit, run.err).toBe(0);
  expect(run.out).toMatch(/^openclaw\.json5:\n/);
  expect(channelOf(await clone.document())).toMatchObject({ workspace: "harbour" });
});
