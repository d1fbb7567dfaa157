import { expect, test } from "vitest";
import type { Cause } from "../../../src/account/cause.ts";
import type { EndReason } from "../../../src/account/turn-row.ts";
import { type Reason, reasonWords } from "../../../src/domain/reasons.ts";

/** Does not compile while a reason has no words. */
const everyReason = (reason: EndReason | Cause["reason"]): Reason => reason;

test("has words for what ends a message without an answer, and how to mend it", () => {
  expect(reasonWords(everyReason("not_mentioned"))).toEqual([
    "it does not mention the bot",
    expect.stringContaining("requireMention"),
  ]);
  expect(reasonWords(everyReason("no_reply"))).toEqual(["the agent chose to say nothing"]);
});

test.each(["", "colour", "constructor", "__proto__"])("has none for %j", (word) => {
  expect(reasonWords(word)).toBeUndefined();
});
