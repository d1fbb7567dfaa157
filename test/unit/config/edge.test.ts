import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";

/** @returns what `edge` comes to, or the faults */
function edge(settings?: object) {
  const loaded = loadConfig(JSON.stringify(settings === undefined ? {} : { edge: settings }), {});
  return loaded.ok ? loaded.config.edge : loaded.faults.filter(({ path }) => path.startsWith("edge"));
}

test("messages are answered for an hour and people are told after two minutes, unless it says otherwise", () => {
  expect(edge()).toEqual({
    maxMessageAgeMs: 3_600_000,
    notice: { afterMs: 120_000, text: expect.stringContaining("cannot reach my agent") },
    sweepMs: 60_000,
    callbackWindowMs: 300_000,
    threadSessions: "channel",
    groupContext: 0,
    mediaHosts: [],
  });
  expect(edge({ maxMessageAge: "2d", notice: { after: "30s", text: "Gone fishing." } })).toEqual({
    maxMessageAgeMs: 172_800_000,
    notice: { afterMs: 30_000, text: "Gone fishing." },
    sweepMs: 60_000,
    callbackWindowMs: 300_000,
    threadSessions: "channel",
    groupContext: 0,
    mediaHosts: [],
  });
  expect(edge({ sweepSeconds: 5, callbackWindow: "30s" })).toMatchObject({
    sweepMs: 5_000,
    callbackWindowMs: 30_000,
  });
});

test.each([0, 3601, 1.5, "60", null])("%j is no number of seconds between sweeps", (sweepSeconds) => {
  expect(edge({ sweepSeconds })).toEqual([
    {
      path: "edge.sweepSeconds",
      found: expect.any(String),
      mend: "use a whole number of seconds, 1 to 3600",
    },
  ]);
});

test("a callback's window has a bound", () => {
  expect(edge({ callbackWindow: "1h" })).toMatchObject({ callbackWindowMs: 3_600_000 });
  expect(edge({ callbackWindow: "61m" })).toMatchObject([
    { path: "edge.callbackWindow", mend: expect.stringContaining('up to "1h"') },
  ]);
});

test("the notice can be switched off", () => {
  expect(edge({ notice: { enabled: false, text: "Gone fishing." } })).not.toHaveProperty("notice");
});

test.each([3600, "3600", "1 hour", "-1h", null])("%j is no duration, and the fault says what is", (value) => {
  expect(edge({ maxMessageAge: value, notice: { after: value } })).toEqual(
    ["edge.maxMessageAge", "edge.notice.after"].map((path) => ({
      path,
      found: expect.any(String),
      mend: 'use a duration with its unit, such as "90s", "15m" or "1h"',
    })),
  );
});

test("a thread can have a session of its own, and what was said meanwhile can go along", () => {
  expect(edge({ threadSessions: "thread", groupContext: 200 })).toMatchObject({
    threadSessions: "thread",
    groupContext: 200,
  });
  expect(edge({ threadSessions: "root" })).toMatchObject([
    { path: "edge.threadSessions", found: '"root"', mend: 'use "channel" or "thread"' },
  ]);
});

test.each([-1, 201, 1.5, "20", null])("%j is no number of messages that go along", (groupContext) => {
  expect(edge({ groupContext })).toEqual([
    {
      path: "edge.groupContext",
      found: expect.any(String),
      mend: "use a whole number of messages, 0 to 200",
    },
  ]);
});

test("hosts of files are names or addresses, with a port or without, in any case", () => {
  const mediaHosts = ["Files.Example.com", "10.0.0.5:8080", "localhost", "[fd00::1]:8443", "minio"];
  expect(edge({ mediaHosts })).toMatchObject({
    mediaHosts: ["files.example.com", "10.0.0.5:8080", "localhost", "[fd00::1]:8443", "minio"],
  });
});

test.each([
  "",
  "https://files.example.com",
  "files.example.com/x",
  "*.example.com",
  "a b",
  "host:",
  "user@host",
  3,
])("%j is no host of files, and the fault says what is", (host) => {
  expect(edge({ mediaHosts: ["minio", host] })).toEqual([
    {
      path: "edge.mediaHosts[1]",
      found: expect.any(String),
      mend: 'use a host such as "files.example.com" or "10.0.0.5:8080"',
    },
  ]);
});
