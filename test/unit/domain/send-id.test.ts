import { expect, test } from "vitest";
import { formatSendId, parseSendId, SEND_HEX_CHARS } from "../../../src/domain/send-id.ts";

const HEX = "0123456789abcdef01234567";

test.each(["default", "a", "a_b", "my_bot-2", "snd_x", `a_${HEX}`, "a".repeat(64)])(
  "the id of a send of account %s leads to it",
  (accountId) => {
    expect(HEX).toHaveLength(SEND_HEX_CHARS);
    const id = formatSendId({ accountId, hex: HEX });
    expect(id).toBe(`snd_${accountId}_${HEX}`);
    expect(parseSendId(id)).toEqual({ accountId, hex: HEX });
  },
);

test.each([
  "",
  "snd_",
  `snd_${HEX}`,
  `snd__${HEX}`,
  `snd_default_${HEX.slice(1)}`,
  `snd_default_x${HEX.slice(1)}`,
  `snd_default_${HEX.toUpperCase()}`,
  `snd_Default_${HEX}`,
  `snd_de:fault_${HEX}`,
  `snd_${"a".repeat(65)}_${HEX}`,
  `msg_default_${HEX}`,
  ` snd_default_${HEX}`,
  `snd_default_${HEX}\n`,
])("%j is the id of no send", (text) => {
  expect(parseSendId(text)).toBeUndefined();
});
