import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/wait.ts";
import type { Answer, Api } from "./api.ts";
import {
  type Bot,
  type Contract,
  makeBot,
  makeWorkspace,
  openContract,
  unique,
  type Workspace,
} from "./contract.ts";
import { type BegunUpload, beginUpload, type FormPart, sendForm, textFile, upload } from "./files.ts";

const MIB = 2 ** 20;
const UPLOADS_MAX = 64;
const EXCEEDED = [413, "upload quota exceeded"];

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
const begun: BegunUpload[] = [];

beforeAll(async () => {
  contract = await openContract();
});
beforeEach(async () => {
  workspace = await makeWorkspace(contract);
  bot = await makeBot(contract, workspace);
});
afterEach(() => {
  for (const { abort } of begun.splice(0)) abort();
});
afterAll(() => contract.close());

const here = (more: object = {}) => ({ workspace_id: workspace.id, ...more });
const told = ({ status, body }: Pick<Answer, "status" | "body">) => [status, body.error];
const send = (text: string, query: Record<string, string> = {}, someone: Api = bot) =>
  sendForm(someone, here(query), [["file", textFile(text)]]);

function begin(query: Record<string, string> = {}): BegunUpload {
  const one = beginUpload(contract, bot, here(query));
  begun.push(one);
  return one;
}

async function sendMany(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) await upload(bot, workspace, textFile("x"));
}

/** A form without a file is 400 as long as there is an upload left, and takes none. */
async function nothingLeft(): Promise<boolean> {
  return (await sendForm(bot, here(), [])).status === 413;
}

describe("a request", () => {
  test("may be 64 MiB with all that is around the file, and is 413 when it is more", async () => {
    const file = (size: number): FormPart => [
      "file",
      { filename: "large.bin", contentType: "application/x-large", bytes: Buffer.alloc(size) },
    ];
    const answer = await sendForm(bot, here(), [file(64 * MIB)]);
    expect(told(answer)).toEqual([413, "http: request body too large"]);
    const fitting = await sendForm(bot, here(), [file(64 * MIB - 1024)]);
    expect([fitting.status, fitting.body.upload.byte_size]).toEqual([201, 64 * MIB - 1024]);
  });
});

describe("the quota", () => {
  test("is 64 uploads of one user in one workspace", async () => {
    await sendMany(UPLOADS_MAX - 1);
    const last = await send("last");
    expect(last.status).toBe(201);
    expect(told(await send("one more"))).toEqual(EXCEEDED);
    expect(told(await send("one more", { nonce: unique("n") }))).toEqual(EXCEEDED);
    expect(told(await sendForm(bot, {}, [["workspace_id", workspace.id]]))).toEqual(EXCEEDED);
    expect((await send("of another", {}, contract.owner)).status).toBe(201);
    expect((await bot.get(`/api/uploads/${last.body.upload.id}`)).text).toBe("last");
  });

  test("does not stand in the way of a nonce that was used before", async () => {
    const nonce = unique("n");
    const first = await send("first", { nonce });
    await sendMany(UPLOADS_MAX - 1);
    expect(await nothingLeft()).toBe(true);
    const again = await send("again", { nonce });
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  test("holds 64 MiB for each upload that is on its way, so that the ninth has no room", async () => {
    for (let count = 0; count < 8; count++) begin();
    let refused: Answer | undefined;
    await until(async () => {
      const answer = await send("x");
      if (answer.status !== 201) refused = answer;
      return refused !== undefined;
    });
    expect(refused && told(refused)).toEqual(EXCEEDED);
    expect((await send("")).status).toBe(201);

    const [first, ...others] = begun;
    expect((await first?.finish())?.status).toBe(201);
    expect((await send("x")).status).toBe(201);
    for (const { abort } of others) abort();
  });
});

describe("a nonce whose upload is on its way", () => {
  test("waits for it, and is answered with it", async () => {
    await sendMany(UPLOADS_MAX - 1);
    const nonce = unique("n");
    const first = begin({ nonce });
    await until(nothingLeft);
    const second = send("of the second", { nonce });
    // What came after the second is answered, and the second is not.
    expect(await nothingLeft()).toBe(true);
    const { status, body } = await first.finish();
    expect([status, body.upload.byte_size]).toEqual([201, "half and half".length]);
    const answer = await second;
    expect([answer.status, answer.body]).toEqual([200, body]);
  });

  test("is free again when that one breaks off", async () => {
    await sendMany(UPLOADS_MAX - 1);
    const nonce = unique("n");
    const first = begin({ nonce });
    await until(nothingLeft);
    const second = send("of the second", { nonce });
    first.abort();
    const { status, body } = await second;
    expect([status, body.upload.byte_size]).toEqual([201, "of the second".length]);
  });
});
