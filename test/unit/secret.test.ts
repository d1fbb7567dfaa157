import { expect, it } from "vitest";
import { Secret } from "../../src/config/secret.ts";

it("never prints or serialises a secret's value", () => {
  const secret = new Secret("ccb_very_private");
  expect(`${secret} ${JSON.stringify({ secret })}`).toBe('[secret] {"secret":"[secret]"}');
  expect(secret.reveal()).toBe("ccb_very_private");
});
