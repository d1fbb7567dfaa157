import { beforeEach, expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import type { Identity } from "../../../src/account/facts.ts";
import { unheardBefore } from "../../../src/account/unheard.ts";
import type { Message } from "../../../src/clickclack/wire.ts";
import { PAGE_MAX } from "../../../src/limits.ts";
import { Channel, said, texts } from "./past-world.ts";

const BOT = { author_id: "usr_bot" };
const CHANNEL = { kind: "channel", channelId: "chn_1" } as const;

let channel: Channel;
/** States of turns, by message. */
let turns: Record<string, string>;

beforeEach(() => {
  channel = new Channel(30);
  turns = {};
});

async function unheard(message: Message, groupContext: number, since?: { at: number }) {
  const context = {
    client: channel,
    account: { id: "rosie" },
    edge: { groupContext },
    turns: { find: (id: string) => (turns[id] === undefined ? undefined : { state: turns[id] }) },
  } as unknown as AccountContext;
  const identity = { botUserId: "usr_bot" } as Identity;
  return texts(await unheardBefore(context, { conversation: CHANNEL, message, identity, others: [] }, since));
}

test("an answer that nobody here has made ends what is new: a plugin may have made it", async () => {
  channel.alter({ 7: BOT });
  expect(await unheard(said(10), 20)).toEqual(["said 8", "said 9"]);
});

test("an answer that was made here ends it with its question", async () => {
  channel.alter({ 7: { ...BOT, nonce: "edge:reply:rosie:msg_5:0" } });
  turns = { msg_5: "answered" };
  expect(await unheard(said(10), 20)).toEqual(["said 6", "said 8", "said 9"]);
});

test("an answer whose question is forgotten, or was a slash command, ends it by itself", async () => {
  for (const question of ["msg_5", "sci_5"]) {
    channel.alter({ 7: { ...BOT, nonce: `edge:reply:rosie:${question}:0` } });
    turns = { sci_5: "answered" };
    expect(await unheard(said(10), 20)).toEqual(["said 8", "said 9"]);
  }
});

test.each(["waiting", "running", "dead", "cancelled"])(
  "a %s turn is left out and ends nothing",
  async (state) => {
    turns = { msg_8: state };
    expect(await unheard(said(10), 2)).toEqual(["said 7", "said 9"]);
  },
);

test("a notice is neither new nor an answer", async () => {
  channel.alter({ 9: { ...BOT, nonce: "edge:notice:rosie:msg_5" } });
  expect(await unheard(said(10), 2)).toEqual(["said 7", "said 8"]);
});

test("nothing goes along that was said up to a fresh start", async () => {
  expect(await unheard(said(10), 20, { at: Date.parse(said(7).created_at) })).toEqual(["said 8", "said 9"]);
});

test("no more is read than is needed", async () => {
  expect(await unheard(said(10), 0)).toEqual([]);
  await unheard(said(10), 3);
  expect(channel.asked).toEqual([{ before: 10, limit: 3 }]);
  turns = { msg_9: "dead" };
  await unheard(said(10), 3);
  expect(channel.asked.slice(1)).toEqual([
    { before: 10, limit: 3 },
    { before: 7, limit: PAGE_MAX },
  ]);
});
