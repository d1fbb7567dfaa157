import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSetupCode } from "../../cli/setup/code.ts";
import { type SetupStage, setSetupStage } from "./setup-stage.ts";

const TOKEN = "ccb_00000000000000000000000001";

describe("a code is read", () => {
  test.for([
    ["https://chat.example.com/#ABCD-EFGH-JKMN", undefined, "https://chat.example.com", false],
    [
      " https://Chat.Example.com:443/base/#abcd efgh jkmn ",
      undefined,
      "https://chat.example.com/base",
      false,
    ],
    [
      "https://chat.example.com/base/#abcdefghjkmn",
      "https://chat.example.com/base/",
      "https://chat.example.com/base",
      false,
    ],
    ["http://localhost:8080/#ABCDEFGHJKMN", undefined, "http://localhost:8080", false],
    ["http://[::1]:8080/#ABCDEFGHJKMN", undefined, "http://[::1]:8080", false],
    [
      "https://chat.example.com/api/bot-setup-codes/claim#ABCD-EFGH-JKMN",
      undefined,
      "https://chat.example.com",
      true,
    ],
    [
      "https://chat.example.com/a/b/api/bot-setup-codes/claim#ABCD-EFGH-JKMN",
      undefined,
      "https://chat.example.com/a/b",
      true,
    ],
    ["abcd-efgh-jkmn", "https://chat.example.com", "https://chat.example.com", false],
    ["#ABCDEFGHJKMN", "https://chat.example.com", "https://chat.example.com", false],
  ] as const)("%s", ([written, base, baseUrl, isExact]) => {
    expect(readSetupCode(written, base)).toEqual({ code: "ABCDEFGHJKMN", baseUrl, isExact });
  });

  test.for([
    ["ABCD-EFGH-JKMN", undefined, "needs --base-url"],
    ["https://chat.example.com/", undefined, "ends without #CODE"],
    ["https://chat.example.com/#", undefined, "ends without #CODE"],
    ["https://chat.example.com/#ABCD-EFGH-JKM", undefined, "12 letters and digits"],
    ["https://chat.example.com/#ILOU-ILOU-ILOU", undefined, "without I, L, O and U"],
    ["https://u:p@chat.example.com/#ABCDEFGHJKMN", undefined, "user name or password"],
    ["https://chat.example.com/?a=b#ABCDEFGHJKMN", undefined, "query"],
    ["https://chat.example.com/?#ABCDEFGHJKMN", undefined, "query"],
    ["https://chat.example.com./#ABCDEFGHJKMN", undefined, "ends with a dot"],
    ["https://chat.example.com/a%2fb/#ABCDEFGHJKMN", undefined, "other characters"],
    ["https://chat.example.com/a//b/#ABCDEFGHJKMN", undefined, "other characters"],
    ["http://chat.example.com/#ABCDEFGHJKMN", undefined, "http is for a server on this machine alone"],
    ["http://127.0.0.1.example.com/#ABCDEFGHJKMN", undefined, "http is for a server on this machine alone"],
    ["ftp://chat.example.com/#ABCDEFGHJKMN", undefined, "no http or https address"],
    [
      "https://chat.example.com/#ABCDEFGHJKMN",
      "https://other.example.com",
      "another server than that of --code",
    ],
    [
      "https://Chat.example.com/api/bot-setup-codes/claim#ABCDEFGHJKMN",
      undefined,
      "not as ClickClack writes it",
    ],
    [
      "https://chat.example.com:443/api/bot-setup-codes/claim#ABCDEFGHJKMN",
      undefined,
      "not as ClickClack writes it",
    ],
    [
      "https://chat.example.com/x/../api/bot-setup-codes/claim#ABCDEFGHJKMN",
      undefined,
      "not as ClickClack writes it",
    ],
  ] as const)("%s is refused, and not repeated", ([written, base, why]) => {
    expect(() => readSetupCode(written, base)).toThrow(why);
    try {
      readSetupCode(written, base);
    } catch (error) {
      expect(String(error)).not.toContain("ABCDEFGHJKMN");
    }
  });
});

