import { describe, expect, test } from "vitest";
import page from "../../../docs/configuration.md?raw";
import { keysAt } from "../../../src/config/check.ts";

/** The keys of the schema. */
const PATHS = [
  ...leavesBelow([]).filter((path) => path.at(-1) !== "providers"),
  ...leavesBelow(["secrets", "providers", "<name>"]),
  ...leavesBelow(["channels", "clickclack", "groups", "<id>"]),
  ...leavesBelow(["edge", "accounts", "<id>"]),
];
/** Those that a table has, as the page writes them; an account's settings are those of the channel. */
const KEYS = PATHS.filter((path) => !isSaidInProse(path)).map(written);

/** Whole sections that are left alone, and the switches of plugins, of which only the order matters. */
function isSaidInProse(path: string[]): boolean {
  return (path.length === 1 && path[0] !== "bindings") || (path[0] === "plugins" && !path.includes("llm"));
}

function written(path: string[]): string {
  return path.join(".").replace("channels.clickclack.", "");
}

function leavesBelow(path: string[]): string[][] {
  const isSaidElsewhere = path.includes("groups") && path.at(-1) === "botLoopProtection";
  const keys = isSaidElsewhere ? [] : keysAt(path);
  return keys.length === 0 ? [path] : keys.flatMap((key) => leavesBelow([...path, key]));
}

/** A line of a table in which keys are listed, by the names of its columns. */
type Row = Record<string, string>;

/** Every such line of a page. */
function rowsOf(text: string): Row[] {
  const tables = text
    .split(/\n(?!\|)/)
    .map((part) => part.split("\n").filter((line) => line.startsWith("|")));
  return tables.flatMap(([head = "", , ...lines]) => {
    const columns = cellsOf(head);
    if (columns[0] !== "Key") return [];
    return lines.map((line) =>
      Object.fromEntries(cellsOf(line).map((cell, index) => [columns[index], cell])),
    );
  });
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** What is missing in a page. */
function gapsIn(text: string): string[] {
  const rows = rowsOf(text);
  const keys = new Set(rows.map((row) => row.Key));
  const differing = rows.filter((row) => !row.Key?.startsWith("`edge."));
  return [
    ...KEYS.filter((key) => !keys.has(`\`${key}\``)),
    ...PATHS.map(written).filter((key) => !text.includes(`\`${key}\``)),
    ...rows.filter((row) => !row.Meaning).map((row) => `${row.Key} has no meaning`),
    ...rows.filter((row) => !row.Default).map((row) => `${row.Key} has no default`),
    ...differing
      .filter((row) => !Object.keys(row).some((column) => column.startsWith("Differs")))
      .map((row) => `${row.Key} does not say how it differs`),
    ...(keys.size < rows.length ? ["a key is said twice"] : []),
    ...(/not yet/i.test(text) ? ["something is not there yet"] : []),
  ];
}

test("the configuration page has every key of the schema, with its default and how it differs", () => {
  expect(KEYS).toContain("botLoopProtection.windowSeconds");
  expect(KEYS).toContain("messages.groupChat.mentionPatterns");
  expect(rowsOf(page).length).toBeGreaterThan(70);
  expect(gapsIn(page)).toEqual([]);
});

describe("the check of the page notices", () => {
  const row = page.split("\n").find((line) => line.startsWith("| `allowFrom` |")) ?? "";

  test.each([
    ["a key that has no row", `${row}\n`, "", ["allowFrom"]],
    ["a row without a default", row, "| `allowFrom` | User ids | | |", ["`allowFrom` has no default"]],
    [
      "a row that ends too early",
      row,
      "| `allowFrom` | User ids |",
      ["`allowFrom` has no default", "`allowFrom` does not say how it differs"],
    ],
    ["a key that is promised", "## Secrets", "Not yet: secrets", ["something is not there yet"]],
    ["a key that is said twice", row, `${row}\n${row}`, ["a key is said twice"]],
  ])("%s", (_, before, after, gaps) => {
    expect(page).toContain(before);
    expect(gapsIn(page.replace(before, after))).toEqual(gaps);
  });
});
