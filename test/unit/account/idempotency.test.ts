import { expect, test } from "vitest";
import { earlierOutcome } from "../../../src/account/idempotency.ts";
import { postsBefore, type StoredSend } from "../../../src/account/sends.ts";

const SEND = { id: "snd_a_1", to: "channel:general", requestHash: "same" };
const BEFORE: StoredSend = {
  id: "snd_a_1",
  nonce: "edge:send:a:1:same",
  to: "channel:general",
  text: "",
  media: [],
  requestHash: "same",
  state: "pending",
  attempts: 0,
  createdAt: 0,
};
const PLACE = { kind: "channel", channelId: "chn_1" } as const;
const SENT = { kind: "sent", id: "snd_a_1", to: "channel:general", messageId: "msg_1", replayed: true };
const PENDING = { kind: "pending", id: "snd_a_1", to: "channel:general" };
const REUSED = "idempotency_key_reused";

test.each<[name: string, before: Partial<StoredSend>, same: unknown, otherCode: string | undefined]>([
  ["was sent", { state: "sent", postedId: "msg_1" }, SENT, REUSED],
  ["was sent in the background", { state: "sent", postedId: "msg_1", dueAt: 0 }, SENT, REUSED],
  ["is pending in the background", { dueAt: 0 }, PENDING, REUSED],
  ["ended nobody knows how", { attempts: 2 }, undefined, REUSED],
  ["was given up", { state: "dead", dueAt: 0, code: "refused" }, undefined, undefined],
])("after one that %s", (_name, before, same, otherCode) => {
  expect(earlierOutcome({ ...BEFORE, ...before }, SEND)).toEqual(same);
  const other = earlierOutcome({ ...BEFORE, ...before, requestHash: "other" }, SEND);
  expect(other?.kind === "refused" ? other.problem.code : other).toBe(otherCode);
});

test("the first one under a key is made", () => {
  expect(earlierOutcome(undefined, SEND)).toBeUndefined();
});

test.each<[name: string, before: Partial<StoredSend> | undefined, posts: number]>([
  ["a first try may not have been posted before", undefined, 0],
  ["one whose target was never found may not either", { attempts: 3 }, 0],
  ["one that a crash interrupted may", { place: PLACE }, 1],
  ["one whose posts failed may", { place: PLACE, attempts: 3 }, 3],
])("%s", (_name, before, posts) => {
  expect(postsBefore(before && { ...BEFORE, ...before })).toBe(posts);
});
