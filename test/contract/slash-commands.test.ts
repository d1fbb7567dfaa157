import { describe, expect, test } from "vitest";
import { onCallbackStage } from "./callback-stage.ts";
import { type Bot, type Contract, idOf, invoke, makeSlashCommand, type Workspace } from "./contract.ts";
import { answering, type Receiver, signatureOf } from "./receiver.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let receiver: Receiver;

onCallbackStage((stage) => {
  ({ contract, workspace, bot, receiver } = stage);
});

const list = () => `/api/workspaces/${workspace.id}/slash-commands`;
const one = (id: string, what: string) => `/api/slash-commands/${id}/${what}`;
const NOWHERE = "http://127.0.0.1:1/";

describe("registering a command", () => {
  test("answers 201 with its secret, the command lowercase and with its slash", async () => {
    const order = { command: " Ask Me ", description: " d ", callback_url: NOWHERE, bot_user_id: bot.id };
    const { status, body } = await contract.owner.post(list(), order);
    expect([status, Object.keys(body)]).toEqual([201, ["slash_command"]]);
    expect(body.slash_command).toEqual({
      id: expect.stringMatching(/^cmd_[0-9a-hjkmnp-tv-z]{26}$/),
      workspace_id: workspace.id,
      command: "/ask me",
      description: "d",
      callback_url: NOWHERE,
      signing_secret: expect.stringMatching(/^ccs_[0-9a-hjkmnp-tv-z]{26}$/),
      bot_user_id: bot.id,
      created_by: await idOf(contract.owner),
      created_at: expect.any(String),
    });
    expect(Object.keys(body.slash_command).join()).toBe(
      "id,workspace_id,command,description,callback_url,signing_secret,bot_user_id,created_by,created_at",
    );
  });

  test.for([
    [{}, "command is required"],
    [{ command: "x" }, "callback_url is required"],
    [{ command: "x", callback_url: "x" }, "callback_url must be an http or https URL"],
    [{ command: "x", callback_url: NOWHERE }, "bot_user_id is required"],
    [{ command: "x", callback_url: NOWHERE, bot_user_id: "usr_0" }, "sql: no rows in result set"],
    [
      { command: "x", callback_url: NOWHERE, bot_user_id: "usr_0", description: "é".repeat(251) },
      "description is too long",
    ],
  ])("of %o is 400", async ([order, error]) => {
    const answer = await contract.owner.post(list(), order);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  test("is for bots of the workspace, and for no apps that are not there", async () => {
    const order = { command: "x", callback_url: NOWHERE, bot_user_id: await idOf(contract.owner) };
    const person = await contract.owner.post(list(), order);
    expect([person.status, person.body.error]).toEqual([
      400,
      "bot_user_id must refer to a bot in the workspace",
    ]);
    const app = { ...order, bot_user_id: bot.id, app_installation_id: "app_0" };
    const answer = await contract.owner.post(list(), app);
    expect([answer.status, answer.body.error]).toEqual([400, "sql: no rows in result set"]);
  });

  test("that is in force already is refused in the words of the database", async () => {
    const { id } = await makeSlashCommand(contract, workspace, bot, { command: "x", callback_url: NOWHERE });
    const order = { command: "/X", callback_url: NOWHERE, bot_user_id: bot.id };
    const again = await contract.owner.post(list(), order);
    expect([again.status, again.body.error]).toEqual([
      400,
      "constraint failed: UNIQUE constraint failed: slash_commands.workspace_id, slash_commands.command (2067)",
    ]);
    await contract.owner.post(one(id, "revoke"));
    expect((await contract.owner.post(list(), order)).status).toBe(201);
  });

  test("is for managers", async () => {
    const order = { command: "x", callback_url: NOWHERE, bot_user_id: bot.id };
    const answer = await contract.owner.post("/api/workspaces/wsp_0/slash-commands", order);
    expect([answer.status, answer.body.error]).toEqual([403, "workspace manager permission required"]);
  });
});

test.for([
  ["GET", "/api/workspaces/wsp_0/slash-commands", "bot tokens cannot manage slash commands"],
  ["POST", "/api/workspaces/wsp_0/slash-commands", "bot tokens cannot create slash commands"],
  ["POST", one("cmd_0", "revoke"), "bot tokens cannot revoke slash commands"],
  ["POST", one("cmd_0", "rotate-secret"), "bot tokens cannot rotate slash command secrets"],
] as const)("a bot is told at %s %s: %s", async ([method, path, error]) => {
  const answer = await bot.call(method, path);
  expect([answer.status, answer.body.error]).toEqual([403, error]);
});

test.for(["revoke", "rotate-secret"])("%s of a command that is not there is 400", async (what) => {
  const answer = await contract.owner.post(one("cmd_0", what));
  expect([answer.status, answer.body.error]).toEqual([400, "sql: no rows in result set"]);
});

test("the list has the commands in force by name, without their secrets", async () => {
  const made = [];
  for (const command of ["/b", "/c", "/a"])
    made.push(await makeSlashCommand(contract, workspace, bot, { command, callback_url: NOWHERE }));
  await contract.owner.post(one(made[1]?.id ?? "", "revoke"));
  const answer = await contract.owner.get(list());
  const shown = made.map(({ signing_secret: _secret, ...rest }) => rest);
  expect([answer.status, answer.body.slash_commands]).toEqual([200, [shown[2], shown[0]]]);
  const elsewhere = await contract.owner.get("/api/workspaces/wsp_0/slash-commands");
  expect([elsewhere.status, elsewhere.body.error]).toEqual([400, "sql: no rows in result set"]);
});

test("a revoked command is an ordinary message again", async () => {
  const order = { command: "/x", callback_url: receiver.url };
  const { id, signing_secret: _secret, ...rest } = await makeSlashCommand(contract, workspace, bot, order);
  const revoked = await contract.owner.post(one(id, "revoke"));
  expect([revoked.status, revoked.body.slash_command]).toEqual([
    200,
    { id, ...rest, revoked_at: expect.any(String) },
  ]);
  expect((await contract.owner.post(one(id, "revoke"))).body).toEqual(revoked.body);
  expect((await invoke(contract.owner, workspace, { command: "/x" })).status).toBe(201);
  expect(receiver.callbacks).toEqual([]);
  const rotated = await contract.owner.post(one(id, "rotate-secret"));
  expect([rotated.status, rotated.body.error]).toEqual([400, "cannot rotate a revoked slash command"]);
});

test("the commands of a deleted bot are revoked", async () => {
  await makeSlashCommand(contract, workspace, bot, { command: "/x", callback_url: receiver.url });
  expect((await contract.owner.delete(`/api/bots/${bot.id}`)).status).toBe(200);
  expect((await contract.owner.get(list())).body.slash_commands).toEqual([]);
  expect((await invoke(contract.owner, workspace, { command: "/x" })).status).toBe(201);
});

test("a new secret signs the next callback", async () => {
  const made = await makeSlashCommand(contract, workspace, bot, {
    command: "/x",
    callback_url: receiver.url,
  });
  const rotated = await contract.owner.post(one(made.id, "rotate-secret"));
  const { slash_command } = rotated.body;
  expect([rotated.status, slash_command]).toEqual([200, { ...made, signing_secret: expect.any(String) }]);
  expect(slash_command.signing_secret).not.toBe(made.signing_secret);
  receiver.reply = answering(200, "{}");
  await invoke(contract.owner, workspace, { command: "/x" });
  const callback = await receiver.got(1);
  expect(callback.headers["x-clickclack-signature"]).toBe(
    signatureOf(callback, slash_command.signing_secret),
  );
});
