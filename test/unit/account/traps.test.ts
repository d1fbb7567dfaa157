import { beforeEach, describe, expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { Intake } from "../../../src/account/intake.ts";
import type { Work } from "../../../src/account/journal.ts";
import { SOCKET_LAG_MAX_MS } from "../../../src/limits.ts";

const BOT = "usr_bot";
const [FIRST, SECOND, THIRD] = ["cur_1", "cur_2", "cur_3"] as const;

let written: Set<string>;
let isFull: boolean;
let intake: Intake;
let now: number;

beforeEach(() => {
  now = 0;
  written = new Set();
  isFull = false;
  const journal = {
    record: ({ messageId }: Work) => {
      if (isFull) throw new Error("no room");
      const isNew = !written.has(messageId);
      written.add(messageId);
      return isNew;
    },
    noteAgain: () => {},
    has: (messageId: string) => written.has(messageId),
  };
  const context = { journal, now: () => now, outbox: { has: () => false } } as unknown as AccountContext;
  intake = new Intake(context, { heard: () => {}, message: () => {}, updated: () => {}, deleted: () => {} });
});

function event(cursor: string) {
  const payload = { message_id: `msg_of_${cursor}`, author_id: "usr_ada" };
  return { cursor, type: "message.created", channel_id: "chn_1", payload };
}

describe("a mark set before the work is stored", () => {
  test("the cursor does not pass an event that cannot be written down", () => {
    intake.event(event(FIRST), "realtime", BOT);
    isFull = true;
    expect(() => intake.event(event(SECOND), "realtime", BOT)).toThrow("no room");
    expect(intake.cursor).toBe(FIRST);
    isFull = false;
    expect(intake.event(event(SECOND), "realtime", BOT)).toEqual({ cursor: SECOND, isNew: true });
    expect(intake.cursor).toBe(SECOND);
  });

  test("the cursor never goes back, neither for an earlier event nor for one that has none", () => {
    for (const cursor of [SECOND, FIRST, ""]) intake.event(event(cursor), "realtime", BOT);
    expect(intake.cursor).toBe(SECOND);
  });
});

describe("a deaf socket is told by what it owes", () => {
  beforeEach(() => intake.socketFrom(FIRST));

  test("which is what a sweep found and the socket has still to bring, and nothing before its start", () => {
    for (const cursor of [FIRST, SECOND, THIRD]) intake.event(event(cursor), "sweep", BOT);
    now = SOCKET_LAG_MAX_MS;
    expect(intake.owed).toBe(2);
    intake.event(event(SECOND), "realtime", BOT);
    expect(intake.owed).toBe(1);
  });

  test("and a new socket starts without debts", () => {
    intake.event(event(SECOND), "sweep", BOT);
    intake.socketFrom(SECOND);
    expect(intake.owed).toBe(0);
  });
});
