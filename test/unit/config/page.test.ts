import { expect, test } from "vitest";
import page from "../../../docs/configuration.md?raw";
import { keysAt } from "../../../src/config/check.ts";

/** The keys of the schema as the page writes them; an account's settings are those of the channel. */
const KEYS = [
  ...leavesBelow([]).filter((path) => path.at(-1) !== "providers"),
  ...leavesBelow(["secrets", "providers", "<name>"]),
  ...leavesBelow(["channels", "clickclack", "groups", "<id>"]),
  ...leavesBelow(["edge", "accounts", "<id>"]),
].map((path) => path.join(".").replace("channels.clickclack.", ""));

function leavesBelow(path: string[]): string[][] {
  const isSaidElsewhere = path.includes("groups") && path.at(-1) === "botLoopProtection";
  const keys = isSaidElsewhere ? [] : keysAt(path);
  return keys.length === 0 ? [path] : keys.flatMap((key) => leavesBelow([...path, key]));
}

test("the configuration page names every key of the schema", () => {
  expect(KEYS).toContain("botLoopProtection.windowSeconds");
  expect(KEYS.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});
