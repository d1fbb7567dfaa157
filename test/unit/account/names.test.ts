import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AccountContext } from "../../../src/account/context.ts";
import type { Directory } from "../../../src/account/directory.ts";
import { Names } from "../../../src/account/names.ts";
import { CHANNEL_NAMES_MAX_AGE_MS, NAME_RETRY_MS, NAME_WAIT_MS } from "../../../src/limits.ts";

const GENERAL = "chn_1";
const NEVER = new Promise<never>(() => undefined);

let now: number;
/** What the list of channels brings, an error included. */
let list: () => Promise<{ id: string; name: string }[]>;
let member: () => Promise<object | undefined>;
let asked: number;
let logged: object[];
let names: Names;

const context = {
  client: {
    channels: () => {
      asked++;
      return list();
    },
  },
  now: () => now,
  log: (event: object) => logged.push(event),
  background: () => undefined,
} as unknown as AccountContext;

beforeEach(() => {
  now = 0;
  asked = 0;
  logged = [];
  list = async () => [{ id: GENERAL, name: "general" }];
  member = async () => ({ id: "usr_ada" });
  const directory = {
    member: () => {
      asked++;
      return member();
    },
  } as unknown as Directory;
  names = new Names(directory);
});
afterEach(() => {
  vi.useRealTimers();
});

const channel = (id = GENERAL) => names.channel(context, "wsp_1", id);
const person = () => names.person(context, "wsp_1", "usr_ada");
const down = () => Promise.reject(new Error("down"));

/** What is found once the time for it is over. */
async function inTime<Found>(found: Promise<Found>): Promise<Found> {
  await vi.advanceTimersByTimeAsync(NAME_WAIT_MS);
  return found;
}

describe("channels' names", () => {
  test("are read once for all, also by those who ask at once", async () => {
    expect(await Promise.all([channel(), channel()])).toEqual(["general", "general"]);
    await channel();
    expect(asked).toBe(1);
  });

  test("are read again when they may have changed", async () => {
    await channel();
    list = async () => [{ id: GENERAL, name: "renamed" }];
    now = CHANNEL_NAMES_MAX_AGE_MS - 1;
    expect(await channel()).toBe("general");
    now++;
    expect(await channel()).toBe("renamed");
  });

  test("are read for a channel that is new, once", async () => {
    await channel();
    list = async () => [{ id: "chn_2", name: "new" }];
    expect(await channel("chn_2")).toBe("new");
    expect([await channel("chn_3"), await channel("chn_3")]).toEqual([undefined, undefined]);
    expect(asked).toBe(3);
  });

  test("stay what they were when they cannot be read, which is tried again after a while", async () => {
    await channel();
    list = down;
    now = CHANNEL_NAMES_MAX_AGE_MS;
    expect([await channel(), await channel()]).toEqual(["general", "general"]);
    expect([asked, logged]).toEqual([2, [{ event: "name:failed", error: "down" }]]);
    list = async () => [{ id: GENERAL, name: "renamed" }];
    now += NAME_RETRY_MS;
    expect(await channel()).toBe("renamed");
  });

  test("are not waited for when they take long", async () => {
    await channel();
    vi.useFakeTimers();
    list = () => NEVER;
    now = CHANNEL_NAMES_MAX_AGE_MS;
    expect(await inTime(channel())).toBe("general");
    expect(await inTime(channel("chn_2"))).toBeUndefined();
    expect(asked).toBe(2);
  });
});

describe("a person", () => {
  test("who is not found is not looked for with every message", async () => {
    member = async () => undefined;
    expect([await person(), await person()]).toEqual([undefined, undefined]);
    expect(asked).toBe(1);
    member = async () => ({ id: "usr_ada" });
    now = NAME_RETRY_MS;
    expect(await person()).toEqual({ id: "usr_ada" });
  });

  test("who cannot be read is done without", async () => {
    member = down;
    expect(await person()).toBeUndefined();
    expect(logged).toEqual([{ event: "name:failed", error: "down" }]);
  });

  test("who takes long is not waited for, and is there for the next one", async () => {
    vi.useFakeTimers();
    const search = Promise.withResolvers<object>();
    member = () => search.promise;
    expect(await inTime(person())).toBeUndefined();
    search.resolve({ id: "usr_ada" });
    await vi.advanceTimersByTimeAsync(0);
    expect(await person()).toEqual({ id: "usr_ada" });
  });
});
