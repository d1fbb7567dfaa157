import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Delivery } from "./api.ts";
import { onCallbackStage } from "./callback-stage.ts";
import {
  type Bot,
  type Contract,
  invoke,
  makeSlashCommand,
  say,
  subscribe,
  type Workspace,
} from "./contract.ts";
import { answering, dropping, type Receiver, type Reply } from "./receiver.ts";

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let receiver: Receiver;

onCallbackStage((stage) => {
  ({ contract, workspace, bot, receiver } = stage);
});

const messages = () => `/api/channels/${workspace.channelId}/messages`;

async function deliveriesOf(id: string): Promise<readonly Delivery[]> {
  return (await contract.owner.get(`/api/event-subscriptions/${id}/deliveries`)).body.deliveries;
}

describe("what is answered", () => {
  const FAILED = "event subscription callback failed";
  const lost = (path: string) => `Post "${receiver.url}${path}": EOF`;

  test.for<[string, Reply, () => Partial<Delivery>]>([
    ["a 204", answering(204), () => ({ response_status: 204 })],
    ["a 500", answering(500, "no"), () => ({ response_status: 500, response_body: "no", error: FAILED })],
    [
      "a redirect, which is not followed",
      answering(302, "there", { location: "/elsewhere" }),
      () => ({ response_status: 302, response_body: "there", error: FAILED }),
    ],
    [
      "more than 64 KiB",
      answering(200, "x".repeat(70_000)),
      () => ({ response_status: 200, response_body: "x".repeat(65_536) }),
    ],
    [
      "gzip",
      answering(200, gzipSync("packed"), { "content-encoding": "gzip" }),
      () => ({ response_status: 200, response_body: "packed" }),
    ],
    ["a lost connection", dropping, () => ({ response_status: 0, error: lost("/first") })],
  ])("may be %s; it is noted, tried once, and keeps nobody from the next", async ([, reply, noted]) => {
    const first = await subscribe(contract, workspace, `${receiver.url}/first`);
    await subscribe(contract, workspace, `${receiver.url}/second`);
    receiver.reply = reply;
    await say(bot, workspace, "told twice");
    expect(receiver.callbacks.map(({ path }) => path)).toEqual(["/first", "/second"]);
    const deliveries = await deliveriesOf(first.id);
    expect(
      deliveries.map(({ response_status, response_body, error }) => ({
        response_status,
        ...(response_body !== undefined && { response_body }),
        ...(error !== undefined && { error }),
      })),
    ).toEqual([noted()]);
  });

  test("nothing, where nobody listens", async () => {
    const { id } = await subscribe(contract, workspace, "http://127.0.0.1:1/");
    await say(bot, workspace, "unheard");
    const error = 'Post "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused';
    expect(await deliveriesOf(id)).toMatchObject([{ response_status: 0, error }]);
  });
});

test("when whoever caused the event goes away, the rest is skipped and nothing is noted", async () => {
  const root = await say(bot, workspace, "root");
  const subscriptions = [];
  for (const path of ["/1", "/2"])
    subscriptions.push(await subscribe(contract, workspace, receiver.url + path));
  receiver.hold();
  const leaving = new AbortController();
  const replying = bot.post(
    `/api/messages/${root.id}/thread/replies`,
    { body: "never mind" },
    { signal: leaving.signal },
  );
  const held = await receiver.got(1);
  leaving.abort();
  await expect(replying).rejects.toThrow();
  await held.closed;
  const { event } = (await contract.owner.post(messages(), { body: "later" })).body;
  const ids = receiver.callbacks.map(({ path, headers }) => [path, headers["x-clickclack-event-id"]]);
  expect(ids.slice(1)).toEqual([
    ["/1", event.id],
    ["/2", event.id],
  ]);
  for (const { id } of subscriptions) {
    expect((await deliveriesOf(id)).map(({ event_id }) => event_id)).toEqual([event.id]);
  }
  const thread = await bot.get(`/api/messages/${root.id}/thread`);
  expect(thread.body.replies.map(({ body }) => body)).toEqual(["never mind"]);
});

test("when whoever invoked a command goes away, its callback is broken off and nothing is said", async () => {
  const order = { command: "/ask", callback_url: receiver.url };
  await makeSlashCommand(contract, workspace, bot, order);
  receiver.reply = answering(200, '{"text":"because"}');
  const release = receiver.hold();
  const leaving = new AbortController();
  const asking = invoke(contract.owner, workspace, { command: "/ask" }, { signal: leaving.signal });
  const held = await receiver.got(1);
  leaving.abort();
  await expect(asking).rejects.toThrow();
  await held.closed;
  release();
  expect((await invoke(contract.owner, workspace, { command: "/ask" })).status).toBe(200);
  const { messages: said } = (await bot.get(messages())).body;
  expect(said.map(({ body }) => body)).toEqual(["because"]);
});
