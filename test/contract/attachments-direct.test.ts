import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, Api } from "./api.ts";
import {
  type Bot,
  type Contract,
  makeBot,
  makeWorkspace,
  openContract,
  openDm,
  say,
  tail,
  type Workspace,
} from "./contract.ts";
import { attach, textFile, upload } from "./files.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let other: Bot;

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
  [bot, other] = [await makeBot(contract, workspace), await makeBot(contract, workspace)];
});
afterAll(() => contract.close());

const told = ({ status, body }: Answer) => [status, body.error];
const file = () => textFile("x");

async function sayInDm(author: Api, dm: string, body: string): Promise<string> {
  return (await author.post(`/api/dms/${dm}/messages`, { body })).body.message.id;
}

describe("a file in a direct conversation", () => {
  test("is for its members alone, and to a bot only with the dms scopes", async () => {
    const dm = await openDm(contract.owner, workspace, bot.id);
    const { id } = await upload(contract.owner, workspace, textFile("psst"));
    await attach(contract.owner, await sayInDm(contract.owner, dm, "secret"), id);
    expect((await bot.get(`/api/uploads/${id}`)).text).toBe("psst");
    expect(told(await other.get(`/api/uploads/${id}`))).toEqual([404, "upload is not visible"]);
    const { body } = await bot.get(`/api/dms/${dm}/messages`);
    expect(body.messages[0]?.attachments).toMatchObject([{ id, filename: "note.txt" }]);
    const narrow = await tokenOf(bot, ["messages:read", "messages:write", "uploads:write", "dms:write"]);
    const missing = [403, "bot token is missing scope dms:read"];
    expect(told(await narrow.get(`/api/uploads/${id}`))).toEqual(missing);
    const inChannel = await say(bot, workspace, "not here");
    expect(told(await attach(narrow, inChannel.id, id))).toEqual(missing);
  });

  test("can be attached by a bot that cannot read there, once more as well", async () => {
    const dm = await openDm(contract.owner, workspace, bot.id);
    const message = await sayInDm(bot, dm, "yours");
    const { id } = await upload(bot, workspace, file());
    const blind = await tokenOf(bot, ["messages:write", "uploads:write", "dms:write"]);
    for (let count = 0; count < 2; count++) expect((await attach(blind, message, id)).status).toBe(200);
    const deaf = await tokenOf(bot, ["messages:write", "uploads:write", "dms:read"]);
    expect(told(await attach(deaf, message, id))).toEqual([403, "bot token is missing scope dms:write"]);
  });

  test("is hidden even from its owner once it hangs nowhere else", async () => {
    const message = await say(bot, workspace, "take it");
    const { id } = await upload(bot, workspace, file());
    await attach(bot, message.id, id);
    const dm = await openDm(contract.owner, workspace, other.id);
    await attach(contract.owner, await sayInDm(contract.owner, dm, "got it"), id);
    await bot.delete(`/api/messages/${message.id}`);
    expect(told(await bot.get(`/api/uploads/${id}`))).toEqual([404, "upload is not visible"]);
    expect((await other.get(`/api/uploads/${id}`)).status).toBe(200);
  });

  test("is told to its members alone", async () => {
    const dm = await openDm(contract.owner, workspace, bot.id);
    const message = await sayInDm(bot, dm, "yours");
    const { id } = await upload(bot, workspace, file());
    const from = await tail(bot, workspace);
    await attach(bot, message, id);
    const eventsOf = async (reader: Api) => {
      const path = `/api/realtime/events?workspace_id=${workspace.id}&after_cursor=${from}`;
      return (await reader.get(path)).body.events;
    };
    expect(await eventsOf(contract.owner)).toMatchObject([
      { type: "message.updated", payload: { message_id: message, direct_conversation_id: dm } },
    ]);
    expect(await eventsOf(other)).toEqual([]);
  });
});

async function tokenOf(someone: Bot, scopes: readonly string[]): Promise<Api> {
  const path = `/api/workspaces/${workspace.id}/bots/${someone.id}/tokens`;
  const { bot_token } = (await contract.owner.post(path, { scopes })).body;
  return new Api(contract.url, bot_token.token);
}
