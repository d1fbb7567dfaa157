import { expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { Directory } from "../../../src/account/directory.ts";
import type { User } from "../../../src/clickclack/wire.ts";

/** A directory of a workspace whose list of members is too long to be read to its end. */
function directoryOf(bots: User[]) {
  const asked: (string | undefined)[] = [];
  const client = {
    memberById: async (_workspace: string, userId: string, role?: "bot") => {
      asked.push(role);
      return role === "bot" ? bots.find(({ id }) => id === userId) : undefined;
    },
  };
  const directory = new Directory({ client } as unknown as AccountContext);
  return { directory, asked };
}

test("a bot beyond the members that are read is found among the bots: it must not pass for a person", async () => {
  const bot = { id: "usr_bot", kind: "bot", display_name: "Bot", handle: "bot" };
  const { directory } = directoryOf([bot]);
  expect(await directory.member("wsp_1", "usr_bot")).toBe(bot);
});

test("whoever was found is remembered, and whoever was not is looked for again", async () => {
  const { directory, asked } = directoryOf([{ id: "usr_bot", kind: "bot", display_name: "", handle: "" }]);
  for (const userId of ["usr_bot", "usr_bot", "usr_1", "usr_1"]) await directory.member("wsp_1", userId);
  expect(asked).toHaveLength(6);
  expect(await directory.member("wsp_1", "usr_1")).toBeUndefined();
});
