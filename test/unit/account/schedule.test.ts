import { beforeEach, expect, test } from "vitest";
import { Schedule } from "../../../src/account/schedule.ts";
import { ALARM_LATE_MAX_MS } from "../../../src/limits.ts";

const STORED = 1_000;
let set: number[];
let schedule: Schedule;

beforeEach(async () => {
  set = [];
  schedule = new Schedule({
    getAlarm: async () => STORED,
    setAlarm: async (at: number) => void set.push(at),
  } as unknown as DurableObjectStorage);
  await schedule.load();
});

test("what an earlier life has set is not put off, and an earlier time is set", () => {
  schedule.arm(STORED + 60_000, 0);
  expect(set).toEqual([]);
  schedule.arm(STORED - 1, 0);
  expect(set).toEqual([STORED - 1]);
});

test("an alarm that is later than it may be is set again", () => {
  const now = STORED + ALARM_LATE_MAX_MS + 1;
  expect(schedule.isArmed(now - 2)).toBe(true);
  expect(schedule.isArmed(now)).toBe(false);
  schedule.arm(now + 60_000, now);
  expect(set).toEqual([now + 60_000]);
});

test("once it has gone off there is none", () => {
  schedule.fired();
  expect(schedule.isArmed(0)).toBe(false);
  schedule.arm(STORED + 60_000, 0);
  expect(set).toEqual([STORED + 60_000]);
});
