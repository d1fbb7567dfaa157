import { describe, expect, test } from "vitest";

/** Every file of `src`, by its path from there. */
const SOURCES = Object.fromEntries(
  Object.entries(
    import.meta.glob("../../src/**/*.ts", { query: "?raw", import: "default", eager: true }),
  ).map(([path, text]) => [path.replace("../../src/", ""), text]),
);

const LINES_MAX = 250;

type Stage =
  | "worker"
  | "http"
  | "account"
  | "clickclack"
  | "openclaw"
  | "remote"
  | "config"
  | "observe"
  | "domain"
  | "limits";

/** What each stage may import: other stages, files outside `src`, and packages. Everything may import its own stage. */
const MAY_IMPORT: Record<Stage, { stages: Stage[]; others: string[] }> = {
  worker: {
    stages: ["http", "account", "clickclack", "openclaw", "remote", "config", "observe", "domain", "limits"],
    others: ["cloudflare:workers"],
  },
  http: {
    stages: ["account", "clickclack", "openclaw", "remote", "config", "observe", "domain", "limits"],
    others: ["hono", "zod"],
  },
  account: {
    stages: ["clickclack", "openclaw", "remote", "config", "observe", "domain", "limits"],
    others: ["cloudflare:workers"],
  },
  clickclack: {
    stages: ["remote", "config", "observe", "domain", "limits"],
    others: ["zod", "cloudflare:workers"],
  },
  openclaw: {
    stages: ["remote", "config", "observe", "domain", "limits"],
    others: ["zod", "cloudflare:workers"],
  },
  // What both remotes have in common, and no more than that.
  remote: { stages: ["config", "observe", "domain", "limits"], others: [] },
  config: { stages: ["observe", "domain"], others: ["zod", "json5", "../openclaw.json5"] },
  observe: { stages: ["config", "domain"], others: [] },
  domain: { stages: [], others: [] },
  limits: { stages: [], others: [] },
};

/** Files that stand in no folder. `env.ts` names the account's binding; `worker.ts` hands it down. */
const STAGE_OF_FILE: Record<string, Stage> = {
  "worker.ts": "worker",
  "platform.d.ts": "worker",
  "text-modules.d.ts": "config",
  "env.ts": "account",
  "limits.ts": "limits",
  "limits-media.ts": "limits",
  "limits-page.ts": "limits",
};

describe("the source", () => {
  test("is all read", () => {
    expect(Object.keys(SOURCES)).toEqual(
      expect.arrayContaining(["worker.ts", "domain/cursor.ts", "limits.ts"]),
    );
    for (const [path, text] of Object.entries(SOURCES)) expect(text, path).not.toBe("");
  });

  test("imports one way: worker → http → account → clickclack, openclaw, config, observe → domain", () => {
    expect(forbiddenImports(SOURCES)).toEqual([]);
  });

  test(`has no file of more than ${LINES_MAX} lines`, () => {
    expect(longFiles(SOURCES)).toEqual([]);
  });

  test("has no `any`", () => {
    expect(anys(SOURCES)).toEqual([]);
  });
});

describe("the import rule notices", () => {
  test.each([
    ["domain/x.ts", "../observe/log.ts"],
    ["domain/x.ts", "../limits.ts"],
    ["domain/x.ts", "zod"],
    ["domain/x.ts", "cloudflare:workers"],
    ["observe/x.ts", "../limits.ts"],
    ["config/x.ts", "../openclaw/errors.ts"],
    ["clickclack/x.ts", "../openclaw/errors.ts"],
    ["openclaw/x.ts", "../clickclack/errors.ts"],
    ["openclaw/x.ts", "../account/lanes.ts"],
    ["remote/x.ts", "../clickclack/errors.ts"],
    ["remote/x.ts", "../openclaw/errors.ts"],
    ["config/x.ts", "../remote/deadline.ts"],
    ["account/x.ts", "../http/app.ts"],
    ["account/x.ts", "hono"],
    ["http/x.ts", "../worker.ts"],
    ["limits.ts", "./env.ts"],
    ["account/x.ts", "../../sandbox/room.ts"],
    ["account/x.ts", "../../test/support/world.ts"],
    ["account/x.ts", "../../scripts/dev.ts"],
    ["account/x.ts", "../../openclaw.json5"],
    ["http/x.ts", "hono-like"],
    ["elsewhere/x.ts", "./y.ts"],
  ])("that %s imports %s", (path, specifier) => {
    expect(forbiddenImports({ [path]: `// first line\nimport { x } from "${specifier}";` })).toEqual([
      expect.stringMatching(new RegExp(`^src/${path}:2 imports "`)),
    ]);
  });

  test.each([
    ['import type { X } from "../http/app.ts";', 1],
    ['import "../http/app.ts";', 1],
    ['export * from "../http/app.ts";', 1],
    ['export { x } from "../http/app.ts";', 1],
    ['import {\n  x,\n  y,\n} from "../http/app.ts";', 4],
    ['const app = await import("../http/app.ts");', 1],
    ['type App = typeof import("../http/app.ts");', 1],
  ])("every form of it: %j", (text, line) => {
    expect(forbiddenImports({ "account/x.ts": text })).toEqual([
      `src/account/x.ts:${line} imports "../http/app.ts", which account may not`,
    ]);
  });

  test.each([
    ["http/x.ts", "hono/body-limit"],
    ["http/x.ts", "../account/status.ts"],
    ["account/x.ts", "../domain/cursor.ts"],
    ["account/x.ts", "./y.ts"],
    ["config/x.ts", "../../openclaw.json5"],
    ["worker.ts", "./http/app.ts"],
  ])("and lets %s import %s", (path, specifier) => {
    expect(forbiddenImports({ [path]: `import { x } from "${specifier}";` })).toEqual([]);
  });
});

