import { afterEach, expect, test, vi } from "vitest";
import { log } from "../../../src/observe/log.ts";

afterEach(() => vi.restoreAllMocks());

test("an event is one line of JSON, whatever stands in it", () => {
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  const event = {
    event: "turn:dead",
    account: "peter",
    message: "msg_1",
    reason: "run_failed",
    error: 'line one\nline two\r\n"quoted"',
  } as const;
  log(event);
  log({ event: "config:broken", faults: 2, paths: ["channels.clickclack", "gateway"] });

  const lines = written.mock.calls.map((args) => {
    expect(args).toHaveLength(1);
    return String(args[0]);
  });
  for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    event,
    { event: "config:broken", faults: 2, paths: ["channels.clickclack", "gateway"] },
  ]);
});
