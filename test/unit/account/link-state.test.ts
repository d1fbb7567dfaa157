import { describe, expect, test } from "vitest";
import { WorkspaceNotFound } from "../../../src/account/directory.ts";
import { afterClose, linkFailure } from "../../../src/account/link-state.ts";
import { ClickClackError, type ClickClackFailure } from "../../../src/clickclack/errors.ts";

describe("after a close", () => {
  test.each([
    [1013, "now", "overflow"],
    [4001, "resync", "resync"],
    [1008, "refused", "revoked"],
    [1000, "backoff", "closed"],
    [1001, "backoff", "closed"],
    [1005, "backoff", "closed"],
    [1006, "backoff", "closed"],
    [1009, "backoff", "closed"],
    [1011, "backoff", "closed"],
    [1012, "backoff", "closed"],
    [4000, "backoff", "closed"],
    [4002, "backoff", "closed"],
  ])("with %i: %s, because %s", (code, next, reason) => {
    expect(afterClose(code)).toEqual({ next, reason });
  });
});

/** What waits for an operator. A record, so that a new failure is decided here as well. */
const REFUSED: Record<ClickClackFailure, boolean> = {
  unavailable: false,
  throttled: false,
  unauthorized: true,
  missing_scope: true,
  wrong_workspace: true,
  not_found: true,
  forbidden: true,
  not_clickclack: true,
  invalid: true,
  too_large: true,
  upload_quota: true,
  no_active_recipient: true,
  nonce_conflict: true,
  quote_refused: true,
};

describe("a link that does not come up", () => {
  test.each(Object.entries(REFUSED) as [ClickClackFailure, boolean][])(
    "because of `%s` waits for an operator: %s",
    (failure, refused) => {
      expect(linkFailure(new ClickClackError("me", failure, 400, "why"))).toEqual({
        reason: failure,
        refused,
      });
    },
  );

  test("waits for as long as it was told to", () => {
    const throttled = new ClickClackError("me", "throttled", 429, "slow down", { retryAfterMs: 7_000 });
    expect(linkFailure(throttled)).toEqual({ reason: "throttled", refused: false, retryAfterMs: 7_000 });
  });

  test("waits for an operator when the workspace is not the token's", () => {
    expect(linkFailure(new WorkspaceNotFound("nowhere"))).toEqual({
      reason: "workspace_not_found",
      refused: true,
    });
  });

  test.each([new Error("Network connection lost."), "a text", undefined])(
    "comes back by itself after anything else: %s",
    (error) => {
      expect(linkFailure(error)).toEqual({ reason: "unavailable", refused: false });
    },
  );
});
