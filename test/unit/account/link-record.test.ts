import { beforeEach, describe, expect, test } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import { LinkRecord } from "../../../src/account/link-record.ts";
import { LINK_HEALTHY_AFTER_MS } from "../../../src/limits.ts";

let facts: Map<string, unknown>;
let now: number;

beforeEach(() => {
  facts = new Map();
  now = 1_000;
});

/** A record in one life of the object; those of another life have the same facts. */
function record(isKept = true): LinkRecord {
  const context = {
    account: { reconnectMs: 1_000 },
    facts: {
      get: (key: string) => facts.get(key),
      set: (key: string, value: unknown) => void facts.set(key, structuredClone(value)),
    },
    log: () => {},
    now: () => now,
    random: () => 0.5,
  } as unknown as AccountContext;
  return new LinkRecord(context, isKept, () => {});
}

/** Another life, reached as before unless told otherwise. */
function resumed(fingerprint = "same", isKnown = true): LinkRecord {
  const next = record();
  next.resume(fingerprint, isKnown);
  return next;
}

describe("an account without a socket", () => {
  let first: LinkRecord;
  beforeEach(() => {
    first = resumed();
  });

  test("goes on in its next life where it stood", () => {
    first.set("sweeping");
    expect(resumed().status).toEqual({ state: "sweeping", since: 1_000 });
  });

  test("starts anew when it is reached otherwise, or does not know who it is", () => {
    first.set("sweeping");
    expect(resumed("other").status.state).toBe("down");
    expect(resumed("same", false).status.state).toBe("down");
  });

  test("is where it was before when it died while it was connecting", () => {
    first.set("sweeping");
    first.set("connecting");
    expect(resumed().status.state).toBe("sweeping");
  });

  test("waits longer with each failure, over its lives", () => {
    const waits = Array.from({ length: 5 }, () => {
      const life = resumed();
      life.backOff("unavailable", "502");
      return (life.status.retryAt ?? 0) - now;
    });
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThan(4 * (waits[0] ?? 0));
  });

  test("begins from the floor again once it was healthy for a while", () => {
    for (let tries = 0; tries < 5; tries++) first.backOff("unavailable", "502");
    const long = (first.status.retryAt ?? 0) - now;
    first.set("sweeping");
    now += LINK_HEALTHY_AFTER_MS;
    first.noteHealth();
    first.backOff("unavailable", "502");
    expect((first.status.retryAt ?? 0) - now).toBeLessThan(long);
  });
});

test("with a socket nothing is kept: a connection does not outlive its object", () => {
  const first = record(false);
  first.set("linked");
  expect(facts.size).toBe(0);
});
