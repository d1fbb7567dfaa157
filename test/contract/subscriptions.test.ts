import { describe, expect, test } from "vitest";
import { onCallbackStage } from "./callback-stage.ts";
import { type Bot, type Contract, idOf, say, subscribe, type Workspace } from "./contract.ts";
import { type Receiver, signatureOf } from "./receiver.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let receiver: Receiver;

onCallbackStage((stage) => {
  ({ contract, workspace, bot, receiver } = stage);
});

const list = () => `/api/workspaces/${workspace.id}/event-subscriptions`;
const one = (id: string, what: string) => `/api/event-subscriptions/${id}/${what}`;
const SECRET = /^ccs_[0-9a-hjkmnp-tv-z]{26}$/;
const NOWHERE = "http://127.0.0.1:1/";

describe("making a subscription", () => {
  test("answers 201 with its secret, the types and the URL tidied up", async () => {
    const order = {
      event_types: [" message.created ", "*", "message.created"],
      callback_url: ` ${NOWHERE} `,
    };
    const { status, body } = await contract.owner.post(list(), order);
    expect([status, Object.keys(body)]).toEqual([201, ["event_subscription"]]);
    expect(body.event_subscription).toEqual({
      id: expect.stringMatching(/^sub_[0-9a-hjkmnp-tv-z]{26}$/),
      workspace_id: workspace.id,
      event_types: ["message.created", "*"],
      callback_url: NOWHERE,
      signing_secret: expect.stringMatching(SECRET),
      created_by: await idOf(contract.owner),
      created_at: expect.any(String),
    });
    expect(Object.keys(body.event_subscription).join()).toBe(
      "id,workspace_id,event_types,callback_url,signing_secret,created_by,created_at",
    );
  });

  test.for([
    [{}, "event_types is required"],
    [{ event_types: [" "] }, "event_types is required"],
    [{ event_types: ["typing.started"] }, 'unknown event type "typing.started"'],
    [{ event_types: ["*"] }, "callback_url is required"],
    [{ event_types: ["*"], callback_url: "ftp://host" }, "callback_url must be an http or https URL"],
    [{ event_types: ["*"], callback_url: "http:///path" }, "callback_url must be an http or https URL"],
    [{ event_types: ["*"], callback_url: "http:host" }, "callback_url must be an http or https URL"],
    [{ event_types: ["*"], callback_url: "http://host:1a" }, "callback_url must be an http or https URL"],
    [
      { event_types: ["*"], callback_url: NOWHERE, app_installation_id: "app_0" },
      "sql: no rows in result set",
    ],
    [
      { event_types: "*" },
      "json: cannot unmarshal string into Go struct field .event_types of type []string",
    ],
  ])("of %o is 400", async ([order, error]) => {
    const answer = await contract.owner.post(list(), order);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  test("is for managers, and that is looked at after what was sent", async () => {
    const elsewhere = "/api/workspaces/wsp_0/event-subscriptions";
    const good = await contract.owner.post(elsewhere, { event_types: ["*"], callback_url: NOWHERE });
    expect([good.status, good.body.error]).toEqual([403, "workspace manager permission required"]);
    const bad = await contract.owner.post(elsewhere, {});
    expect([bad.status, bad.body.error]).toEqual([400, "event_types is required"]);
    const nobody = await contract.nobody.post(list(), {});
    expect(nobody.status).toBe(401);
  });
});

test.for([
  ["GET", "/api/workspaces/wsp_0/event-subscriptions", "bot tokens cannot manage event subscriptions"],
  ["POST", "/api/workspaces/wsp_0/event-subscriptions", "bot tokens cannot create event subscriptions"],
  ["POST", one("sub_0", "revoke"), "bot tokens cannot revoke event subscriptions"],
  ["POST", one("sub_0", "rotate-secret"), "bot tokens cannot rotate event subscription secrets"],
  ["GET", one("sub_0", "deliveries"), "bot tokens cannot list event delivery attempts"],
] as const)("a bot is told at %s %s: %s", async ([method, path, error]) => {
  const answer = await bot.call(method, path);
  expect([answer.status, answer.body.error]).toEqual([403, error]);
});

test.for([
  ["POST", "revoke"],
  ["POST", "rotate-secret"],
  ["GET", "deliveries"],
] as const)("%s %s of a subscription that is not there is 400", async ([method, what]) => {
  const answer = await contract.owner.call(method, one("sub_0", what));
  expect([answer.status, answer.body.error]).toEqual([400, "sql: no rows in result set"]);
});

describe("the list of subscriptions", () => {
  test("has those in force, oldest first, without their secrets", async () => {
    const made = [];
    for (const path of ["/a", "/b", "/c"])
      made.push(await subscribe(contract, workspace, receiver.url + path));
    await contract.owner.post(one(made[1]?.id ?? "", "revoke"));
    const answer = await contract.owner.get(list());
    const shown = made.map(({ signing_secret: _secret, ...rest }) => rest);
    expect([answer.status, answer.body.event_subscriptions]).toEqual([200, [shown[0], shown[2]]]);
  });

  test("of a workspace that one is not in is 400", async () => {
    const answer = await contract.owner.get("/api/workspaces/wsp_0/event-subscriptions");
    expect([answer.status, answer.body.error]).toEqual([400, "sql: no rows in result set"]);
  });
});

test("a revoked subscription hears nothing more, and revoking it again changes nothing", async () => {
  const { id, signing_secret: _secret, ...rest } = await subscribe(contract, workspace, receiver.url);
  const revoked = await contract.owner.post(one(id, "revoke"));
  expect(revoked.body.event_subscription).toEqual({ id, ...rest, revoked_at: expect.any(String) });
  expect((await contract.owner.post(one(id, "revoke"))).body).toEqual(revoked.body);
  await say(bot, workspace, "into the void");
  expect(receiver.callbacks).toEqual([]);
  const rotated = await contract.owner.post(one(id, "rotate-secret"));
  expect([rotated.status, rotated.body.error]).toEqual([400, "cannot rotate a revoked event subscription"]);
});

test("a new secret signs the next callback", async () => {
  const made = await subscribe(contract, workspace, receiver.url);
  const answer = await contract.owner.post(one(made.id, "rotate-secret"));
  const { event_subscription } = answer.body;
  expect([answer.status, event_subscription]).toEqual([
    200,
    { ...made, signing_secret: expect.stringMatching(SECRET) },
  ]);
  expect(event_subscription.signing_secret).not.toBe(made.signing_secret);
  await say(bot, workspace, "signed");
  const callback = await receiver.got(1);
  expect(callback.headers["x-clickclack-signature"]).toBe(
    signatureOf(callback, event_subscription.signing_secret),
  );
});

describe("deliveries", () => {
  test("come newest first and in pages", async () => {
    const { id } = await subscribe(contract, workspace, receiver.url);
    for (const word of ["1", "2", "3"]) await say(bot, workspace, word);
    const all = await contract.owner.get(one(id, "deliveries"));
    expect([all.status, Object.keys(all.body), all.body.next_cursor]).toEqual([
      200,
      ["deliveries", "next_cursor"],
      null,
    ]);
    const { deliveries } = all.body;
    expect(deliveries.map(({ request_json }) => request_json)).toEqual(
      receiver.callbacks.map(({ body }) => body).reverse(),
    );
    const first = await contract.owner.get(one(id, "deliveries?limit=2"));
    expect(first.body).toEqual({ deliveries: deliveries.slice(0, 2), next_cursor: deliveries[1]?.id });
    const second = await contract.owner.get(one(id, `deliveries?limit=2&before=${deliveries[1]?.id}`));
    expect(second.body).toEqual({ deliveries: deliveries.slice(2), next_cursor: null });
    for (const limit of ["0", "-1", "x", "1000"]) {
      expect((await contract.owner.get(one(id, `deliveries?limit=${limit}`))).body).toEqual(all.body);
    }
  });

  test("tell what was sent and what came back", async () => {
    const { id } = await subscribe(contract, workspace, receiver.url);
    const { event } = (await bot.post(`/api/channels/${workspace.channelId}/messages`, { body: "told" }))
      .body;
    const [delivery] = (await contract.owner.get(one(id, "deliveries"))).body.deliveries;
    const { created_at, ...rest } = delivery as unknown as Record<string, unknown>;
    expect(rest).toEqual({
      id: expect.stringMatching(/^eda_[0-9a-hjkmnp-tv-z]{26}$/),
      subscription_id: id,
      event_id: event.id,
      workspace_id: workspace.id,
      event_type: "message.created",
      attempt: 1,
      request_json: receiver.callbacks[0]?.body,
      response_status: 200,
      response_body: "ok",
      completed_at: created_at,
    });
  });

  test("before one that is not there are 400", async () => {
    const { id } = await subscribe(contract, workspace, receiver.url);
    const answer = await contract.owner.get(one(id, "deliveries?before=eda_0"));
    expect([answer.status, answer.body.error]).toEqual([400, "invalid or stale event delivery cursor"]);
  });
});
