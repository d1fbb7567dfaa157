import { readFile } from "node:fs/promises";
import JSON5 from "json5";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Json5Document } from "../../cli/setup/json5-document.ts";
import { allNodes, scan } from "../../cli/setup/json5-scan.ts";
import { Random } from "../../sandbox/chaos/random.ts";
import { nastyDocument } from "./setup-nasty-document.ts";

const REFERENCE = { source: "env", provider: "default", id: "NAME" };
const DOCUMENTS = 1_500;

// json5 warns of a line separator within quotes.
beforeAll(() => void vi.spyOn(console, "warn").mockImplementation(() => {}));
afterAll(() => vi.restoreAllMocks());

describe("of any document", () => {
  test.for(seeds())("everything is found where json5 finds it (%i)", ([from, to]) => {
    for (const { seed, text } of documents(from, to)) {
      const root = scan(text);
      for (const node of allNodes(root)) {
        const value: unknown = JSON5.parse(text.slice(node.start, node.end));
        if (node.kind !== "object") continue;
        const keys = new Set(node.entries.map(({ key }) => key));
        expect([...keys].sort(), `${seed}: ${text}`).toEqual(Object.keys(value as object).sort());
      }
    }
  });

  test.for(seeds())("what is added changes nothing else, not even a comment (%i)", ([from, to]) => {
    for (const { seed, text, comments } of documents(from, to)) {
      const document = new Json5Document(text);
      const path = pathIn(JSON5.parse(text), new Random(seed), ["new", "key", "deep"]);
      const before = document.get(path.slice(0, 1));
      document.set(path, { token: REFERENCE, allowFrom: ["*"], name: "it's" });
      const why = `${seed}: ${text}\n→\n${document.text}`;
      expect(document.get(path), why).toEqual({ token: REFERENCE, allowFrom: ["*"], name: "it's" });
      if (path.length > 3) expect(document.get(path.slice(0, 1)), why).toMatchObject(before as object);
      expect(isWithin(text, document.text), why).toBe(true);
      for (const comment of comments) expect(document.text.split(comment), why).toHaveLength(2);
      expect(document.set(path, { token: REFERENCE, allowFrom: ["*"], name: "it's" }), why).toBe(false);
    }
  });

  test.for(seeds())(
    "a value is changed, a key taken out or moved, and all comments stay (%i)",
    ([from, to]) => {
      for (const { seed, text, comments } of documents(from, to)) {
        const value = JSON5.parse(text) as Record<string, unknown>;
        const keys = Object.keys(value);
        if (keys.length === 0) continue;
        const random = new Random(seed);
        const [changed = "", ...others] = random.deal(keys, keys.length);
        const document = new Json5Document(text);
        document.set([changed], REFERENCE);
        document.move([], others, ["moved", "here"]);
        const why = `${seed}: ${text}\n→\n${document.text}`;
        const moved = Object.fromEntries(others.map((key) => [key, value[key]]));
        expect(JSON5.parse(document.text), why).toEqual({ [changed]: REFERENCE, moved: { here: moved } });
        // Of a key that stands there twice, the one that does not count goes, with what is in it.
        const isTwice = entriesOf(text).length > keys.length;
        const kept = comments.filter((comment) => !isTwice && !spanOf(text, changed).includes(comment));
        for (const comment of kept) expect(document.text.split(comment), why).toHaveLength(2);
        document.remove([changed]);
        expect(JSON5.parse(document.text), why).toEqual({ moved: { here: moved } });
      }
    },
  );
});

test("the document of the repository keeps its lines", async () => {
  const text = await readFile(new URL("../../openclaw.json5", import.meta.url), "utf8");
  const document = new Json5Document(text);
  document.set(["channels", "clickclack", "baseUrl"], "https://chat.example.com");
  document.set(["channels", "clickclack", "agentId"], "scout");
  expect(differing(text, document.text)).toEqual([
    '-      baseUrl: "https://app.clickclack.chat", // where people open ClickClack',
    '+      baseUrl: "https://chat.example.com", // where people open ClickClack',
    '+      agentId: "scout",',
  ]);
});

