import { beforeEach, describe, expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { Intake, type Listed } from "../../../src/account/intake.ts";
import type { Arrival, Work } from "../../../src/account/journal.ts";
import { SOCKET_LAG_MAX_MS } from "../../../src/limits.ts";

const BOT = "usr_bot";
const EVENT = "cur_01m81fjx1hmbma52ew560d26xf";
const LATER = "cur_01m81fjx3mwggc4g4vdne31x4j";

let written: Map<string, string>;
let work: Work[];
let intake: Intake;
let now: number;
let heard: string[];

beforeEach(() => {
  now = 0;
  heard = [];
  written = new Map();
  work = [];
  const journal = {
    record: ({ messageId }: Work, { road }: Arrival) => {
      const isNew = !written.has(messageId);
      if (isNew) written.set(messageId, road);
      return isNew;
    },
    noteAgain: () => {},
    has: (messageId: string) => written.has(messageId),
  };
  const context = { journal, now: () => now, outbox: { has: () => false } } as unknown as AccountContext;
  intake = new Intake(context, {
    heard: ({ messageId }) => {
      if (written.has(messageId)) throw new Error("told too late");
      heard.push(messageId);
    },
    message: (taken) => void work.push(taken),
    updated: () => {},
    deleted: () => {},
  });
});

function event(messageId: string, cursor: string) {
  const payload = { message_id: messageId, author_id: "usr_ada" };
  return { cursor, type: "message.created", channel_id: "chn_1", payload };
}

function listed(more: Partial<Listed> = {}): Listed {
  return {
    id: "msg_1",
    author_id: "usr_ada",
    kind: "message",
    channel_id: "chn_1",
    thread_root_id: "msg_1",
    ...more,
  };
}

test("what the socket brings is told of before it is written down, unless it was before", () => {
  intake.event(event("msg_1", EVENT), "sweep", BOT);
  intake.event(event("msg_1", EVENT), "realtime", BOT);
  intake.event(event("msg_2", LATER), "realtime", BOT);
  intake.event(
    { ...event("msg_3", LATER), payload: { message_id: "msg_3", author_id: BOT } },
    "realtime",
    BOT,
  );
  expect(heard).toEqual(["msg_2"]);
});

describe("a message of a list", () => {
  test("is written down once, whichever road comes first", () => {
    expect(intake.message(listed(), LATER, BOT)).toBe(true);
    expect(intake.event(event("msg_1", LATER), "sweep", BOT).isNew).toBe(false);
    intake.event(event("msg_2", LATER), "sweep", BOT);
    expect(intake.message(listed({ id: "msg_2" }), LATER, BOT)).toBe(false);
    expect(work.map(({ messageId }) => messageId)).toEqual(["msg_1", "msg_2"]);
    expect(intake.roads).toMatchObject({
      sweep: { first: 1, again: 1 },
      resync: { first: 1, again: 1 },
    });
  });

  test("does not move the cursor, which only events do", () => {
    intake.event(event("msg_1", EVENT), "sweep", BOT);
    intake.message(listed({ id: "msg_2" }), LATER, BOT);
    expect(intake.cursor).toBe(EVENT);
  });

  test("is not owed by the socket", () => {
    intake.socketFrom(EVENT);
    intake.message(listed(), LATER, BOT);
    expect(intake.owed).toBe(0);
    intake.event(event("msg_2", LATER), "sweep", BOT);
    now = SOCKET_LAG_MAX_MS;
    expect(intake.owed).toBe(1);
  });

  test.each<[string, Partial<Listed>, string]>([
    ["a channel", {}, "chn_1"],
    ["a direct conversation", { channel_id: undefined, direct_conversation_id: "dm_1" }, "dm_1"],
    ["a thread", { parent_message_id: "msg_0", thread_root_id: "msg_0" }, "msg_0"],
    [
      "a thread in a direct conversation",
      {
        channel_id: undefined,
        direct_conversation_id: "dm_1",
        parent_message_id: "msg_0",
        thread_root_id: "msg_0",
      },
      "msg_0",
    ],
  ])("stands in its conversation, in its place: %s", (_where, more, conversation) => {
    intake.message(listed(more), LATER, BOT);
    expect(work).toEqual([{ messageId: "msg_1", conversation, cursor: LATER, dueAt: 0 }]);
  });

  test.each<[string, Partial<Listed>]>([
    ["its own", { author_id: BOT }],
    ["an activity row", { kind: "agent_tool" }],
    ["one that stands nowhere", { channel_id: undefined }],
  ])("is left alone when it is %s", (_what, more) => {
    expect(intake.message(listed(more), LATER, BOT)).toBe(false);
    expect([work, [...written]]).toEqual([[], []]);
    expect(intake.roads.resync).toEqual({ first: 0, again: 0 });
  });
});

describe("a callback", () => {
  const delivery = { secret: "current", signature: "sha256=1" } as const;
  const hold = { look: 1, until: 60_000 };
  const callback = { delivery, hold: () => hold };

  test("is only a bell: it holds its message back and does not move the cursor", () => {
    intake.event(event("msg_1", EVENT), "realtime", BOT);
    expect(intake.take(event("msg_2", LATER), "callback", BOT, callback).isNew).toBe(true);
    expect(intake.cursor).toBe(EVENT);
    expect(work.map(({ messageId, hold }) => [messageId, hold])).toEqual([
      ["msg_1", undefined],
      ["msg_2", hold],
    ]);
  });

  test("that comes before the socket makes the socket owe, once that had its time", () => {
    intake.socketFrom(EVENT);
    intake.take(event("msg_1", LATER), "callback", BOT, callback);
    now = SOCKET_LAG_MAX_MS - 1;
    expect(intake.owed).toBe(0);
    now = SOCKET_LAG_MAX_MS;
    expect(intake.owed).toBe(1);
    intake.event(event("msg_1", LATER), "realtime", BOT);
    expect(intake.owed).toBe(0);
  });
});
