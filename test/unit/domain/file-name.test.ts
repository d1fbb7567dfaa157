import { describe, expect, it } from "vitest";
import { fileNameOf, isFileName } from "../../../src/domain/file-name.ts";

describe("the name of a file at an address", () => {
  it.each([
    ["https://example.com/a/b.png?c=d.txt#e.gif", "b.png"],
    ["https://example.com/a/b.png/", "b.png"],
    ["https://example.com/%C3%9Cber%20uns.pdf", "Über uns.pdf"],
    ["https://example.com/%E0%A4%A.png", "%E0%A4%A.png"],
    ["https://example.com/..%2F..%2Fetc%2Fpasswd", ".._.._etc_passwd"],
    ["https://example.com/a%0D%0Ab%00.txt", "a__b_.txt"],
    ["https://example.com/a%5Cb", "a_b"],
    ["https://example.com/%2E%2E%2F", ".._"],
    ["https://example.com/%20/", "file"],
    ["https://example.com/", "file"],
    ["https://example.com", "file"],
    [`https://example.com/${"x".repeat(300)}.png`, `${"x".repeat(16)}.png`],
  ])("%s is %s", (url, name) => {
    expect(fileNameOf(new URL(url), 20)).toBe(name);
    expect(isFileName(name)).toBe(true);
  });
});

it.each(["", " ", ".", "..", "a/b", "a\\b", "a\nb", "\0", "a\x7f", "\x85"])(
  "%j is no name of a file",
  (text) => {
    expect(isFileName(text)).toBe(false);
  },
);

it.each(["a", "...", ".profile", 'with "quotes"', "表.txt"])("%j is a name of a file", (text) => {
  expect(isFileName(text)).toBe(true);
});
