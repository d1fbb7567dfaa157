import { describe, expect, test } from "vitest";
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
import { beginning, type Receiver, silent } from "./receiver.ts";

// The stand-in gives up soon, so that nobody waits; a real server takes its three seconds.
const CALLBACK_TIMEOUT_MS = 500;

let contract: Contract;
let workspace: Workspace;
let bot: Bot;
let receiver: Receiver;

onCallbackStage(
  (stage) => {
    ({ contract, workspace, bot, receiver } = stage);
  },
  { callbackTimeoutMs: CALLBACK_TIMEOUT_MS },
);

const READING = "context deadline exceeded (Client.Timeout or context cancellation while reading body)";
const waiting = (path: string) =>
  `Post "${receiver.url}${path}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;

describe("a callback that takes too long", () => {
  test("is given up and noted, and the message is posted all the same", async () => {
    const { id } = await subscribe(contract, workspace, `${receiver.url}/events`);
    receiver.reply = silent;
    await say(bot, workspace, "anybody there?");
    receiver.reply = beginning;
    await say(bot, workspace, "anybody there at last?");
    for (const { closed } of receiver.callbacks) await closed;
    const { deliveries } = (await contract.owner.get(`/api/event-subscriptions/${id}/deliveries`)).body;
    expect(deliveries.map(({ response_status, error }) => [response_status, error])).toEqual([
      [200, READING],
      [0, waiting("/events")],
    ]);
    expect(deliveries.every((delivery) => !("response_body" in delivery))).toBe(true);
    expect(receiver.callbacks).toHaveLength(2);
  });

  test("of a command is 502, with the URL in it", async () => {
    await makeSlashCommand(contract, workspace, bot, {
      command: "/ask",
      callback_url: `${receiver.url}/slash`,
    });
    receiver.reply = silent;
    const unanswered = await invoke(contract.owner, workspace, { command: "/ask" });
    expect([unanswered.status, unanswered.body.error]).toEqual([502, waiting("/slash")]);
    receiver.reply = beginning;
    const begun = await invoke(contract.owner, workspace, { command: "/ask" });
    expect([begun.status, begun.body.error]).toEqual([502, READING]);
  });
});
