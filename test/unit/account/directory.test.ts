import { expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { Directory } from "../../../src/account/directory.ts";
import type { ClickClackClient } from "../../../src/clickclack/client.ts";
import type { User } from "../../../src/clickclack/wire.ts";

/** A workspace whose list of members is too long to be read to its end, and a directory that knows nothing yet. */
function workspaceOf(bots: User[]) {
  const asked: (string | undefined)[] = [];
  const client = {
    memberById: async (_workspace: string, userId: string, role?: "bot") => {
      asked.push(role);
      return role === "bot" ? bots.find(({ id }) => id === userId) : undefined;
    },
  } as unknown as ClickClackClient;
  return { directory: new Directory({} as AccountContext), client, asked };
}

test("a bot beyond the members that are read is found among the bots: it must not pass for a person", async () => {
  const bot = { id: "usr_bot", kind: "bot", display_name: "Bot", handle: "bot" };
  const { directory, client } = workspaceOf([bot]);
  expect(await directory.member(client, "wsp_1", "usr_bot")).toBe(bot);
});

test("whoever was found is remembered, and whoever was not is looked for again", async () => {
  const { directory, client, asked } = workspaceOf([
    { id: "usr_bot", kind: "bot", display_name: "", handle: "" },
  ]);
  for (const userId of ["usr_bot", "usr_bot", "usr_1", "usr_1"])
    await directory.member(client, "wsp_1", userId);
  expect(asked).toHaveLength(6);
  expect(await directory.member(client, "wsp_1", "usr_1")).toBeUndefined();
});
