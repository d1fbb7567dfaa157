import { expect, test } from "vitest";
import {
  isOwnNonce,
  isSendNonce,
  noticeNonce,
  repliedTo,
  replyNonce,
  sendNonce,
  sendNoncePrefix,
  sendOfNonce,
  uploadNonce,
} from "../../../src/domain/nonce.ts";
import { SEND_HEX_CHARS } from "../../../src/domain/send-id.ts";
import { ATTEMPTS_MAX, COMPLETION_TEXT_MAX_CHARS, MESSAGE_TEXT_MAX_CHARS } from "../../../src/limits.ts";
import { MEDIA_MAX } from "../../../src/limits-media.ts";

const LONGEST_ACCOUNT = "a".repeat(64);
const MESSAGE = "msg_01m81fgk3he1kgwgmax38sphh5";
const HEX = "0123456789abcdef01234567";
const SEND = { accountId: "peter", hex: HEX };
const HASH = "0123456789abcdef".repeat(4);

test("a nonce fits ClickClack's 128 characters for the longest account and the last part", () => {
  const parts = Math.ceil(COMPLETION_TEXT_MAX_CHARS / (MESSAGE_TEXT_MAX_CHARS / 2));
  expect(replyNonce(LONGEST_ACCOUNT, MESSAGE, parts).length).toBeLessThanOrEqual(128);
  expect(HEX).toHaveLength(SEND_HEX_CHARS);
  const send = sendNonce({ accountId: LONGEST_ACCOUNT, hex: HEX }, HASH);
  expect(send.length).toBeLessThanOrEqual(128);
  expect(uploadNonce(send, MEDIA_MAX).length).toBeLessThanOrEqual(128);
});

test("the same part of the same reply always has the same nonce", () => {
  const again = Array.from({ length: ATTEMPTS_MAX }, () => replyNonce("peter", MESSAGE, 0));
  expect(new Set(again)).toEqual(new Set([`edge:reply:peter:${MESSAGE}:0`]));
});

test("the same send of the same request always has the same nonce", () => {
  expect(sendNonce(SEND, HASH)).toBe(`edge:send:peter:${HEX}:0123456789abcdef`);
  expect(sendNonce({ ...SEND }, HASH)).toBe(sendNonce(SEND, HASH));
});

test("the same file of the same request always has the same nonce, and another file another", () => {
  const send = sendNonce(SEND, HASH);
  expect(uploadNonce(send, 3)).toBe(`edge:upload:peter:${HEX}:0123456789abcdef:3`);
  const others = [
    sendNonce(SEND, HASH.replaceAll("0", "f")),
    sendNonce({ ...SEND, accountId: "rosie" }, HASH),
  ];
  const nonces = [send, ...others].flatMap((nonce) => [uploadNonce(nonce, 0), uploadNonce(nonce, 1)]);
  expect(new Set(nonces).size).toBe(nonces.length);
});

test("account, message, part, request and purpose each make another nonce", () => {
  const nonces = [
    replyNonce("peter", MESSAGE, 0),
    replyNonce("rosie", MESSAGE, 0),
    replyNonce("peter", MESSAGE.replace("5", "6"), 0),
    replyNonce("peter", MESSAGE, 1),
    sendNonce(SEND, HASH),
    sendNonce({ ...SEND, hex: HEX.replace("0", "f") }, HASH),
    sendNonce({ ...SEND, accountId: "rosie" }, HASH),
    sendNonce(SEND, HASH.replaceAll("0", "f")),
  ];
  expect(new Set(nonces).size).toBe(nonces.length);
});

test("what is sent under one id is found by what its nonce begins with, and nothing else is", () => {
  const prefix = sendNoncePrefix(SEND);
  expect(sendNonce(SEND, HASH).startsWith(prefix)).toBe(true);
  expect(sendNonce({ ...SEND, hex: `${HEX.slice(1)}8` }, HASH).startsWith(prefix)).toBe(false);
  expect(sendNonce({ ...SEND, accountId: "pete" }, HASH).startsWith(prefix)).toBe(false);
});

test("a reply's nonce leads back to its question, and no other's does", () => {
  expect(repliedTo("peter", replyNonce("peter", MESSAGE, 3))).toBe(MESSAGE);
  const others = [replyNonce("rosie", MESSAGE, 0), noticeNonce("peter", MESSAGE), sendNonce(SEND, HASH), "x"];
  expect(others.map((nonce) => repliedTo("peter", nonce))).toEqual(others.map(() => undefined));
  expect(others.map(isSendNonce)).toEqual([false, false, true, false]);
});

test("a nonce leads back to its send", () => {
  expect(sendOfNonce(sendNonce(SEND, HASH))).toEqual(SEND);
});

test("an account's own nonces are told from those of others, also where one name begins like another", () => {
  const own = [replyNonce("peter", MESSAGE, 0), noticeNonce("peter", MESSAGE), sendNonce(SEND, HASH)];
  expect(own.map((nonce) => isOwnNonce("peter", nonce))).toEqual([true, true, true]);
  const others = [
    replyNonce("peterson", MESSAGE, 0),
    replyNonce("pete", MESSAGE, 0),
    "human-1",
    "edge:reply:",
    "",
  ];
  expect(others.map((nonce) => isOwnNonce("peter", nonce))).toEqual([false, false, false, false, false]);
});
