import { beforeEach, describe, expect, test } from "vitest";
import type { Work } from "../../../src/account/journal.ts";
import { ReadsAhead } from "../../../src/account/reads-ahead.ts";
import type { ClickClackClient } from "../../../src/clickclack/client.ts";
import { Event } from "../../../src/clickclack/wire.ts";
import type { Account } from "../../../src/config/types.ts";
import { PAGE_MAX, READ_AHEAD_MAX_AGE_MS, READS_AHEAD_MAX } from "../../../src/limits.ts";
import { account, given, BOT as SETTINGS } from "../config/given.ts";
import { said } from "./past-world.ts";

const BOT = "usr_bot";
const LIMIT = 20;

/** What ClickClack was asked for. */
let asked: string[];
let fails: boolean;
let now: number;

beforeEach(() => {
  asked = [];
  fails = false;
  now = 1_000;
});

const client = {
  correlated: () => client,
  message: async (id: string) => {
    asked.push(id);
    if (fails) throw new Error("not now");
    return { ...said(7), id };
  },
  rootPage: async (place: unknown, before: number, limit: number) => {
    asked.push(`${JSON.stringify(place)} before ${before}, ${limit}`);
    if (fails) throw new Error("not now");
    return { messages: [said(6)], hasOlder: true };
  },
} as unknown as ClickClackClient;

/** An account with these settings. */
function set(settings: object): Account {
  return account(given({ ...SETTINGS, ...settings }));
}

const MODEL = set({ replyMode: "model", historyLimit: LIMIT });

function reads(of: Account = MODEL): ReadsAhead {
  return new ReadsAhead(client, of, () => now);
}

function work(messageId = "msg_7"): Work {
  return { messageId, conversation: "chn_1", cursor: "cur_7", dueAt: 0 };
}

function event(more: object = {}) {
  return Event.parse({
    cursor: "cur_7",
    type: "message.created",
    channel_id: "chn_1",
    seq: 7,
    payload: { message_id: "msg_7" },
    ...more,
  });
}

const HISTORY = `{"kind":"channel","channelId":"chn_1"} before 7, ${LIMIT}`;

describe("of a message that is likely to be asked about in model mode, the history is read as well", () => {
  test("in a channel", () => {
    reads().begin(work(), event(), BOT, false);
    expect(asked).toEqual(["msg_7", HISTORY]);
  });

  test("in a direct conversation", () => {
    const direct = event({ channel_id: undefined, payload: { direct_conversation_id: "dm_1" } });
    reads().begin(work(), direct, BOT, false);
    expect(asked[1]).toBe(`{"kind":"dm","dmId":"dm_1"} before 7, ${LIMIT}`);
  });

  test("where a mention is needed, with one", () => {
    const gated = set({ replyMode: "model", historyLimit: LIMIT, requireMention: true });
    reads(gated).begin(work(), event({ mentioned_user_ids: [BOT] }), BOT, false);
    expect(asked).toEqual(["msg_7", HISTORY]);
    reads(gated).begin(work("msg_8"), event({ mentioned_user_ids: ["usr_ada"] }), BOT, false);
    expect(asked.slice(2)).toEqual(["msg_8"]);
  });

  test("a page of it at most", () => {
    reads(set({ replyMode: "model", historyLimit: 1_000 })).begin(work(), event(), BOT, false);
    expect(asked[1]).toContain(`, ${PAGE_MAX}`);
  });
});

describe("and not", () => {
  test.each([
    ["in agent mode, which has its sessions", set({ replyMode: "agent" }), event(), false],
    ["when there is none", set({ replyMode: "model", historyLimit: 0 }), event(), false],
    ["while the conversation has others to answer", MODEL, event(), true],
    ["in a thread", MODEL, event({ type: "thread.reply_created", seq: undefined }), false],
    ["when the event does not tell where it begins", MODEL, event({ seq: "7" }), false],
  ])("%s", (_, of, told, isBusy) => {
    reads(of).begin(work(), told, BOT, isBusy);
    expect(asked).toEqual(["msg_7"]);
  });
});

describe("what was read", () => {
  test("is used once", async () => {
    const ahead = reads();
    ahead.begin(work(), event(), BOT, false);
    expect(await ahead.message("msg_7")).toMatchObject({ id: "msg_7" });
    expect(ahead.message("msg_7")).toBeUndefined();
    expect(await ahead.page(said(7), LIMIT)).toMatchObject({ hasOlder: true });
    expect(ahead.page(said(7), LIMIT)).toBeUndefined();
  });

  test("is of no use when the message was changed since, or too long ago", () => {
    const ahead = reads();
    ahead.begin(work(), event(), BOT, false);
    ahead.forget("msg_7");
    expect(ahead.message("msg_7")).toBeUndefined();
    ahead.begin(work(), event(), BOT, false);
    now += READ_AHEAD_MAX_AGE_MS;
    expect(ahead.message("msg_7")).toBeUndefined();
    expect(ahead.page(said(7), LIMIT)).toBeUndefined();
  });

  test("is of no use for another page", () => {
    const ahead = reads();
    for (const limit of [LIMIT, LIMIT + 1]) {
      ahead.begin(work(), event(), BOT, false);
      expect(ahead.page({ ...said(7), channel_seq: 8 }, limit)).toBeUndefined();
    }
    ahead.begin(work(), event(), BOT, false);
    expect(ahead.page(said(7), LIMIT + 1)).toBeUndefined();
  });

  test("fails for whoever comes for it, and for nobody else", async () => {
    const ahead = reads();
    fails = true;
    ahead.begin(work("msg_1"), event(), BOT, false);
    ahead.begin(work("msg_2"), event(), BOT, false);
    await expect(ahead.message("msg_2")).rejects.toThrow("not now");
  });

  test("is bounded", () => {
    const ahead = reads();
    for (let n = 0; n <= READS_AHEAD_MAX; n++) ahead.begin(work(`msg_${n}`), event(), BOT, true);
    expect(ahead.message("msg_0")).toBeUndefined();
    expect(ahead.message(`msg_${READS_AHEAD_MAX}`)).toBeDefined();
  });
});
