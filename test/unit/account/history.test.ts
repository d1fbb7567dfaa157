import { describe, expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { historyBefore } from "../../../src/account/history.ts";
import { HISTORY_MAX_CHARS, HISTORY_MESSAGE_MAX_CHARS, PAGE_MAX } from "../../../src/limits.ts";
import { Channel, said, Thread, texts } from "./past-world.ts";

const CHANNEL = { kind: "channel", channelId: "chn_1" } as const;
const THREAD = { kind: "thread", rootId: "msg_root", channelId: "chn_1" } as const;

const contextOf = (client: object, historyLimit: number) =>
  ({
    client,
    ahead: { page: () => undefined },
    account: { historyLimit },
    turns: { find: () => undefined },
  }) as unknown as AccountContext;

describe("in a channel", () => {
  const channel = () => {
    const made = new Channel(30);
    return { channel: made, context: contextOf(made, 3) };
  };

  test("a message is asked with what was said right before it", async () => {
    const { context, channel: made } = channel();
    expect(texts(await historyBefore(context, CHANNEL, said(10)))).toEqual(["said 7", "said 8", "said 9"]);
    expect(made.asked).toEqual([{ before: 10, limit: 3 }]);
  });

  test("a slash command, which has a time and no number, as well, however much was said since", async () => {
    const { context } = channel();
    const { channel_seq: _, ...command } = { ...said(10), id: "sci_1", created_at: "2026-11-24T10:00:10Z" };
    expect(texts(await historyBefore(context, CHANNEL, command))).toEqual(["said 7", "said 8", "said 9"]);
  });

  test("what is nobody's words takes no place in it: it is read past, once", async () => {
    const { context, channel: made } = channel();
    const row = { kind: "agent_tool" };
    made.alter({
      9: { deleted_at: "2026-11-24T10:01:00Z" },
      8: row,
      7: row,
      5: { nonce: "edge:notice:a:m" },
    });
    expect(texts(await historyBefore(context, CHANNEL, said(10)))).toEqual(["said 3", "said 4", "said 6"]);
    expect(made.asked).toEqual([
      { before: 10, limit: 3 },
      { before: 7, limit: PAGE_MAX },
    ]);
  });

  test("the first messages of all are asked for no further back", async () => {
    const { context, channel: made } = channel();
    expect(texts(await historyBefore(context, CHANNEL, said(3)))).toEqual(["said 1", "said 2"]);
    expect(made.asked).toHaveLength(1);
  });

  test("nothing goes along that was said up to a fresh start", async () => {
    const { context } = channel();
    const since = { at: Date.parse(said(8).created_at) };
    expect(texts(await historyBefore(context, CHANNEL, said(10), since))).toEqual(["said 9"]);
  });

  test("a limit of none asks for nothing", async () => {
    const made = new Channel(30);
    expect(await historyBefore(contextOf(made, 0), CHANNEL, said(10))).toEqual([]);
    expect(made.asked).toEqual([]);
  });
});

describe("its characters are bounded", () => {
  test("by leaving out the oldest", async () => {
    const made = new Channel(30);
    const body = "x".repeat(HISTORY_MESSAGE_MAX_CHARS);
    made.alter(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [n + 1, { body }])));
    const history = await historyBefore(contextOf(made, 20), CHANNEL, said(10));
    expect(history).toHaveLength(HISTORY_MAX_CHARS / HISTORY_MESSAGE_MAX_CHARS);
    expect(history.at(-1)?.id).toBe("msg_9");
  });

  test("and a long message is cut, not in the middle of a character, rather than left out", async () => {
    const made = new Channel(30);
    made.alter({ 9: { body: `${"x".repeat(HISTORY_MESSAGE_MAX_CHARS - 1)}🌊 and more` } });
    const [before, cut] = texts(await historyBefore(contextOf(made, 2), CHANNEL, said(10)));
    expect(before).toBe("said 8");
    expect(cut).toBe(`${"x".repeat(HISTORY_MESSAGE_MAX_CHARS - 1)} […]`);
  });

  test("and of a thread, its root is kept", async () => {
    const thread = new Thread(30);
    const body = "x".repeat(HISTORY_MESSAGE_MAX_CHARS);
    thread.alter(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [n + 1, { body }])));
    const history = await historyBefore(contextOf(thread, 20), THREAD, thread.reply(10));
    expect(texts(history)).toEqual(["the root", body, body]);
  });
});

describe("in a thread", () => {
  test("its root opens it and counts", async () => {
    const thread = new Thread(12);
    expect(texts(await historyBefore(contextOf(thread, 3), THREAD, thread.reply(12)))).toEqual([
      "the root",
      "reply 10",
      "reply 11",
    ]);
    expect(await historyBefore(contextOf(thread, 1), THREAD, thread.reply(12))).toHaveLength(1);
  });

  test("a message that has waited while much was said is asked with what was said before it", async () => {
    const thread = new Thread(30);
    const history = await historyBefore(contextOf(thread, 3), THREAD, thread.reply(10));
    expect(texts(history)).toEqual(["the root", "reply 8", "reply 9"]);
    expect(thread.asked).toEqual([4, PAGE_MAX]);
  });

  test("a fresh start leaves its root out", async () => {
    const thread = new Thread(12);
    const since = { at: Date.parse(thread.reply(10).created_at) };
    expect(texts(await historyBefore(contextOf(thread, 3), THREAD, thread.reply(12), since))).toEqual([
      "reply 11",
    ]);
  });
});
