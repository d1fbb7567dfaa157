import { describe, expect, test } from "vitest";
import {
  guardLoop,
  LOOP_EVENTS_MAX,
  LOOP_POLICY_DEFAULT,
  type LoopPolicy,
  type LoopState,
  NOTHING_SEEN,
  pairKey,
} from "../../../src/domain/loop-guard.ts";

/** A conversation of two bots. */
class Talk {
  state: LoopState = NOTHING_SEEN;
  readonly #policy: LoopPolicy;
  #count = 0;

  constructor(policy: Partial<LoopPolicy> = {}) {
    this.#policy = { ...LOOP_POLICY_DEFAULT, ...policy };
  }

  /** @returns whether the message is answered */
  say(atMs: number, messageId = `msg_${this.#count++}`): boolean {
    const { state, suppressed } = guardLoop(this.state, { messageId, atMs }, this.#policy);
    this.state = state;
    return !suppressed;
  }

  /** @returns how many of so many messages in a row are answered */
  sayMany(count: number, fromMs: number, stepMs = 100): number {
    return Array.from({ length: count }, (_, index) => this.say(fromMs + index * stepMs)).filter(Boolean)
      .length;
  }
}

const START = Date.UTC(2026, 8, 1);

test("of 23 quick messages 20 are answered, as in OpenClaw's gateway", () => {
  expect(new Talk().sayMany(23, START)).toBe(20);
});

test("messages that leave the window count no more", () => {
  const talk = new Talk();
  expect(talk.sayMany(100, START, 3_001)).toBe(100);
  expect(new Talk().sayMany(22, START, 3_000)).toBe(22);
  expect(new Talk().sayMany(22, START, 2_999)).toBe(20);
});

describe("the cool-down", () => {
  test("lasts from the message too many, and is not prolonged by what is said in it", () => {
    const talk = new Talk();
    talk.sayMany(20, START);
    const tooMany = START + 5_000;
    expect(talk.say(tooMany)).toBe(false);
    expect(talk.say(tooMany + 59_999)).toBe(false);
    expect(talk.say(tooMany + 60_000)).toBe(true);
  });

  test("ends with a new count, also when it is shorter than the window", () => {
    const talk = new Talk({ maxEventsPerWindow: 2, windowMs: 60_000, cooldownMs: 1_000 });
    expect([0, 1, 2].map((ms) => talk.say(START + ms))).toEqual([true, true, false]);
    expect([0, 1, 2].map((ms) => talk.say(START + 1_002 + ms))).toEqual([true, true, false]);
  });

  test("counts anew also what was written in its first millisecond", () => {
    const talk = new Talk({ maxEventsPerWindow: 2, cooldownMs: 1_000 });
    expect([0, 0, 0].map((ms) => talk.say(START + ms))).toEqual([true, true, false]);
    expect([0, 1, 2].map((ms) => talk.say(START + 1_000 + ms))).toEqual([true, true, false]);
  });

  test("does not reach back to what was written before it and is read late", () => {
    const talk = new Talk({ maxEventsPerWindow: 2 });
    for (const ms of [10_000, 11_000, 12_000]) talk.say(START + ms);
    expect(talk.say(START + 9_000)).toBe(true);
    expect(talk.say(START + 13_000)).toBe(false);
  });
});

describe("a message that comes twice", () => {
  test("counts once", () => {
    const talk = new Talk({ maxEventsPerWindow: 2 });
    expect([1, 2, 3].map(() => talk.say(START, "msg_same"))).toEqual([true, true, true]);
    expect(talk.say(START + 1)).toBe(true);
    expect(talk.say(START + 2)).toBe(false);
  });

  test("gets the same answer again, whatever was said in between", () => {
    const talk = new Talk({ maxEventsPerWindow: 3 });
    const messages = Array.from(
      { length: 6 },
      (_, index) => [`msg_${index}`, START + index * 1_000] as const,
    );
    const first = messages.map(([id, atMs]) => talk.say(atMs, id));
    expect(first).toEqual([true, true, true, false, false, false]);
    expect(messages.map(([id, atMs]) => talk.say(atMs, id))).toEqual(first);
  });

  test("gets it also when it was written in the same millisecond as the one too many", () => {
    const talk = new Talk({ maxEventsPerWindow: 1 });
    expect(talk.say(START, "msg_a")).toBe(true);
    expect(talk.say(START, "msg_b")).toBe(false);
    expect(talk.say(START, "msg_a")).toBe(true);
    expect(talk.say(START, "msg_b")).toBe(false);
    expect(talk.say(START + 60_000)).toBe(true);
  });
});

test("what is read out of order counts where it was written", () => {
  const talk = new Talk({ maxEventsPerWindow: 2 });
  expect(talk.say(START + 3_000)).toBe(true);
  expect(talk.say(START + 2_000)).toBe(true);
  expect(talk.say(START + 1_000)).toBe(true);
  expect(talk.say(START + 4_000)).toBe(false);
});

test("a guard that is off neither suppresses nor remembers", () => {
  const talk = new Talk({ enabled: false });
  expect(talk.sayMany(100, START)).toBe(100);
  expect(talk.state).toBe(NOTHING_SEEN);
});

test("the state is bounded, whatever the policy permits and in whatever order messages come", () => {
  const generous = { maxEventsPerWindow: 1_000_000, windowMs: 1e9 };
  expect(new Talk(generous).sayMany(LOOP_EVENTS_MAX + 5, START)).toBe(LOOP_EVENTS_MAX);
  const backwards = new Talk(generous);
  backwards.sayMany(LOOP_EVENTS_MAX + 5, START, -1);
  expect(backwards.state.events).toHaveLength(LOOP_EVENTS_MAX);
  expect(backwards.state.events.at(-1), "the newest is kept").toEqual(["msg_0", START]);
});

test("the state is plain data, so that it can be stored between two messages", () => {
  const talk = new Talk({ maxEventsPerWindow: 2 });
  const answered = [0, 1, 2, 3].map((ms) => {
    talk.state = JSON.parse(JSON.stringify(talk.state)) as LoopState;
    return talk.say(START + ms);
  });
  expect(answered).toEqual([true, true, false, false]);
});

test("a pair is one whoever speaks, and one for each conversation and workspace", () => {
  expect(pairKey("wsp_1", "chn_1", "usr_a", "usr_b")).toBe(pairKey("wsp_1", "chn_1", "usr_b", "usr_a"));
  const keys = [
    pairKey("wsp_1", "chn_1", "usr_a", "usr_b"),
    pairKey("wsp_2", "chn_1", "usr_a", "usr_b"),
    pairKey("wsp_1", "msg_1", "usr_a", "usr_b"),
    pairKey("wsp_1", "chn_1", "usr_a", "usr_c"),
  ];
  expect(new Set(keys).size).toBe(4);
});
