import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.ts";
import { type Bot, type Contract, makeBot, makeWorkspace, openContract, type Workspace } from "./contract.ts";
import { textFile, upload } from "./files.ts";

const NO_ROWS = "sql: no rows in result set";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
  bot = await makeBot(contract, workspace);
});
afterAll(() => contract.close());

describe("fetching an upload", () => {
  test("is for its owner alone while it hangs nowhere", async () => {
    const { id } = await upload(bot, workspace, textFile("mine"));
    const narrow = await makeBot(contract, workspace, ["uploads:write"]);
    const cases: [Api, string, number, string][] = [
      [contract.owner, id, 404, "upload is not visible"],
      [bot, "upl_0", 404, NO_ROWS],
      [narrow, id, 403, "bot token is missing scope messages:read"],
      [new Api(contract.url), id, 401, "authentication required"],
    ];
    for (const [someone, uploadId, status, error] of cases) {
      const answer = await someone.get(`/api/uploads/${uploadId}`);
      expect([answer.status, answer.body.error]).toEqual([status, error]);
    }
    expect((await bot.get(`/api/uploads/${id}`)).text).toBe("mine");
  });

  test("is of no use to somebody outside the workspace", async () => {
    const other = await makeWorkspace(contract);
    const { id } = await upload(contract.owner, other, textFile("elsewhere"));
    const answer = await bot.get(`/api/uploads/${id}`);
    expect([answer.status, answer.body.error]).toEqual([404, NO_ROWS]);
  });

  test.for([
    ["bytes=2-4", 206, "bytes 2-4/10", "234"],
    ["bytes=7-", 206, "bytes 7-9/10", "789"],
    ["bytes=-3", 206, "bytes 7-9/10", "789"],
    ["bytes=8-99", 206, "bytes 8-9/10", "89"],
    ["bytes=10-", 416, "bytes */10", "invalid range: failed to overlap\n"],
    ["bytes=4-2", 416, null, "invalid range\n"],
    ["lines=1", 416, null, "invalid range\n"],
  ] as const)("may ask for a part of it: %s is %i", async ([range, status, part, text]) => {
    const { id } = await upload(bot, workspace, textFile("0123456789"));
    const answer = await bot.get(`/api/uploads/${id}`, { headers: { range } });
    expect([answer.status, answer.headers.get("content-range"), answer.text]).toEqual([status, part, text]);
    expect(answer.headers.get("accept-ranges")).toBe(status === 206 ? "bytes" : null);
  });

  test.for([
    ["Image/PNG; x=1", "image/png", "inline"],
    ["text/plain;charset=utf-8", "text/plain", "inline"],
    ["audio/x-odd", "audio/x-odd", "inline"],
    ["application/pdf", "application/pdf", "inline"],
    ["text/html", "application/octet-stream", "attachment"],
    ["image/svg+xml", "application/octet-stream", "attachment"],
    ["application/json", "application/octet-stream", "attachment"],
    ["", "application/octet-stream", "attachment"],
  ])("that came as %j answers %j, %s", async ([sent = "", answered, disposition]) => {
    const { id } = await upload(bot, workspace, textFile("x", "a.bin", sent));
    const { headers } = await bot.get(`/api/uploads/${id}`);
    expect([headers.get("content-type"), headers.get("content-disposition")]).toEqual([
      answered,
      `${disposition}; filename=a.bin`,
    ]);
  });

  test.for([
    ["plain-name_1.txt", "plain-name_1.txt", "filename=plain-name_1.txt"],
    ["two words.txt", "two words.txt", 'filename="two words.txt"'],
    ["naïve (1).txt", "naïve (1).txt", "filename*=utf-8''na%C3%AFve%20%281%29.txt"],
    ["../etc/passwd", "passwd", "filename=passwd"],
    ['a"b.txt', "a%22b.txt", "filename=a%22b.txt"],
  ])("%j is kept as %j", async ([sent = "", kept, parameter]) => {
    const made = await upload(bot, workspace, textFile("x", sent));
    expect(made.filename).toBe(kept);
    const { headers } = await bot.get(`/api/uploads/${made.id}`);
    expect(headers.get("content-disposition")).toBe(`inline; ${parameter}`);
  });
});
