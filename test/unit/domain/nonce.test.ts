import { expect, test } from "vitest";
import { replyNonce, sendNonce, sendNoncePrefix } from "../../../src/domain/nonce.ts";
import { ATTEMPTS_MAX, COMPLETION_TEXT_MAX_CHARS, MESSAGE_TEXT_MAX_CHARS } from "../../../src/limits.ts";

const LONGEST_ACCOUNT = "a".repeat(64);
const MESSAGE = "msg_01m81fgk3he1kgwgmax38sphh5";
/** As long as a send's id may be. */
const SEND = `snd_${"0123456789abcdef01234567"}`;
const HASH = "0123456789abcdef".repeat(4);

test("a nonce fits ClickClack's 128 characters for the longest account and the last part", () => {
  const parts = Math.ceil(COMPLETION_TEXT_MAX_CHARS / (MESSAGE_TEXT_MAX_CHARS / 2));
  expect(replyNonce(LONGEST_ACCOUNT, MESSAGE, parts).length).toBeLessThanOrEqual(128);
  expect(SEND).toHaveLength(28);
  expect(sendNonce(LONGEST_ACCOUNT, SEND, HASH).length).toBeLessThanOrEqual(128);
});

test("the same part of the same reply always has the same nonce", () => {
  const again = Array.from({ length: ATTEMPTS_MAX }, () => replyNonce("peter", MESSAGE, 0));
  expect(new Set(again)).toEqual(new Set([`edge:reply:peter:${MESSAGE}:0`]));
});

test("the same send of the same request always has the same nonce", () => {
  expect(sendNonce("peter", SEND, HASH)).toBe(`edge:send:peter:${SEND}:0123456789abcdef`);
  expect(sendNonce("peter", SEND, HASH)).toBe(sendNonce("peter", SEND, HASH));
});

test("account, message, part, request and purpose each make another nonce", () => {
  const nonces = [
    replyNonce("peter", MESSAGE, 0),
    replyNonce("rosie", MESSAGE, 0),
    replyNonce("peter", MESSAGE.replace("5", "6"), 0),
    replyNonce("peter", MESSAGE, 1),
    sendNonce("peter", MESSAGE, HASH),
    sendNonce("peter", SEND, HASH),
    sendNonce("rosie", SEND, HASH),
    sendNonce("peter", SEND, HASH.replaceAll("0", "f")),
  ];
  expect(new Set(nonces).size).toBe(nonces.length);
});

test("what is sent under one id is found by what its nonce begins with, and nothing else is", () => {
  const prefix = sendNoncePrefix("peter", "snd_1");
  expect(sendNonce("peter", "snd_1", HASH).startsWith(prefix)).toBe(true);
  expect(sendNonce("peter", "snd_12", HASH).startsWith(prefix)).toBe(false);
  expect(sendNonce("pete", "snd_1", HASH).startsWith(prefix)).toBe(false);
});
