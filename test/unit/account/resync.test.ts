import { beforeEach, describe, expect, test } from "vitest";
import { resync } from "../../../src/account/resync.ts";
import { SWEEP_MAX_PAGES } from "../../../src/limits.ts";
import { cursorOf, IDENTITY, ResyncWorld } from "./resync-world.ts";

let world: ResyncWorld;

beforeEach(() => {
  world = new ResyncWorld();
  world.facts.set("floor", cursorOf(1));
  world.say(1, 2, 3, 4, 5);
});

const from = (cursor: string) => resync(world.context, world.intake, IDENTITY, cursor, false);

describe("a log that holds the lost cursor", () => {
  test("is read to its end, the lists are not, and nothing was missed", async () => {
    expect(await from(cursorOf(2))).toEqual({ to: cursorOf(5), complete: true, messages: 4 });
    // The cursor's own event is read again by the overlap; here nobody has seen it before.
    expect(world.taken).toEqual([2, 3, 4, 5]);
    expect(world.asked).not.toContain("lists");
  });

  test("is one even at the floor, where the event itself is in no page", async () => {
    expect(await from(cursorOf(1))).toEqual({ to: cursorOf(5), complete: true, messages: 4 });
  });

  test("at its end has nothing more", async () => {
    expect(await from(cursorOf(5))).toEqual({ to: cursorOf(5), complete: true, messages: 1 });
  });

  test("is gone on with from where its pages were left, without a gap, when they are too many", async () => {
    world.pageSize = 1;
    world.say(...Array.from({ length: SWEEP_MAX_PAGES }, (_, i) => i + 6));
    // The first page has the cursor's own event.
    const last = cursorOf(1 + SWEEP_MAX_PAGES);
    expect(await from(cursorOf(2))).toEqual({ to: last, complete: false, messages: SWEEP_MAX_PAGES });
  });

  test("is gone on with from the last event read, not from the tail, when a page is empty before it", async () => {
    world.hidesTail = true;
    expect(await from(cursorOf(2))).toMatchObject({ to: cursorOf(4) });
  });

  test("and is pruned between two pages is not whole", async () => {
    world.pageSize = 2;
    world.beforePage = (pages) => {
      if (pages === 1) world.log = [5];
    };
    expect(await from(cursorOf(2))).toEqual({ to: cursorOf(5), complete: true, messages: 4, uncovered: [] });
    expect(world.taken.toSorted()).toEqual([2, 3, 4, 5]);
  });
});

describe("a log that does not", () => {
  test("is read after the lists, because what it still has is the newest", async () => {
    world.log = [5];
    expect(await from(cursorOf(2))).toEqual({ to: cursorOf(5), complete: true, messages: 4, uncovered: [] });
    expect(world.taken).toEqual([2, 3, 4, 5]);
  });

  test("brings what the lists do not have", async () => {
    world.log = [4, 5];
    world.said = [1, 2, 3, 5];
    expect(await from(cursorOf(2))).toMatchObject({ messages: 4, uncovered: [] });
    expect(world.taken).toEqual([2, 3, 5, 4]);
  });

  test("may be empty", async () => {
    world.log = [];
    expect(await from(cursorOf(2))).toMatchObject({ to: "", messages: 4, uncovered: [] });
  });

  test("may end before the cursor, on a restored server", async () => {
    expect(await from(cursorOf(8))).toMatchObject({ to: cursorOf(5), messages: 0, uncovered: [] });
  });

  test("is gone on with from where its pages were left", async () => {
    world.pageSize = 1;
    world.log = Array.from({ length: SWEEP_MAX_PAGES + 1 }, (_, i) => i + 3);
    expect(await from(cursorOf(2))).toMatchObject({ to: cursorOf(2 + SWEEP_MAX_PAGES), complete: false });
  });

  test("is left behind where it cannot be read: the lists were", async () => {
    world.garbage = [{ odd: true }];
    world.log = [5];
    expect(await from(cursorOf(2))).toMatchObject({ to: cursorOf(5), complete: false, uncovered: [] });
    expect(world.taken).toEqual([2, 3, 4, 5]);
  });
});

describe("an empty cursor", () => {
  test("is no proof that the log is whole; the lists are read from the floor", async () => {
    world.log = [5];
    expect(await from("")).toMatchObject({ to: cursorOf(5), uncovered: [] });
    expect(world.taken).toEqual([2, 3, 4, 5]);
  });

  test("that has no floor tells no time: the lists are not read, and that is said", async () => {
    world.facts.delete("floor");
    world.log = [4, 5];
    expect(await from("")).toEqual({
      to: cursorOf(5),
      complete: true,
      messages: 2,
      uncovered: [{ conversation: "wsp_1", reason: "no_time" }],
    });
    expect(world.asked).not.toContain("lists");
  });
});
