import { expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { historyBefore } from "../../../src/account/history.ts";
import { Message } from "../../../src/clickclack/wire.ts";

const CHANNEL = { kind: "channel", channelId: "chn_1" } as const;

/** A message of a channel, its number its second. */
function said(n: number): Message {
  return Message.parse({
    id: `msg_${n}`,
    channel_id: "chn_1",
    author_id: "usr_ada",
    thread_root_id: `msg_${n}`,
    channel_seq: n,
    body: `said ${n}`,
    created_at: `2026-11-24T10:00:${String(n).padStart(2, "0")}.5Z`,
  });
}

/** A channel with thirty messages, of which an account takes three along. */
function channel() {
  const all = Array.from({ length: 30 }, (_, index) => said(index + 1));
  const asked: { before: number | undefined; limit: number }[] = [];
  const client = {
    rootPage: async (_place: unknown, before: number | undefined, limit: number) => {
      asked.push({ before, limit });
      const page = all.filter(({ channel_seq = 0 }) => before === undefined || channel_seq < before);
      return { messages: page.slice(-limit), hasOlder: false };
    },
  };
  return { context: { client, account: { historyLimit: 3 } } as unknown as AccountContext, asked };
}

const texts = (messages: Message[]) => messages.map(({ body }) => body);

test("a message is asked with what was said right before it", async () => {
  const { context, asked } = channel();
  expect(texts(await historyBefore(context, CHANNEL, said(10)))).toEqual(["said 7", "said 8", "said 9"]);
  expect(asked).toEqual([{ before: 10, limit: 3 }]);
});

test("a slash command, which has a time and no number, as well, however much was said since", async () => {
  const { context } = channel();
  const { channel_seq: _, ...command } = { ...said(10), id: "sci_1", created_at: "2026-11-24T10:00:10Z" };
  expect(texts(await historyBefore(context, CHANNEL, command))).toEqual(["said 7", "said 8", "said 9"]);
});
