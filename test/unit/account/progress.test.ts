import { beforeEach, describe, expect, test } from "vitest";
import { Progress } from "../../../src/account/progress.ts";
import { RESYNC_ATTEMPTS_MAX } from "../../../src/limits.ts";
import { cursorOf, IDENTITY, ResyncWorld } from "./resync-world.ts";

let world: ResyncWorld;
let progress: Progress;

beforeEach(() => {
  world = new ResyncWorld();
  world.say(1);
  progress = new Progress(world.context, world.intake);
});

/** An account that was up before, and whose durable cursor is an event that it read. */
async function startedAt(n: number) {
  world.facts.set("identity", IDENTITY);
  world.facts.set("floor", cursorOf(1));
  world.facts.set("cursor", cursorOf(n));
  await progress.start(IDENTITY);
}

describe("a sweep", () => {
  test("moves the cursor while the log holds it", async () => {
    world.say(2, 3);
    await startedAt(2);
    expect(await progress.sweep(IDENTITY)).toBe("level");
    expect(world.facts.get("cursor")).toBe(cursorOf(3));
  });

  test("takes nothing in and stays where it was once the cursor was pruned", async () => {
    world.say(2, 3, 4);
    await startedAt(2);
    world.log = [4];
    expect(await progress.sweep(IDENTITY)).toBe("lost");
    expect(world.facts.get("cursor")).toBe(cursorOf(2));
    expect(world.taken).toEqual([]);
  });

  test("does not move on from the tail of the first start either once that was pruned", async () => {
    expect(await progress.start(IDENTITY)).toBe(cursorOf(1));
    world.say(2, 3, 4);
    world.log = [4];
    expect(await progress.sweep(IDENTITY)).toBe("lost");
    expect(world.facts.get("cursor")).toBe(cursorOf(1));
    expect(world.taken).toEqual([]);
  });

  test("goes on from the tail of the first start, even if no page shows its event", async () => {
    world.hidesTail = true;
    expect(await progress.start(IDENTITY)).toBe(cursorOf(1));
    world.say(2, 3);
    world.log = [2, 3];
    expect(await progress.sweep(IDENTITY)).toBe("level");
    expect(world.facts.get("cursor")).toBe(cursorOf(2));
  });

  test("goes on in a workspace that had no events", async () => {
    world.log = [];
    expect(await progress.start(IDENTITY)).toBe("");
    world.say(2);
    expect(await progress.sweep(IDENTITY)).toBe("level");
    expect(world.facts.get("cursor")).toBe(cursorOf(2));
  });
});

describe("a lost cursor", () => {
  beforeEach(async () => {
    world.say(2, 3, 4);
    await startedAt(2);
    world.log = [4];
    progress.lose();
  });

  test("is made up for by the next start, which goes on from the new tail", async () => {
    expect(await progress.start(IDENTITY)).toBe(cursorOf(4));
    expect(progress.isLost).toBe(false);
    expect(world.taken).toEqual([2, 3, 4]);
    const gap = { fromCursor: cursorOf(2), toCursor: cursorOf(4), uncovered: [] };
    expect(world.facts.get("gap")).toEqual({ ...gap, at: 7 });
    expect([world.facts.get("cursor"), world.facts.get("floor")]).toEqual([cursorOf(4), cursorOf(1)]);
    expect(world.logged).toEqual([
      {
        event: "link:resync",
        from: cursorOf(2),
        to: cursorOf(4),
        complete: true,
        messages: 3,
        uncovered: [],
      },
    ]);
  });

  test("may be lost again at once, before anything was read behind the new tail", async () => {
    expect(await progress.start(IDENTITY)).toBe(cursorOf(4));
    world.say(5, 6, 7);
    world.log = [7];
    expect(await progress.sweep(IDENTITY)).toBe("lost");
    progress.lose();
    expect(await progress.start(IDENTITY)).toBe(cursorOf(7));
    expect(world.taken).toEqual([2, 3, 4, 5, 6, 7]);
  });

  test("stays lost, and where it was, while that fails", async () => {
    world.listsFail = true;
    await expect(progress.start(IDENTITY)).rejects.toThrow("503");
    expect([progress.isLost, world.facts.get("cursor"), world.facts.get("gap")]).toEqual([
      true,
      cursorOf(2),
      undefined,
    ]);
    world.listsFail = false;
    expect(await progress.start(IDENTITY)).toBe(cursorOf(4));
    expect(world.facts.get("gap")).toMatchObject({ fromCursor: cursorOf(2) });
  });

  test("is waited for only so often by a conversation that cannot be read", async () => {
    world.channelFails = true;
    for (let tries = 1; tries < RESYNC_ATTEMPTS_MAX; tries++)
      await expect(progress.start(IDENTITY)).rejects.toThrow("500");
    expect(await progress.start(IDENTITY)).toBe(cursorOf(4));
    expect(world.facts.get("gap")).toMatchObject({
      fromCursor: cursorOf(2),
      uncovered: [{ conversation: "chn_1", reason: "unreadable" }],
    });
    // And from the first try on again the next time.
    world.say(5);
    world.log = [5];
    progress.lose();
    await expect(progress.start(IDENTITY)).rejects.toThrow("500");
  });

  test("is waited for so often over all lives of the object, which may sleep between two tries", async () => {
    world.channelFails = true;
    for (let tries = 1; tries < RESYNC_ATTEMPTS_MAX; tries++) {
      await expect(progress.start(IDENTITY)).rejects.toThrow("500");
      progress = new Progress(world.context, world.intake);
    }
    expect(await progress.start(IDENTITY)).toBe(cursorOf(4));
    expect(world.facts.has("resyncTries")).toBe(false);
  });

  test("leaves no gap when the log holds it after all", async () => {
    world.log = [1, 2, 3, 4];
    expect(await progress.start(IDENTITY)).toBe(cursorOf(4));
    expect(world.facts.get("gap")).toBeUndefined();
  });

  test("beyond which the log does not reach becomes the floor", async () => {
    world.log = [1];
    expect(await progress.start(IDENTITY)).toBe(cursorOf(1));
    expect([world.facts.get("cursor"), world.facts.get("floor")]).toEqual([cursorOf(1), cursorOf(2)]);
    // And so what lies before it is not read again, from an older cursor on.
    world.taken.length = 0;
    world.say(5);
    world.log = [5];
    progress.lose();
    await progress.start(IDENTITY);
    expect(world.taken).toEqual([3, 4, 5]);
  });

  test("is kept while the log is empty, and made up for again once it is not", async () => {
    world.log = [];
    expect(await progress.start(IDENTITY)).toBe("");
    expect([world.facts.get("cursor"), world.facts.get("floor")]).toEqual([cursorOf(2), cursorOf(1)]);
    expect(await progress.sweep(IDENTITY)).toBe("level");
    world.say(5, 6);
    world.log = [6];
    expect(await progress.sweep(IDENTITY)).toBe("lost");
    progress.lose();
    expect(await progress.start(IDENTITY)).toBe(cursorOf(6));
    expect(world.taken).toEqual([2, 3, 4, 5, 6]);
    expect(world.facts.get("gap")).toMatchObject({ fromCursor: cursorOf(2), toCursor: cursorOf(6) });
  });

  test("of another bot is nobody's: that one starts at the tail", async () => {
    expect(await progress.start({ ...IDENTITY, botUserId: "usr_other" })).toBe(cursorOf(4));
    expect([progress.isLost, world.taken]).toEqual([false, []]);
  });
});
