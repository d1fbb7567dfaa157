import { describe, expect, test } from "vitest";
import { goJson, sortedDeep } from "../../sandbox/clickclack/json.ts";
import { SlidingWindow } from "../../sandbox/clickclack/pipeline/limiter.ts";
import { idSource, newRouteId, newSetupCode } from "../../sandbox/clickclack/rules/ids.ts";
import { mentionedHandles } from "../../sandbox/clickclack/rules/mentions.ts";
import { runeCount, slug, trimSpace } from "../../sandbox/clickclack/rules/text.ts";
import { ephemeralId, rfc3339 } from "../../sandbox/clickclack/rules/time.ts";

describe("ids", () => {
  test("grow within one millisecond and when the clock goes back", () => {
    const times = [5, 5, 5, 4, 6];
    const newId = idSource(() => times.shift() ?? 6);
    const ids = Array.from({ length: 100 }, () => newId("cur"));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(100);
  });

  test("begin with the time", () => {
    expect(idSource(() => 1_469_922_850_259)("x")).toMatch(/^x_01arz3ndek[0-9a-hjkmnp-tv-z]{16}$/);
  });

  test("of routes and setup codes have no letters that look like others", () => {
    expect(newRouteId("C")).toMatch(/^C[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(newSetupCode()).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
  });
});

describe("times", () => {
  const second = 1_795_344_212n * 1_000_000_000n;

  test.for([
    [0n, "2026-11-22T10:43:32Z"],
    [1n, "2026-11-22T10:43:32.000000001Z"],
    [120_000_000n, "2026-11-22T10:43:32.12Z"],
    [999_999_999n, "2026-11-22T10:43:32.999999999Z"],
  ] as const)("with %s nanoseconds is %s", ([ns, text]) => {
    expect(rfc3339(second + ns)).toBe(text);
  });

  test("of ephemeral events keep all nine digits", () => {
    expect(ephemeralId(second + 12n)).toBe("eph_20261122104332.000000012");
  });
});

describe("text", () => {
  test("is trimmed as Go trims it", () => {
    expect(trimSpace("\u0085\u2028 \t a b\u3000\n")).toBe("a b");
    expect(trimSpace("\ufeffa")).toBe("\ufeffa");
    expect(runeCount("👀é")).toBe(2);
  });

  test("becomes a slug", () => {
    expect(slug("  Zoo & Co. 2!")).toBe("zoo-co-2");
    expect(slug("äöü")).toBe("");
  });

  test("is escaped as Go escapes it, and maps are sorted", () => {
    expect(goJson({ b: "<&>\u2028", a: undefined })).toBe('{"b":"\\u003c\\u0026\\u003e\\u2028"}');
    expect(JSON.stringify(sortedDeep({ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: null }))).toBe(
      '{"a":null,"b":{"c":[{"e":2,"f":1}],"d":1}}',
    );
  });
});

describe("mentions", () => {
  test.for([
    ["@a and @b-c_1, (@D)!", ["a", "b-c_1", "d"]],
    ["@a @A", ["a"]],
    ["x@a @@a @", []],
    ["é@a", ["a"]],
    ["http://h/@a @b", ["b"]],
    ["1http://h/@a\n@b", ["b"]],
    ["see WWW.h/@a", []],
    ["[@a](http://h) @b", ["b"]],
    ["[@a] (x)", ["a"]],
    ["[@a](x", ["a"]],
  ] as const)("of %o are %o", ([body, handles]) => {
    expect(mentionedHandles(body)).toEqual(handles);
  });

  test("in a very long text are found without squaring its length", () => {
    expect(mentionedHandles(`${"a".repeat(1_000_000)} @b`)).toEqual(["b"]);
  });
});

test("the limiter lets through ten in any minute", () => {
  const limiter = new SlidingWindow(2, 60_000);
  expect([0, 1, 2, 60_000, 60_001].map((at) => limiter.allow("x", at))).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
  expect(limiter.allow("y", 2)).toBe(true);
});
