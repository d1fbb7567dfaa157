import { expect, test } from "vitest";
import { sha256Hex } from "../../../src/domain/hash.ts";

test.each([
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["héllo 🙂", "a370fa04ece0ee9648384ed98cd25b0152481cbb5307eee35031c0dd6ab2f36a"],
])("the SHA-256 of %j is the one that everybody knows", async (text, hash) => {
  expect(await sha256Hex(text)).toBe(hash);
  expect(await sha256Hex(new TextEncoder().encode(text))).toBe(hash);
});
