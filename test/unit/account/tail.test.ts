import { describe, expect, test } from "vitest";
import { takeTail } from "../../../src/account/tail.ts";

/** A log whose tail is asked for several times, and the events that its pages show. */
function log(tails: string[], shown: string[]) {
  return {
    tail: async () => tails.shift() ?? "unasked",
    holdsEvent: async (_workspaceId: string, cursor: string) => shown.includes(cursor),
  };
}

describe("the tail", () => {
  test.each([
    ["is an event that pages show", ["cur_1"], ["cur_1"], "cur_1", false],
    ["is none of an empty log", [""], [], "", false],
    ["may be an event that no page shows", ["cur_1", "cur_1"], [], "cur_1", true],
    ["is another one when its event was pruned meanwhile", ["cur_1", "cur_2"], ["cur_2"], "cur_2", false],
    ["is none when everything was pruned meanwhile", ["cur_1", ""], [], "", false],
  ])("%s", async (_what, tails, shown, cursor, isHidden) => {
    expect(await takeTail(log(tails, shown), "wsp_1")).toEqual({ cursor, isHidden });
  });
});
