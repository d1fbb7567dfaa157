import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.ts";
import {
  type Bot,
  type Contract,
  fromElsewhere,
  idOf,
  makeBot,
  makeWorkspace,
  openContract,
  type Workspace,
} from "./contract.ts";

const INVALID = "setup code is invalid or expired";
const CLAIM = "/api/bot-setup-codes/claim";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;

beforeAll(async () => {
  contract = await openContract();
  workspace = await makeWorkspace(contract);
  bot = await makeBot(contract, workspace);
});
afterAll(() => contract.close());

function mint(body: object = {}, owner: Api = contract.owner) {
  return owner.post(`/api/workspaces/${workspace.id}/bots/${bot.id}/setup-codes`, body);
}

/** Claims a code from an address of its own, so that the limit of one claimer is nobody else's. */
function claim(code: unknown, headers = fromElsewhere()) {
  return contract.nobody.post(CLAIM, { code }, { headers });
}

describe("minting", () => {
  test("gives a code of twelve characters with scopes, defaults and where to claim it", async () => {
    const defaults = { defaultTo: " channel:general ", allowFrom: ["*", " * "] };
    const answer = await mint({ name: "edge", defaults });
    expect(answer.status).toBe(201);
    expect(answer.body.setup_code).toMatchObject({
      bot_user_id: bot.id,
      workspace_id: workspace.id,
      token_name: "edge",
      defaults: { defaultTo: "channel:general", allowFrom: ["*"] },
      created_by: await idOf(contract.owner),
      code: expect.stringMatching(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/),
      contract_version: 1,
      claim_url: `${contract.url}${CLAIM}`,
      api_base_url: contract.url,
    });
  });

  test.for([
    [{ scopes: ["nonsense"] }, "unknown bot scope: nonsense"],
    [{ defaults: { defaultTo: "x".repeat(257) } }, "defaultTo is too long"],
    [{ defaults: { allowFrom: [" "] } }, "defaults.allowFrom entries must not be empty"],
    [{ defaults: { allowFrom: Array(501).fill("x") } }, "defaults.allowFrom has too many entries"],
    [{ defaults: { agentActivity: true } }, "defaults.agentActivity requires agent_activity:write"],
    [
      { defaults: { defaultTo: 1 } },
      "json: cannot unmarshal number into Go struct field BotSetupCodeDefaults.defaults.defaultTo of type string",
    ],
  ])("%o is 400", async ([body, error]) => {
    const answer = await mint(body as object);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  test("a new code for the same token name replaces the old one", async () => {
    const first = (await mint({ name: "same" })).body.setup_code.code;
    const second = (await mint({ name: "same" })).body.setup_code.code;
    expect((await claim(first)).status).toBe(404);
    expect((await claim(second)).status).toBe(200);
  });
});

describe("claiming", () => {
  test("gives a token that works, once", async () => {
    const { code } = (await mint({ scopes: ["bot:read"], defaults: { allowFrom: ["usr_1"] } })).body
      .setup_code;
    const answer = await claim(code);
    expect([answer.status, Object.keys(answer.body)]).toEqual([
      200,
      ["bot", "defaults", "token", "workspace"],
    ]);
    expect(answer.body).toMatchObject({
      bot: { id: bot.id, handle: bot.handle },
      defaults: { defaultTo: "channel:general", allowFrom: ["usr_1"] },
      workspace: { id: workspace.id, route_id: expect.stringMatching(/^T/) },
    });
    const claimed = new Api(contract.url, answer.body.token);
    expect(await idOf(claimed)).toBe(bot.id);
    expect((await claimed.post(`/api/channels/${workspace.channelId}/messages`, { body: "x" })).status).toBe(
      403,
    );
    const again = await claim(code);
    expect([again.status, again.body.error]).toEqual([404, INVALID]);
  });

  test("tells a caller on the same machine where the API is", async () => {
    const { code } = (await mint()).body.setup_code;
    const local = { "x-real-ip": "127.0.0.9", "x-forwarded-for": "127.0.0.9" };
    const answer = await claim(code, local);
    expect(answer.body).toMatchObject({ api_base_url: contract.url, contract_version: 1 });
    expect(Object.keys(answer.body)).toEqual([
      "api_base_url",
      "bot",
      "contract_version",
      "defaults",
      "token",
      "workspace",
    ]);
  });

  test("does not mind case, dashes and spaces", async () => {
    const { code } = (await mint()).body.setup_code;
    expect((await claim(` ${code.toLowerCase().replaceAll("-", " - ")} `)).status).toBe(200);
  });

  test.for(["", "short", "ILOU-ILOU-ILOU", "0000-0000-0000"])(
    "%o is 404 like every bad code",
    async (code) => {
      const answer = await claim(code);
      expect([answer.status, answer.body.error]).toEqual([404, INVALID]);
    },
  );

  test("gives nothing for a bot that has left", async () => {
    const leaver = await makeBot(contract, workspace);
    const path = `/api/workspaces/${workspace.id}/bots/${leaver.id}`;
    const { code } = (await contract.owner.post(`${path}/setup-codes`, {})).body.setup_code;
    await contract.owner.delete(`${path}/membership`);
    expect((await claim(code)).status).toBe(404);
  });

  test("is limited to ten attempts a minute for each address, good or bad, without a word when to retry", async () => {
    const headers = fromElsewhere();
    const attempts = [];
    for (let count = 0; count < 10; count++)
      attempts.push((await claim(count === 0 ? 1 : "bad", headers)).status);
    expect(attempts).toEqual([400, ...Array(9).fill(404)]);
    const { code } = (await mint()).body.setup_code;
    const answer = await claim(code, headers);
    expect([answer.status, answer.body.error]).toEqual([429, "too many setup code attempts, retry later"]);
    expect(answer.headers.get("retry-after")).toBeNull();
    expect((await claim(code)).status).toBe(200);
  });
});
