import { expect, test } from "vitest";
import { RecentLog } from "../../../src/observe/recent-log.ts";

/** Longer than a test, so that no sign of life comes in between. */
const LONG_MS = 600_000;

function reader(log: RecentLog, after?: string) {
  const stream = log.stream(after).getReader();
  return {
    /** What one read brings. */
    next: async () => new TextDecoder().decode((await stream.read()).value),
    leave: () => stream.cancel(),
  };
}

const eventsIn = (text: string) => [...text.matchAll(/"event":"([^"]+)"/g)].map(([, event]) => event);
const idsIn = (text: string) => [...text.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id ?? "");

function logWith(max: number, ...events: string[]): RecentLog {
  const log = new RecentLog(max, LONG_MS);
  for (const event of events) log.add({ event });
  return log;
}

test("tells the last lines, and then what comes, as Server-Sent Events", async () => {
  const log = logWith(2, "one", "two", "three");
  const { next } = reader(log);
  const first = await next();
  expect(first).toMatch(/^id: \d+-2\ndata: {"at":\d+,"event":"two"}\n\nid: \d+-3\ndata: .*\n\n$/);
  const second = next();
  log.add({ event: "four" });
  expect(eventsIn(await second)).toEqual(["four"]);
});

test("goes on behind the line that a reader has, and begins anew for one of another life", async () => {
  const log = logWith(5, "one", "two", "three");
  const [, second = ""] = idsIn(await reader(log).next());
  expect(eventsIn(await reader(log, second).next())).toEqual(["three"]);
  for (const strange of ["1-2", `${second}000`, "no id", "-", second.replace("-", "")])
    expect(eventsIn(await reader(log, strange).next()), strange).toEqual(["one", "two", "three"]);
});

test("keeps no more than its bound for a reader who does not read, and says how much is missing", async () => {
  const log = logWith(3, "one");
  const { next } = reader(log);
  await next();
  for (let number = 0; number < 1_000; number++) log.add({ event: `later ${number}` });
  const text = await next();
  expect(text).toMatch(/^data: {"at":\d+,"event":"log:missed","lines":997}\n\n/);
  expect(eventsIn(text)).toEqual(["log:missed", "later 997", "later 998", "later 999"]);
});

test("gives a sign of life while there is nothing to say", async () => {
  const log = new RecentLog(3, 1);
  const { next } = reader(log);
  expect(await next()).toBe(": nothing new\n\n");
  expect(await next()).toBe(": nothing new\n\n");
});

test("forgets a reader who leaves, also one that is waiting", async () => {
  const log = logWith(3, "one");
  const { next, leave } = reader(log);
  await next();
  const waiting = next();
  await leave();
  expect(await waiting).toBe("");
  log.add({ event: "two" });
  expect(eventsIn(await reader(log).next())).toEqual(["one", "two"]);
});