test("a gateway's plain JSON stays plain JSON", () => {
  const text = JSON.stringify({ plugins: { allow: ["a"] }, channels: { clickclack: {} } }, undefined, "\t");
  const document = new Json5Document(text);
  document.append(["plugins", "allow"], "clickclack");
  document.set(["channels", "clickclack", "token"], REFERENCE);
  document.set(["plugins", "entries", "clickclack", "llm"], { allowAgentIdOverride: true });
  expect(JSON.parse(document.text)).toEqual({
    plugins: { allow: ["a", "clickclack"], entries: { clickclack: { llm: { allowAgentIdOverride: true } } } },
    channels: { clickclack: { token: REFERENCE } },
  });
  expect(document.text).toContain('\n\t\t"clickclack": {\n\t\t\t"token": { "source": "env",');
});

test("plain JSON stays plain JSON when its last key goes", () => {
  const document = new Json5Document(JSON.stringify({ a: 1, b: { c: 1, d: 2 }, e: 3 }, undefined, 2));
  for (const path of [["b", "d"], ["e"], ["b", "c"]]) {
    document.remove(path);
    expect(() => JSON.parse(document.text)).not.toThrow();
  }
  expect(document.text).toBe('{\n  "a": 1,\n  "b": {\n  }\n}');
});

test("what is added is written like the rest", () => {
  const document = new Json5Document("{\r\n    a: 'x', // one\r\n    'b': {\r\n    }\r\n}\r\n");
  document.set(["b", "c"], ["y"]);
  document.set(["d"], "it's");
  expect(document.text).toBe(
    "{\r\n    a: 'x', // one\r\n    'b': {\r\n        c: ['y']\r\n    },\r\n    d: 'it\\'s'\r\n}\r\n",
  );
});

test("an empty document, with or without a word in it, is begun", () => {
  const begun = "\n  a: {\n    b: 1,\n    c: {},\n  },\n}";
  for (const [empty, head] of [
    ["{}", "{"],
    ["{ }", "{"],
    ["{ /* why */ }", "{ /* why */"],
    ["{\n  // why\n}", "{\n  // why"],
  ] as const) {
    const document = new Json5Document(empty);
    document.set(["a"], { b: 1, c: {} });
    expect(document.text).toBe(`${head}${begun}`);
  }
});

test("a change that would come out as another document is refused, and nothing changes", () => {
  const document = new Json5Document("{ a: [1] }");
  expect(() => document.set(["a", "b"], 1)).toThrow("a is no object");
  expect(() => document.append(["b"], 1)).toThrow("b is no list");
  expect(document.text).toBe("{ a: [1] }");
});

/** So that a run of one part says which. */
function seeds(): [number, number][] {
  const part = DOCUMENTS / 3;
  return [0, 1, 2].map((index) => [index * part, (index + 1) * part]);
}

function* documents(from: number, to: number) {
  for (let seed = from; seed < to; seed++) yield { seed, ...nastyDocument(new Random(seed)) };
}

/** A path to something new, in an object somewhere in a document. */
function pathIn(value: unknown, random: Random, rest: readonly string[]): string[] {
  const objects = Object.entries(value as object).filter(
    ([, inner]) => typeof inner === "object" && inner !== null && !Array.isArray(inner),
  );
  if (objects.length === 0 || random.chance(0.3)) return [...rest];
  const [key, inner] = random.pick(objects);
  return [key, ...pathIn(inner, random, rest)];
}

/** Whether a text is left when some of the characters of another are taken out; spaces do not count. */
function isWithin(text: string, other: string): boolean {
  let at = 0;
  for (const char of text.replace(/\s/g, "")) {
    at = other.indexOf(char, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function entriesOf(text: string) {
  const root = scan(text);
  return root.kind === "object" ? root.entries : [];
}

function spanOf(text: string, key: string): string {
  const entry = entriesOf(text).findLast((found) => found.key === key);
  return entry === undefined ? "" : text.slice(entry.value.start, entry.value.end);
}

function differing(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}
