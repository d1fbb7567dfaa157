import { expect, test } from "vitest";
import type { Identity } from "../../../src/account/facts.ts";
import { Looks } from "../../../src/account/looks.ts";
import type { Progress, Reach } from "../../../src/account/progress.ts";

const IDENTITY = {} as Identity;

/** Looks whose sweeps end as they are told, one after the other; `asks` have another one asked for while they are on. */
function looksThat(reaches: (Reach | "asks")[], goesOn = false) {
  const left = [...reaches];
  let changes = 0;
  const progress = {
    sweep: async () => {
      const next = left.shift();
      if (next === undefined) throw new Error("nothing more is to be read");
      if (next !== "asks") return next;
      looks.ask();
      return "level" as const;
    },
  } as unknown as Progress;
  const looks = new Looks(progress, goesOn, () => void changes++);
  return { looks, left, changes: () => changes };
}

const never = () => false;

test("one that is asked for has come to the end when the next one has", async () => {
  const { looks, changes } = looksThat(["level"]);
  const asked = looks.ask();
  expect([looks.isWaitedFor, looks.done < asked]).toEqual([true, true]);
  expect(await looks.through(IDENTITY, never)).toBe(true);
  expect([looks.isWaitedFor, looks.done >= asked, changes()]).toEqual([false, true, 1]);
});

test("one that is going on does not count: what is asked for meanwhile is read right behind it", async () => {
  const { looks, left } = looksThat(["asks", "level"]);
  await looks.through(IDENTITY, never);
  expect([left, looks.done, looks.isWaitedFor]).toEqual([[], 2, false]);
});

test("one that did not come to the end goes on while somebody waits, and otherwise only where it is told to", async () => {
  const waited = looksThat(["behind", "level"]);
  waited.looks.ask();
  await waited.looks.through(IDENTITY, never);
  expect([waited.left, waited.looks.isWaitedFor]).toEqual([[], false]);

  const left = looksThat(["behind", "level"]);
  await left.looks.through(IDENTITY, never);
  expect(left.left).toEqual(["level"]);

  const goesOn = looksThat(["behind", "level"], true);
  await goesOn.looks.through(IDENTITY, never);
  expect(goesOn.left).toEqual([]);
});

test("one that finds the cursor lost says so and ends nothing", async () => {
  const { looks } = looksThat(["lost"]);
  const asked = looks.ask();
  expect(await looks.through(IDENTITY, never)).toBe(false);
  expect(looks.done < asked).toBe(true);
});

test("one that was begun is asked for no more, though it is still waited for", async () => {
  const { looks } = looksThat(["behind"]);
  looks.ask();
  expect(looks.isAskedFor).toBe(true);
  // It throws once nothing more is to be read.
  await expect(looks.through(IDENTITY, never)).rejects.toThrow();
  expect([looks.isAskedFor, looks.isWaitedFor]).toEqual([false, true]);
  expect([looks.failed(), looks.failed()]).toEqual([1, 2]);
});

test("one in which nobody is interested any more ends nothing", async () => {
  const { looks } = looksThat(["lost"]);
  looks.ask();
  expect(await looks.through(IDENTITY, () => true)).toBe(true);
  expect(looks.isWaitedFor).toBe(true);
});
