import { expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import type { Identity } from "../../../src/account/facts.ts";
import { explained } from "../../../src/account/token-refusal.ts";
import { ClickClackError } from "../../../src/clickclack/errors.ts";

const REFUSED = new ClickClackError("me", "unauthorized", 401, "authentication required");
const IDENTITY = {
  workspaceId: "wsp_1",
  botUserId: "usr_bot",
  owner: { id: "usr_ada", handle: "ada", name: "Ada" },
} as Identity;

/** A bot that sees these members, by handle. */
function witnessOf(members: Record<string, string>) {
  return {
    memberByHandle: async (_workspace: string, handle: string) => {
      const id = members[handle];
      return id === undefined ? undefined : { id };
    },
    memberById: async (_workspace: string, id: string) =>
      Object.values(members).includes(id) ? { id } : undefined,
  };
}

const reasonSeenBy = async (members: Record<string, string>) => {
  const context = { witnesses: () => [witnessOf(members)] } as unknown as AccountContext;
  return ((await explained(context, REFUSED, IDENTITY)) as { reason: string }).reason;
};

test.each<[name: string, members: Record<string, string>, reason: string]>([
  ["an owner who is there", { ada: "usr_ada", bot: "usr_bot" }, "token_revoked"],
  ["an owner with a new handle", { lovelace: "usr_ada", bot: "usr_bot" }, "token_revoked"],
  [
    "an owner whose old handle is another's",
    { lovelace: "usr_ada", ada: "usr_ben", bot: "usr_bot" },
    "token_revoked",
  ],
  ["an owner who left, and whose handle is another's", { ada: "usr_ben", bot: "usr_bot" }, "owner_left"],
  ["an owner who left", { bot: "usr_bot" }, "owner_left"],
  ["a bot that was removed", { ada: "usr_ada" }, "bot_removed"],
])("a token that is refused, with %s", async (_name, members, reason) => {
  expect(await reasonSeenBy(members)).toBe(reason);
});

test.each([new ClickClackError("me", "unavailable", 503, "down"), new Error("ours")])(
  "anything else is nobody's refusal: %s",
  async (error) => {
    expect(await explained({ witnesses: () => [] } as unknown as AccountContext, error, IDENTITY)).toBe(
      error,
    );
  },
);
