import { describe, expect, test } from "vitest";
import { type RereadBounds, type RereadSource, reread } from "../../../src/account/reread.ts";
import { ClickClackError, type ClickClackFailure } from "../../../src/clickclack/errors.ts";
import { Message } from "../../../src/clickclack/wire.ts";

/** Messages are made one a second; this is what is known when the tenth is made. */
const SINCE = place(10, "0");
const BOUNDS: RereadBounds = { conversations: 10, pagesPerConversation: 3, threads: 10 };
const PAGE = 4;

/** A ULID in the n-th second of 1970, or the first of its millisecond. */
function ulid(second: number, random = "5"): string {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  let rest = second * 1_000;
  let time = "";
  for (let i = 0; i < 10; i++) {
    time = digits.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + random.repeat(16);
}

function place(second: number, random?: string): string {
  return `cur_${ulid(second, random)}`;
}

interface Place {
  /** Seconds at which its root messages were made, ascending. */
  roots: number[];
  /** By the second of their root: seconds at which its replies were made, ascending. */
  replies?: Record<number, number[]>;
}

interface Server {
  channels?: Record<string, Place>;
  dms?: Record<string, Place>;
  /** What asking for something fails with: a conversation's or root's id, `channels` or `dms`. */
  failures?: Record<string, ClickClackFailure>;
  /** Replies that it shows of one thread. */
  repliesShown?: number;
}

const id = (second: number) => `msg_${ulid(second)}`;
const at = (second: number) => new Date(second * 1_000).toISOString();

/** A ClickClack that answers what a reread asks, and notes it. */
function serverOf({ channels = {}, dms = {}, failures = {}, repliesShown = 200 }: Server) {
  const asked: string[] = [];
  const ask = (what: string, detail = "") => {
    asked.push(what + detail);
    const failure = failures[what];
    if (failure !== undefined) throw new ClickClackError("test", failure, 403, "refused");
  };
  const message = (second: number, more: object) =>
    Message.parse({ id: id(second), author_id: "usr_1", body: "x", created_at: at(second), ...more });
  const source: RereadSource = {
    channels: async () => {
      ask("channels");
      return Object.keys(channels).map((name) => ({ id: name, name }));
    },
    directConversations: async () => {
      ask("dms");
      return Object.keys(dms).map((name) => ({ id: name, members: [] }));
    },
    rootPage: async (conversation, beforeSeq) => {
      const name = conversation.kind === "dm" ? conversation.dmId : conversation.channelId;
      ask(name, beforeSeq === undefined ? "" : `<${beforeSeq}`);
      const { roots = [], replies = {} } = { ...channels, ...dms }[name] ?? {};
      const end = beforeSeq === undefined ? roots.length : beforeSeq - 1;
      const start = Math.max(0, end - PAGE);
      const messages = roots.slice(start, end).map((second, index) => {
        const last = replies[second]?.at(-1);
        return message(second, {
          thread_root_id: id(second),
          channel_id: name,
          channel_seq: start + index + 1,
          thread_state: last === undefined ? {} : { last_reply_at: at(last) },
        });
      });
      return { messages, hasOlder: start > 0 };
    },
    thread: async (rootId) => {
      ask(rootId);
      const found = Object.values({ ...channels, ...dms }).flatMap(({ replies = {} }) =>
        Object.entries(replies).filter(([root]) => id(Number(root)) === rootId),
      );
      const seconds = found.flatMap(([, all]) => all);
      const replies = seconds.map((second, index) =>
        message(second, { thread_root_id: rootId, parent_message_id: rootId, thread_seq: index + 1 }),
      );
      return { root: message(0, { thread_root_id: rootId }), replies: replies.slice(-repliesShown) };
    },
  };
  return { source, asked };
}

async function run(server: Server, bounds: Partial<RereadBounds> = {}, isLastTry = false) {
  const { source, asked } = serverOf(server);
  const taken: { id: string; cursor: string }[] = [];
  const take = (message: { id: string }, cursor: string) => taken.push({ id: message.id, cursor });
  const uncovered = await reread(source, "wsp_1", SINCE, take, isLastTry, { ...BOUNDS, ...bounds });
  return { uncovered, asked, taken, seconds: taken.map(({ id }) => Number.parseInt(timeOf(id), 10)) };
}

/** The second in an id, as text. */
function timeOf(messageId: string): string {
  for (let second = 0; second < 100; second++) if (id(second) === messageId) return String(second);
  return "NaN";
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("what was said since", () => {
  test("is taken in with its place among the events, and what is known is not", async () => {
    const { taken, uncovered } = await run({ channels: { chn_1: { roots: [8, 9, 10, 11] } } });
    expect(taken).toEqual([
      { id: id(10), cursor: place(10) },
      { id: id(11), cursor: place(11) },
    ]);
    expect(uncovered).toEqual([]);
  });

  test("is read page by page until it is known, and taken in from the oldest on", async () => {
    const { seconds, asked, uncovered } = await run({ channels: { chn_1: { roots: range(1, 15) } } });
    expect(seconds).toEqual(range(10, 15));
    expect(asked).toEqual(["dms", "channels", "chn_1", "chn_1<12"]);
    expect(uncovered).toEqual([{ conversation: "wsp_1", reason: "old_threads" }]);
  });

  test("stands in direct conversations first, then in channels", async () => {
    const server = { channels: { chn_1: { roots: [11] } }, dms: { dm_1: { roots: [12] } } };
    expect((await run(server)).seconds).toEqual([12, 11]);
  });

  test("in threads is read where the last reply is new, under old roots as well", async () => {
    const replies = { 2: [3, 9, 12], 4: [5, 9], 11: [13] };
    const { seconds, asked, uncovered } = await run({
      channels: { chn_1: { roots: [2, 4, 6, 11], replies } },
    });
    expect(seconds).toEqual([11, 12, 13]);
    expect(asked).toEqual(["dms", "channels", "chn_1", id(2), id(11)]);
    expect(uncovered).toEqual([]);
  });

  test("of which nothing is left is no gap", async () => {
    expect(await run({ channels: { chn_1: { roots: [] } }, dms: { dm_1: { roots: [] } } })).toMatchObject({
      uncovered: [],
      taken: [],
    });
  });
});

describe("a bound that was met is reported:", () => {
  test("pages of a conversation; of it the newest are taken", async () => {
    const { seconds, uncovered } = await run(
      { channels: { chn_1: { roots: range(11, 23) }, chn_2: { roots: [24] } } },
      { pagesPerConversation: 2 },
    );
    expect(seconds).toEqual([...range(16, 23), 24]);
    expect(uncovered).toEqual([
      { conversation: "chn_1", reason: "more_pages" },
      { conversation: "wsp_1", reason: "old_threads" },
    ]);
  });

  test("conversations", async () => {
    const { seconds, uncovered } = await run(
      { dms: { dm_1: { roots: [11] } }, channels: { chn_1: { roots: [12] }, chn_2: { roots: [13] } } },
      { conversations: 2 },
    );
    expect(seconds).toEqual([11, 12]);
    expect(uncovered).toEqual([{ conversation: "wsp_1", reason: "more_conversations" }]);
  });

  test("threads, over all conversations; the newest roots' are read", async () => {
    const channels = {
      chn_1: { roots: [1, 2], replies: { 1: [11], 2: [12] } },
      chn_2: { roots: [3, 4], replies: { 3: [13], 4: [14] } },
      chn_3: { roots: [5], replies: { 5: [15] } },
    };
    const { seconds, uncovered } = await run({ channels }, { threads: 3 });
    expect(seconds).toEqual([11, 12, 14]);
    expect(uncovered).toEqual([
      { conversation: "chn_2", reason: "more_threads" },
      { conversation: "chn_3", reason: "more_threads" },
    ]);
  });

  test("replies of a thread, of which ClickClack shows no more", async () => {
    const channels = { chn_1: { roots: [1], replies: { 1: range(11, 15) } } };
    const { seconds, uncovered } = await run({ channels, repliesShown: 3 });
    expect(seconds).toEqual([13, 14, 15]);
    expect(uncovered).toEqual([{ conversation: id(1), reason: "more_replies" }]);
    expect((await run({ channels, repliesShown: 5 })).uncovered).toEqual([]);
    const known = { chn_1: { roots: [1], replies: { 1: [2, 3, 9, 14, 15] } } };
    expect((await run({ channels: known, repliesShown: 3 })).uncovered).toEqual([]);
  });
});

describe("a refusal", () => {
  const channels = { chn_1: { roots: [1, 11], replies: { 1: [12] } }, chn_2: { roots: [13] } };
  const dms = { dm_1: { roots: [14] } };

  test.each<[string, ClickClackFailure, number[]]>([
    ["chn_1", "not_found", [14, 13]],
    ["chn_1", "forbidden", [14, 13]],
    ["chn_1", "not_clickclack", [14, 13]],
    [id(1), "missing_scope", [14, 11, 13]],
    ["dms", "missing_scope", [11, 12, 13]],
    ["channels", "forbidden", [14]],
  ])("of %s (%s) is reported, and the others are read", async (what, failure, read) => {
    const { seconds, uncovered } = await run({ channels, dms, failures: { [what]: failure } });
    expect(seconds).toEqual(read);
    expect(uncovered).toEqual([{ conversation: what, reason: "unreadable" }]);
  });

  test("in the middle of a conversation leaves what was read of it", async () => {
    const { source } = serverOf({ channels: { chn_1: { roots: range(1, 20) } } });
    const taken: string[] = [];
    const refusing: RereadSource = {
      ...source,
      rootPage: (conversation, beforeSeq, limit) => {
        if (beforeSeq !== undefined) throw new ClickClackError("test", "not_found", 403, "refused");
        return source.rootPage(conversation, beforeSeq, limit);
      },
    };
    const uncovered = await reread(
      refusing,
      "wsp_1",
      SINCE,
      ({ id }) => taken.push(timeOf(id)),
      false,
      BOUNDS,
    );
    expect(taken).toEqual(["17", "18", "19", "20"]);
    expect(uncovered).toEqual([{ conversation: "chn_1", reason: "unreadable" }]);
  });

  test.each<[string, ClickClackFailure]>([
    ["chn_2", "unavailable"],
    ["chn_2", "throttled"],
    ["chn_2", "unauthorized"],
    ["chn_2", "wrong_workspace"],
    [id(1), "unavailable"],
    ["dms", "unavailable"],
    ["channels", "not_clickclack"],
  ])("of %s (%s) has it all made again", async (what, failure) => {
    await expect(run({ channels, dms, failures: { [what]: failure } })).rejects.toThrow(ClickClackError);
  });
});

describe("the last try", () => {
  const channels = { chn_1: { roots: [1, 11], replies: { 1: [12] } }, chn_2: { roots: [13] } };

  test.each<[string, ClickClackFailure, number[]]>([
    ["chn_1", "unavailable", [13]],
    ["chn_1", "throttled", [13]],
    [id(1), "unavailable", [11, 13]],
  ])("leaves out %s (%s) and says so", async (what, failure, read) => {
    const { seconds, uncovered } = await run({ channels, failures: { [what]: failure } }, {}, true);
    expect(seconds).toEqual(read);
    expect(uncovered).toEqual([{ conversation: what, reason: "unreadable" }]);
  });

  test.each<[string, ClickClackFailure]>([
    ["chn_1", "unauthorized"],
    ["dms", "unavailable"],
    ["channels", "unavailable"],
  ])("is none where nothing can be read: %s (%s)", async (what, failure) => {
    await expect(run({ channels, failures: { [what]: failure } }, {}, true)).rejects.toThrow(ClickClackError);
  });
});

test("a message that tells no time is reported, and hides no other", async () => {
  const { source } = serverOf({ channels: { chn_1: { roots: [11, 12] } } });
  const odd: RereadSource = {
    ...source,
    rootPage: async (...args) => {
      const page = await source.rootPage(...args);
      return {
        ...page,
        messages: page.messages.map((message, index) =>
          index === 0 ? { ...message, id: "msg_odd", created_at: "yesterday" } : message,
        ),
      };
    },
  };
  const taken: string[] = [];
  const uncovered = await reread(odd, "wsp_1", SINCE, (message) => taken.push(message.id), false, BOUNDS);
  expect(taken).toEqual([id(12)]);
  expect(uncovered).toEqual([{ conversation: "chn_1", reason: "unreadable" }]);
});
