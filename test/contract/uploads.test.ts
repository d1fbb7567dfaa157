import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "./api.ts";
import {
  type Bot,
  type Contract,
  makeBot,
  makeWorkspace,
  openContract,
  unique,
  type Workspace,
} from "./contract.ts";
import { type FormPart, PNG, sendForm, textFile } from "./files.ts";

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

const file = (text: string): FormPart => ["file", textFile(text)];
const here = (more: object = {}) => ({ workspace_id: workspace.id, ...more });

describe("a file that is uploaded", () => {
  test("is described by its part of the form and comes back byte by byte", async () => {
    const png = { filename: "dot.png", contentType: "image/png", bytes: PNG };
    const answer = await sendForm(bot, here(), [
      ["width", "1"],
      ["file", png],
      ["height", "1"],
      ["duration_ms", "-1"],
    ]);
    expect([answer.status, Object.keys(answer.body)]).toEqual([201, ["upload"]]);
    expect(answer.body.upload).toEqual({
      id: expect.stringMatching(/^upl_[0-9a-hjkmnp-tv-z]{26}$/),
      workspace_id: workspace.id,
      owner_id: bot.id,
      filename: "dot.png",
      content_type: "image/png",
      byte_size: PNG.length,
      width: 1,
      height: 1,
      duration_ms: 0,
      created_at: expect.any(String),
    });
    const fetched = await bot.get(`/api/uploads/${answer.body.upload.id}`);
    expect([fetched.status, fetched.bytes.equals(PNG)]).toEqual([200, true]);
    expect(Object.fromEntries(fetched.headers)).toMatchObject({
      "accept-ranges": "bytes",
      "last-modified": expect.stringMatching(/ GMT$/),
      "content-type": "image/png",
      "content-length": String(PNG.length),
      "content-disposition": "inline; filename=dot.png",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox",
    });
  });

  test("may be of no bytes, and of a workspace that the form names before it", async () => {
    const answer = await sendForm(bot, {}, [["workspace_id", ` ${workspace.id} `], file("")]);
    expect([answer.status, answer.body.upload.byte_size]).toEqual([201, 0]);
  });

  test.for([
    [[], "file is required"],
    [[["width", "1"]], "file is required"],
    [[file("a"), file("b")], "only one file is supported"],
    [[["workspace_id", "wsp_0"], file("a")], "workspace_id does not match query"],
  ] as const)("in a form like %j is 400", async ([parts, error]) => {
    const answer = await sendForm(bot, here(), parts);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  test("is 400 when its workspace is named after it or not at all", async () => {
    const error = "workspace_id must precede file or be provided as a query parameter";
    for (const parts of [[file("a")], [file("a"), ["workspace_id", workspace.id]]] as const) {
      const answer = await sendForm(bot, {}, parts);
      expect([answer.status, answer.body.error]).toEqual([400, error]);
    }
  });

  test("is 400 when the body is no form with files", async () => {
    const path = `/api/uploads?workspace_id=${workspace.id}`;
    const as = (type: string) => bot.post(path, undefined, { raw: "x", headers: { "content-type": type } });
    for (const type of ["", "application/json", "multipart/", "application/x-www-form-urlencoded"]) {
      const answer = await as(type);
      expect([answer.status, answer.body.error]).toEqual([
        400,
        "request Content-Type isn't multipart/form-data",
      ]);
    }
    expect((await as("multipart/form-data")).body.error).toBe("no multipart boundary param in Content-Type");
    expect((await as("multipart/form-data; boundary=b")).body.error).toBe("file is required");
  });

  test("is 403 without the scope and for another workspace, before the form is looked at", async () => {
    const reader = await makeBot(contract, workspace, ["bot:read"]);
    const unscoped = await sendForm(reader, {}, []);
    expect([unscoped.status, unscoped.body.error]).toEqual([403, "bot token is missing scope uploads:write"]);
    const other = await makeWorkspace(contract);
    const foreign = await sendForm(bot, { workspace_id: other.id }, []);
    expect([foreign.status, foreign.body.error]).toEqual([403, "bot token cannot access this workspace"]);
    const unknown = await sendForm(contract.owner, { workspace_id: "wsp_0" }, []);
    expect([unknown.status, unknown.body.error]).toEqual([403, NO_ROWS]);
  });
});

describe("an upload's nonce", () => {
  test("brings back the first upload, whatever comes with it the second time", async () => {
    const nonce = unique("n");
    const first = await sendForm(bot, here({ nonce: ` ${nonce} ` }), [file("first")]);
    expect([first.status, first.body.upload.nonce]).toEqual([201, nonce]);
    for (const parts of [[file("second")], []]) {
      const again = await sendForm(bot, here({ nonce }), parts);
      expect([again.status, again.body]).toEqual([200, first.body]);
    }
    const found = await bot.get(`/api/uploads/by-nonce?${new URLSearchParams(here({ nonce }))}`);
    expect([found.status, found.body]).toEqual([200, first.body]);
    expect((await bot.get(`/api/uploads/${first.body.upload.id}`)).text).toBe("first");
  });

  test("belongs to its owner, and not to messages", async () => {
    const nonce = unique("n");
    const body = { body: "x", nonce };
    expect((await bot.post(`/api/channels/${workspace.channelId}/messages`, body)).status).toBe(201);
    expect((await sendForm(bot, here({ nonce }), [file("a")])).status).toBe(201);
    expect((await sendForm(contract.owner, here({ nonce }), [file("b")])).status).toBe(201);
  });

  test("is 409 in another workspace of the same owner's", async () => {
    const nonce = unique("n");
    expect((await sendForm(contract.owner, here({ nonce }), [file("a")])).status).toBe(201);
    const elsewhere = { workspace_id: (await makeWorkspace(contract)).id, nonce };
    const error = "upload nonce was already used in another workspace";
    const answer = await sendForm(contract.owner, elsewhere, [file("a")]);
    expect([answer.status, answer.body.error]).toEqual([409, error]);
    const found = await contract.owner.get(`/api/uploads/by-nonce?${new URLSearchParams(elsewhere)}`);
    expect([found.status, found.body.error]).toEqual([409, error]);
  });

  test("is 400 when it is bad, or the query does not name the workspace", async () => {
    const errorOf = async (query: Record<string, string>) =>
      (await sendForm(bot, query, [["workspace_id", workspace.id], file("a")])).body.error;
    expect(await errorOf({ nonce: "n" })).toBe("workspace_id query parameter is required with nonce");
    expect(await errorOf(here({ nonce: "é".repeat(129) }))).toBe("nonce is too long");
    expect(await errorOf(here({ nonce: "a\0b" }))).toBe("nonce must not contain NUL");
  });

  test("that was never used is 404, with the header that tells it from a server without nonces", async () => {
    const path = "/api/uploads/by-nonce";
    const query = (values: Record<string, string>) => `${path}?${new URLSearchParams(values)}`;
    const nonce = unique("n");
    const cases: [Api, string, number, string][] = [
      [bot, query(here({ nonce })), 404, NO_ROWS],
      [bot, query(here()), 400, "nonce is required"],
      [bot, query({ nonce }), 400, "workspace_id is required"],
      [bot, query({ nonce, workspace_id: "wsp_0" }), 403, "bot token cannot access this workspace"],
      [contract.nobody, path, 401, "authentication required"],
    ];
    for (const [someone, target, status, error] of cases) {
      const answer = await someone.get(target);
      expect([answer.status, answer.body.error]).toEqual([status, error]);
      expect(answer.headers.get("x-clickclack-upload-nonce")).toBe("supported");
    }
  });
});
