import { afterEach, expect, test, vi } from "vitest";
import { AccountLog } from "../../../src/observe/account-log.ts";
import { RecentLog } from "../../../src/observe/recent-log.ts";

afterEach(() => vi.restoreAllMocks());

test("every line names its account and is counted, by its reason where it has one", () => {
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  const log = new AccountLog("peter", new RecentLog(1, 1_000));
  log.write({ event: "message:dropped", message: "msg_1", reason: "own" });
  log.write({ event: "message:dropped", message: "msg_2", reason: "gone" });
  log.write({ event: "message:dropped", message: "msg_3", reason: "own" });
  log.write({ event: "link:linked", cursor: "cur_1" });

  expect(JSON.parse(String(written.mock.calls[0]?.[0]))).toEqual({
    event: "message:dropped",
    account: "peter",
    message: "msg_1",
    reason: "own",
  });
  expect(log.counts()).toEqual([
    { event: "message:dropped", reason: "own", count: 2 },
    { event: "message:dropped", reason: "gone", count: 1 },
    { event: "link:linked", count: 1 },
  ]);
});
