import { describe, expect, test } from "vitest";
import { replyText } from "../../../src/openclaw/reply.ts";

describe("the text to post", () => {
  test.each([
    ["pong", "pong"],
    ["\n\n pong \n", "pong"],
    ["An actual answer\n\nNO_REPLY", "An actual answer"],
    ["An actual answer\nno_reply\n \n", "An actual answer"],
    ["An actual answer\r\nNO_REPLY\r\n", "An actual answer"],
    ["a\nNO_REPLY\n\n  NO_REPLY  ", "a"],
    ["a\nNO_REPLY\nb", "a\nNO_REPLY\nb"],
    ["I say NO_REPLY", "I say NO_REPLY"],
    ["NO_REPLY is what I say", "NO_REPLY is what I say"],
    ["NO_REPLY\n\nafter all", "NO_REPLY\n\nafter all"],
    ["HEARTBEAT_OK", "HEARTBEAT_OK"],
    ["No response from OpenClaw. Or is there?", "No response from OpenClaw. Or is there?"],
    ["internal error", "internal error"],
    ["  indented\n    code", "indented\n    code"],
  ])("of %j is %j", (completion, text) => {
    expect(replyText(completion)).toBe(text);
  });
});

describe("there is nothing to post", () => {
  test.each([
    "",
    " \n\t ",
    "NO_REPLY",
    "no_reply",
    "\nNo_Reply \n",
    "NO_REPLY\n\nNO_REPLY",
    "No response from OpenClaw.",
    "\nNo response from OpenClaw.\n",
    "No response from OpenClaw.\nNO_REPLY",
  ])("of %j", (completion) => {
    expect(replyText(completion)).toBeUndefined();
  });
});