test("the other rules notice as well", () => {
  expect(longFiles({ "a.ts": "x\n".repeat(LINES_MAX), "b.ts": "x\n".repeat(LINES_MAX + 1) })).toEqual([
    `src/b.ts:${LINES_MAX + 1} is beyond ${LINES_MAX} lines`,
  ]);
  const text =
    "/** any of them */\nlet a: any;\nb as any;\nc<any>();\n// says: any\nlet d: string | any[];\nanyOf(any);";
  expect(anys({ "a.ts": text })).toEqual([2, 3, 4, 6].map((line) => `src/a.ts:${line} has an any`));
});

function forbiddenImports(sources: Record<string, string>): string[] {
  return Object.entries(sources).flatMap(([path, text]) =>
    importsOf(text)
      .filter(({ specifier }) => !mayImport(path, specifier))
      .map(
        ({ specifier, line }) =>
          `src/${path}:${line} imports "${specifier}", which ${stageOf(path) ?? "no known stage"} may not`,
      ),
  );
}

/** What a file imports, statically, dynamically or as a type, and in which line that is said. */
function importsOf(text: string): { specifier: string; line: number }[] {
  const specifiers = /(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)"([^"]+)"/gm;
  return [...text.matchAll(specifiers)].map((match) => ({
    specifier: match[1] ?? "",
    line: text.slice(0, match.index + match[0].length).split("\n").length,
  }));
}

function mayImport(path: string, specifier: string): boolean {
  const own = stageOf(path);
  if (own === undefined) return false;
  const { stages, others } = MAY_IMPORT[own];
  if (!specifier.startsWith(".")) return others.some((name) => isPackage(name, specifier));
  const target = resolve(path, specifier);
  const stage = stageOf(target);
  return stage === undefined ? others.includes(target) : stage === own || stages.includes(stage);
}

function isPackage(name: string, specifier: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}

/** @returns undefined for what is not in `src`, or in a folder that no rule speaks of */
function stageOf(path: string): Stage | undefined {
  const [first = "", ...rest] = path.split("/");
  if (rest.length === 0) return STAGE_OF_FILE[first];
  return first in MAY_IMPORT ? (first as Stage) : undefined;
}

/** The path from `src` that a relative import leads to; it begins with `../` when it leads out. */
function resolve(from: string, specifier: string): string {
  const steps = from.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "." || (step === ".." && steps.length > 0 && steps.at(-1) !== "..")) {
      if (step === "..") steps.pop();
    } else steps.push(step);
  }
  return steps.join("/");
}

function longFiles(sources: Record<string, string>): string[] {
  return Object.entries(sources)
    .map(([path, text]) => ({ path, lines: text.replace(/\n$/, "").split("\n").length }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `src/${path}:${lines} is beyond ${LINES_MAX} lines`);
}

function anys(sources: Record<string, string>): string[] {
  return Object.entries(sources).flatMap(([path, text]) =>
    text
      .split("\n")
      .map((line, index) => ({ code: line.replace(/^\s*(?:\/\/|\/?\*).*|\s\/\/.*/, ""), line: index + 1 }))
      .filter(({ code }) => /(?::|\bas|[<,|&=])\s*any\b(?!\()/.test(code))
      .map(({ line }) => `src/${path}:${line} has an any`),
  );
}
