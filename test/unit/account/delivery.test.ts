import { describe, expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { type Delivery, deliver } from "../../../src/account/delivery.ts";
import type { Postable } from "../../../src/account/outbox.ts";
import { ClickClackError, type ClickClackFailure } from "../../../src/clickclack/errors.ts";

/** How a call goes: a message's id, nothing there, or a failure. */
type Answer = string | undefined | ClickClackFailure;

const FAILURES: Answer[] = [
  "unavailable",
  "throttled",
  "forbidden",
  "missing_scope",
  "nonce_conflict",
  "not_clickclack",
];

/**
 * Delivers one item to a ClickClack that answers so.
 *
 * @param attempts failed before
 * @param byNonce answers to by-nonce, one a call
 * @param posted answers to posts, one a call
 * @returns what came of it, and the calls that were made, in order
 */
async function delivered(attempts: number, byNonce: Answer[], posted: Answer[]) {
  const calls: string[] = [];
  const next = (operation: string, answers: Answer[]) => {
    calls.push(operation);
    if (answers.length === 0) throw new Error(`nobody expected ${operation}`);
    const answer = answers.shift();
    if (answer !== undefined && FAILURES.includes(answer))
      throw new ClickClackError(operation, answer as ClickClackFailure, 400, answer);
    return answer;
  };
  const client = {
    post: async () => next("post", posted),
    messageByNonce: async (workspaceId: string, nonce: string) => {
      expect([workspaceId, nonce]).toEqual(["wsp_1", "nonce 1"]);
      const id = next("by-nonce", byNonce);
      return id === undefined ? undefined : { id };
    },
  };
  const outbox = { failedOnce: (nonce: string) => calls.push(`failed ${nonce}`) };
  const item: Postable = {
    nonce: "nonce 1",
    place: { kind: "channel", channelId: "chn_1" },
    text: "text",
    attempts,
    requestHash: "hash",
  };
  const delivery = await deliver({ client, outbox } as unknown as AccountContext, "wsp_1", item);
  return { how: inWords(delivery), calls };
}

function inWords(delivery: Delivery): string {
  switch (delivery.kind) {
    case "sent":
      return `sent ${delivery.messageId}`;
    case "refused":
      return `refused ${delivery.error.failure}`;
    case "retry":
      return "retry";
  }
}

describe("a first post", () => {
  test.each<[name: string, posted: Answer, byNonce: Answer[], how: string, calls: string[]]>([
    ["is made without a question", "msg_1", [], "sent msg_1", ["post"]],
    ["that is refused is not there", "forbidden", [], "refused forbidden", ["post"]],
    ["that got no answer is tried again", "unavailable", [], "retry", ["post", "failed nonce 1"]],
    ["in conflict is looked for", "nonce_conflict", ["msg_1"], "sent msg_1", ["post", "by-nonce"]],
    [
      "in conflict and not there is refused",
      "nonce_conflict",
      [undefined],
      "refused nonce_conflict",
      ["post", "by-nonce"],
    ],
    [
      "in conflict is tried again when nobody can tell now",
      "nonce_conflict",
      ["unavailable"],
      "retry",
      ["post", "by-nonce", "failed nonce 1"],
    ],
  ])("%s", async (_name, posted, byNonce, how, calls) => {
    expect(await delivered(0, byNonce, [posted])).toEqual({ how, calls });
  });
});

describe("a post that may have gone through", () => {
  test.each<[name: string, byNonce: Answer[], posted: Answer[], how: string, calls: string[]]>([
    ["is not made again when it is there", ["msg_1"], [], "sent msg_1", ["by-nonce"]],
    ["is made again when it is not", [undefined], ["msg_2"], "sent msg_2", ["by-nonce", "post"]],
    ["waits while nobody can tell", ["throttled"], [], "retry", ["by-nonce", "failed nonce 1"]],
    [
      "is made again under its nonce when nobody may ask",
      ["missing_scope"],
      ["msg_1"],
      "sent msg_1",
      ["by-nonce", "post"],
    ],
    [
      "is made again under its nonce on a server that cannot be asked",
      ["not_clickclack"],
      ["msg_1"],
      "sent msg_1",
      ["by-nonce", "post"],
    ],
    [
      "is found after a refusal when it came late",
      [undefined, "msg_1"],
      ["forbidden"],
      "sent msg_1",
      ["by-nonce", "post", "by-nonce"],
    ],
    [
      "is refused when it is not there after a refusal either",
      [undefined, undefined],
      ["forbidden"],
      "refused forbidden",
      ["by-nonce", "post", "by-nonce"],
    ],
    [
      "is tried again when it got no answer again",
      [undefined],
      ["unavailable"],
      "retry",
      ["by-nonce", "post", "failed nonce 1"],
    ],
  ])("%s", async (_name, byNonce, posted, how, calls) => {
    expect(await delivered(1, byNonce, posted)).toEqual({ how, calls });
  });
});