describe("a server that answers a claim", () => {
  let stage: SetupStage;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const seen: { path: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ path: request.url ?? "", headers: request.headers, body });
    answer(request, response);
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const json = (body: object, status = 200) => {
    answer = (_request, response) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
  };
  const good = () => ({
    token: TOKEN,
    bot: { id: "usr_1", handle: "scout", display_name: "Scout" },
    workspace: { id: "wsp_1", route_id: "T1", slug: "harbour", name: "Harbour" },
    defaults: {},
  });
  const claim = async (path = "/#ABCD-EFGH-JKMN", document = "{}") => {
    seen.length = 0;
    const clone = await stage.clone(document);
    const run = await clone.setup(["--code", `${url()}${path}`, "--no-check"]);
    return { run, clone };
  };

  beforeAll(async () => {
    stage = await setSetupStage();
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await stage.stop();
  });

  test("is told the code and nothing else", async () => {
    json(good());
    const { run, clone } = await claim("/base/#abcd-efgh-jkmn");
    expect(run).toMatchObject({ exit: 0, err: "" });
    expect(seen).toMatchObject([
      {
        path: "/base/api/bot-setup-codes/claim",
        body: '{"code":"ABCDEFGHJKMN"}',
        headers: { accept: "application/json" },
      },
    ]);
    expect(Object.keys(seen[0]?.headers ?? {})).not.toContain("authorization");
    expect(await clone.document()).toContain(`baseUrl: "${url()}/base"`);
  });

  test("is asked where the document has its API, and the API may be elsewhere from then on", async () => {
    json({ ...good(), contract_version: 1, api_base_url: `${url()}/services/clickclack` });
    const document = `{ channels: { clickclack: { baseUrl: "${url()}", apiBaseUrl: "${url()}/inner" } } }`;
    const { run, clone } = await claim("/#ABCD-EFGH-JKMN", document);
    expect(run.exit).toBe(0);
    expect(seen[0]?.path).toBe("/inner/api/bot-setup-codes/claim");
    expect(await clone.document()).toContain(`baseUrl: "${url()}/services/clickclack"`);
  });

  test("with the exact form has to be the one that it says it is", async () => {
    const exact = "/api/bot-setup-codes/claim#ABCD-EFGH-JKMN";
    json({ ...good(), contract_version: 1, api_base_url: url() });
    expect((await claim(exact)).run.exit).toBe(0);
    for (const more of [
      {},
      { contract_version: 1 },
      { contract_version: 2, api_base_url: url() },
      { contract_version: 1, api_base_url: `${url()}/` },
      { contract_version: 1, api_base_url: "https://elsewhere.example.com" },
    ]) {
      json({ ...good(), ...more });
      const { run, clone } = await claim(exact);
      expect(run.exit, JSON.stringify(more)).toBe(1);
      expect(run.err).toContain("go on with --base-url and --workspace in place of --code");
      expect(run.err).toContain("as CLICKCLACK_BOT_TOKEN");
      // What was claimed is there all the same.
      expect(parseEnv(await clone.secrets())).toEqual({ CLICKCLACK_BOT_TOKEN: TOKEN });
      expect(await clone.document()).toBe("{}");
    }
  });

  test("that leaves out all but the token has not made it lost", async () => {
    json({ token: TOKEN });
    const { run, clone } = await claim();
    expect(run.exit).toBe(1);
    expect(run.err).toContain("lacks the bot or the workspace");
    expect(run.err).not.toContain(TOKEN);
    expect(parseEnv(await clone.secrets())).toEqual({ CLICKCLACK_BOT_TOKEN: TOKEN });
  });

  test.for([
    ["an error of its own", 400, { error: "json: cannot" }, 1, "answered 400 (json: cannot)"],
    [
      "no such code",
      404,
      { error: "setup code is invalid or expired" },
      1,
      "older than ten minutes or already used",
    ],
    ["too many tries", 429, { error: "too many setup code attempts, retry later" }, 3, "wait a minute"],
    ["a failure", 502, {}, 3, "answered 502; check the address"],
    ["no token", 200, { hello: "world" }, 1, "gave no token, so it may not be ClickClack"],
  ] as const)("with %s is told apart", async ([, status, body, exit, says]) => {
    json(body, status);
    const { run, clone } = await claim();
    expect(run).toMatchObject({ exit, out: "", err: expect.stringContaining(says) });
    expect([await clone.document(), await clone.secrets()]).toEqual(["{}", ""]);
  });

  test("and sends us elsewhere is not followed", async () => {
    answer = (_request, response) => {
      response.writeHead(307, { location: "/api/elsewhere" }).end();
    };
    const { run } = await claim();
    expect(run).toMatchObject({ exit: 1, err: expect.stringContaining("a code is given to nobody else") });
    expect(seen.map(({ path }) => path)).toEqual(["/api/bot-setup-codes/claim"]);
  });

  test("with more than an answer has is cut off", async () => {
    json({ ...good(), more: "x".repeat(70_000) });
    const { run } = await claim();
    expect(run).toMatchObject({ exit: 3, err: expect.stringContaining("the answer is too large") });
  });

  test("and is not there is told as well", async () => {
    const clone = await stage.clone("{}");
    const run = await clone.setup(["--code", "http://localhost:9/#ABCD-EFGH-JKMN"]);
    expect(run).toMatchObject({ exit: 3, err: expect.stringContaining("no answer from http://localhost:9") });
  });
});
