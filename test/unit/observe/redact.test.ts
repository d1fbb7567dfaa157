import { describe, expect, test } from "vitest";
import { errorText, redact } from "../../../src/observe/redact.ts";

const ULID = "01m81fgk3he1kgwgmax38sphh5";

describe("blanks", () => {
  test.each([
    ["a bot token", `bad token ccb_${ULID}.`, "bad token [secret]."],
    ["a session token", `cookie cc_session=sst_${ULID};`, "cookie cc_session=[secret];"],
    ["a signing secret", `"ccs_${ULID}"`, '"[secret]"'],
    ["a magic link's token", `https://chat.example.com/#mgt_${ULID}`, "https://chat.example.com/#[secret]"],
    ["a token in upper case", `CCB_${ULID.toUpperCase()}`, "[secret]"],
    ["every token", `ccb_${ULID} ccb_${ULID}`, "[secret] [secret]"],
    [
      "a gateway token after its scheme",
      "Authorization: Bearer s3cr.et/+=",
      "Authorization: Bearer [secret]",
    ],
    [
      "what follows the scheme in any case",
      "authorization: bearer\t s3cret x",
      "authorization: bearer [secret] x",
    ],
    ["a ClickClack token after its scheme", `Bearer ccb_${ULID}`, "Bearer [secret]"],
  ])("%s", (_what, text, safe) => {
    expect(redact(text)).toBe(safe);
  });
});

describe("leaves", () => {
  test.each([
    ["ids", `msg_${ULID} usr_${ULID} btok_${ULID}`],
    ["a word that only begins like a token", "ccb_x is a name"],
    ["the scheme without a value", "send it as Bearer"],
    ["line breaks and quotes", 'a "b"\nc'],
  ])("%s", (_what, text) => {
    expect(redact(text)).toBe(text);
  });
});

test("cuts a text after 500 characters and says so", () => {
  expect(redact("x".repeat(500))).toBe("x".repeat(500));
  expect(redact("x".repeat(501))).toBe(`${"x".repeat(500)}…`);
});

test("blanks before it cuts, so that no piece of a token stays at the end", () => {
  const text = redact(`${"x".repeat(490)} ccb_${ULID} and more text`);
  expect(text).toBe(`${"x".repeat(490)} [secret] …`);
});

test("the text of anything thrown is safe", () => {
  expect(errorText(new TypeError(`fetch failed: Bearer ccb_${ULID}`))).toBe("fetch failed: Bearer [secret]");
  expect(errorText(`ccb_${ULID}`)).toBe("[secret]");
  expect(errorText(undefined)).toBe("undefined");
  expect(errorText({ toString: () => `sst_${ULID}` })).toBe("[secret]");
});
