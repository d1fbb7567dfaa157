import { describe, expect, test } from "vitest";
import {
  type Conversation,
  conversationKey,
  conversationOf,
  type Placement,
} from "../../../src/domain/conversation.ts";

describe("the conversation of a message", () => {
  test.each<[string, Placement, Conversation | undefined, string?]>([
    ["in a channel", { channelId: "chn_1" }, { kind: "channel", channelId: "chn_1" }, "chn_1"],
    ["in a direct conversation", { dmId: "dm_1" }, { kind: "dm", dmId: "dm_1" }, "dm_1"],
    [
      "in a channel's thread",
      { channelId: "chn_1", threadRootId: "msg_1" },
      { kind: "thread", rootId: "msg_1", channelId: "chn_1" },
      "msg_1",
    ],
    [
      "in a direct conversation's thread",
      { dmId: "dm_1", threadRootId: "msg_1" },
      { kind: "thread", rootId: "msg_1", dmId: "dm_1" },
      "msg_1",
    ],
    ["in a thread of nothing known", { threadRootId: "msg_1" }, { kind: "thread", rootId: "msg_1" }, "msg_1"],
    ["in both, which is direct", { channelId: "chn_1", dmId: "dm_1" }, { kind: "dm", dmId: "dm_1" }, "dm_1"],
    ["in no place, as a workspace's", {}, undefined],
  ])("%s", (_where, place, conversation, key) => {
    const found = conversationOf(place);
    // Strict: an absent field is absent, because what is found is stored as JSON and spread into calls.
    expect(found).toStrictEqual(conversation);
    expect(found && conversationKey(found)).toBe(key);
  });
});

test("a thread and the channel it hangs in are two conversations", () => {
  const root = conversationOf({ channelId: "chn_1" });
  const reply = conversationOf({ channelId: "chn_1", threadRootId: "msg_1" });
  expect(root && conversationKey(root)).not.toBe(reply && conversationKey(reply));
});
