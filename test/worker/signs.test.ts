import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { SIGN_AFTER_MS } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("progress");
const { room, ada, bot, general, side } = world;
const gateway = gatewayOf("progress");
const clickclack = clickclackOf(bot.id);
const { untilState } = storiesOf("progress");

/** Long enough for a sign. */
const delayMs = 2 * SIGN_AFTER_MS;

beforeAll(() => world.link());
afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

/** What is shown at this moment of the answer to a message, oldest first. */
async function framesOf(message: string) {
  const calls = await clickclack.calls("POST", "/api/realtime/ephemeral");
  const payloadOf = (body: Record<string, unknown> | undefined) => body?.payload as { turn_id?: string };
  return calls.filter(({ body }) => payloadOf(body)?.turn_id === message);
}

const line = { id: "turn", kind: "commentary", text: "Rosie is responding", status: "running" };

it("a line of progress stands in the channel while an answer is made, and goes with it", async () => {
  const held = await gateway.hold("in a while");
  const question = await room.say(ada, general, "in a while");
  await until(async () => (await framesOf(question)).length === 1);
  await held.release();
  await untilState(question, "answered");
  await until(async () => (await framesOf(question)).length === 2);
  const shared = { workspace_id: room.workspaceId, channel_id: general, type: "agent.progress" };
  const frames = await framesOf(question);
  expect(frames.map(({ body }) => body)).toEqual([
    { ...shared, payload: { turn_id: question, seq: 1, op: "append", line } },
    { ...shared, payload: { turn_id: question, seq: 2, op: "clear" } },
  ]);
  expect(frames.map(({ status }) => status)).toEqual([202, 202]);
});

it("a thread's stands in its channel, a direct conversation's there, and a thread's of that one too", async () => {
  for (const text of ["in the thread", "direct", "below"])
    await gateway.reply(text, { text: "Well.", delayMs });
  const root = await room.say(world.otherBot, side, "a root");
  const reply = await room.replyInThread(ada, root, "in the thread");
  const dm = await room.openDm(ada, bot);
  const direct = await room.sayInDm(ada, dm, "direct");
  const below = await room.replyInThread(ada, direct, "below");
  const placesOf = async (message: string) => {
    await until(async () => (await framesOf(message)).length === 2);
    return (await framesOf(message)).map(({ body }) => body?.channel_id ?? body?.direct_conversation_id);
  };
  expect(await placesOf(reply)).toEqual([side, side]);
  expect(await placesOf(direct)).toEqual([dm, dm]);
  expect(await placesOf(below)).toEqual([dm, dm]);
});

it("nobody is shown to be typing as well", async () => {
  const calls = await clickclack.calls("POST", "/api/realtime/ephemeral");
  expect(calls.filter(({ body }) => body?.type !== "agent.progress")).toEqual([]);
});

it("it goes away when the agent fails, and an answer does not need it", async () => {
  await clickclack.fault("POST", "/ephemeral$", { kind: "status", status: 503 }, 2);
  await gateway.reply("without any sign", { text: "Well.", delayMs });
  const unseen = await room.say(ada, general, "without any sign");
  await untilState(unseen, "answered");
  // The stand-in reads no body of what it fails.
  const refused = async () =>
    (await clickclack.calls("POST", "/ephemeral$")).filter(({ status }) => status === 503);
  await until(async () => (await refused()).length === 2);

  await gateway.reply("that fails", { error: "provider_400", delayMs });
  const failed = await room.say(ada, general, "that fails");
  await until(async () => {
    const last = (await framesOf(failed)).at(-1)?.body?.payload as { op?: string } | undefined;
    return last?.op === "clear";
  });
});
