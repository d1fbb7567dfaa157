import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.ts";
import {
  type Contract,
  idOf,
  makeBot,
  makeWorkspace,
  openContract,
  unique,
  type Workspace,
} from "./contract.ts";

let contract: Contract;
let workspace: Workspace;

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
});
afterAll(() => contract.close());

const bots = () => `/api/workspaces/${workspace.id}/bots`;

describe("a person who sets up bots", () => {
  test("gets the bot and its first token, which is shown this once", async () => {
    const handle = unique("b");
    const order = { display_name: "Helper", handle: `@${handle.toUpperCase()}`, token_name: " main " };
    const answer = await contract.owner.post(bots(), order);
    expect([answer.status, Object.keys(answer.body)]).toEqual([201, ["bot", "bot_token"]]);
    expect(answer.body).toMatchObject({
      bot: { kind: "bot", display_name: "Helper", handle },
      bot_token: { name: "main", token: expect.stringMatching(/^ccb_[0-9a-hjkmnp-tv-z]{26}$/) },
    });
    expect(answer.body.bot).not.toHaveProperty("owner_user_id");
    const { bot_tokens } = (await contract.owner.get(`${bots()}/${answer.body.bot.id}/tokens`))
      .body as unknown as {
      bot_tokens: object[];
    };
    expect(bot_tokens).toEqual([expect.objectContaining({ id: answer.body.bot_token.id, name: "main" })]);
    expect(bot_tokens[0]).not.toHaveProperty("token");
  });

  test("may make one that is theirs, or one without a token, and none for others", async () => {
    const ownerId = await idOf(contract.owner);
    const owned = await contract.owner.post(bots(), { display_name: "Mine", owner_user_id: ownerId });
    expect(owned.body.bot).toMatchObject({ owner_user_id: ownerId, handle: "" });
    const { user } = (await new Api(contract.url, owned.body.bot_token.token).get("/api/me")).body;
    expect(user).toMatchObject({ id: owned.body.bot.id, kind: "bot", owner_user_id: ownerId });
    const bare = await contract.owner.post(bots(), { display_name: "Bare", initial_token: false });
    expect([bare.status, Object.keys(bare.body)]).toEqual([201, ["bot"]]);
    const refused = await contract.owner.post(bots(), { display_name: "Theirs", owner_user_id: "usr_0" });
    expect([refused.status, refused.body.error]).toEqual([
      403,
      "only the bot owner can create a user-owned bot",
    ]);
  });

  test("cannot take a handle that somebody has, even elsewhere", async () => {
    const { handle } = await makeBot(contract, await makeWorkspace(contract));
    const answer = await contract.owner.post(bots(), { display_name: "Twin", handle });
    expect([answer.status, answer.body.error]).toEqual([400, "handle is already taken"]);
  });

  test.for([
    [{}, "display_name is required"],
    [{ display_name: "é".repeat(41) }, "display_name is too long"],
    [
      { display_name: "x", handle: "a b" },
      "handle must be 2-32 chars using letters, numbers, underscores, or dashes",
    ],
    [{ display_name: "x", avatar_url: "ftp://x.test/a" }, "avatar_url must be an http or https URL"],
    [{ display_name: "x", scopes: ["everything"] }, "unknown bot scope: everything"],
  ])("%o is 400", async ([order, error]) => {
    const answer = await contract.owner.post(bots(), order);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  test("sees all bots with their tokens, by name", async () => {
    const place = await makeWorkspace(contract);
    const path = `/api/workspaces/${place.id}/bots`;
    for (const display_name of ["beta", "Alpha"]) await contract.owner.post(path, { display_name });
    const { bots: listed } = (await contract.owner.get(path)).body as unknown as { bots: object[] };
    expect(listed).toMatchObject([
      { bot: { display_name: "Alpha" }, tokens: [{ name: "default" }] },
      { bot: { display_name: "beta" }, tokens: [{ name: "default" }] },
    ]);
  });

  test("cannot make tokens for people", async () => {
    const answer = await contract.owner.post(`/api/bots/${await idOf(contract.owner)}/tokens`, {});
    expect([answer.status, answer.body.error]).toEqual([400, "bot_user_id must refer to a bot"]);
  });
});
