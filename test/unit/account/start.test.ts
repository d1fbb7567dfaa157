import { afterEach, expect, test, vi } from "vitest";
import { startAccounts } from "../../../src/account/start.ts";
import { loadConfig } from "../../../src/config/load.ts";
import type { Env } from "../../../src/env.ts";

afterEach(() => vi.restoreAllMocks());

test("what of a configuration is passed over stands in the log, once", async () => {
  const lines: unknown[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => void lines.push(JSON.parse(line)));
  const document = {
    channels: { clickclack: { enabled: true, mentionPatterns: ["(a+)+"], accounts: { a: {} } } },
  };
  const loaded = loadConfig(JSON.stringify(document), {});
  // Without an address and a token there is nothing to bring up.
  for (const _ of [1, 2]) await startAccounts(loaded, {} as Env);
  expect(lines).toEqual([
    {
      event: "config:warned",
      path: "channels.clickclack.mentionPatterns[0]",
      found: expect.stringContaining("unsafe-nested-repetition"),
      mend: expect.any(String),
    },
  ]);
});
