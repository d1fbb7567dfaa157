import { describe, expect, test } from "vitest";
import { ClickClackError, type ClickClackFailure, classify } from "../../../src/clickclack/errors.ts";

const NO_ROWS = "sql: no rows in result set";

/** ClickClack's own texts, as its server writes them. */
const ANSWERS: [number, string | undefined, ClickClackFailure][] = [
  [401, "authentication required", "unauthorized"],
  [401, NO_ROWS, "unauthorized"],
  [401, "session expired", "unauthorized"],
  [403, "bot token is missing scope messages:write", "missing_scope"],
  [403, "bot token cannot access this workspace", "wrong_workspace"],
  [403, NO_ROWS, "not_found"],
  [403, "moderation restriction", "forbidden"],
  [403, "moderation restriction: member is blocked", "forbidden"],
  [403, "moderation restriction: member is timed out until 2026-11-22T11:15:56Z", "forbidden"],
  [403, "message is not writable", "forbidden"],
  [403, "workspace membership required", "forbidden"],
  [403, "agent.progress requires a bot token", "forbidden"],
  [404, NO_ROWS, "not_found"],
  [404, "not found", "not_clickclack"],
  [409, "direct conversation has no active recipient", "no_active_recipient"],
  [409, "message is already pinned", "invalid"],
  [413, "http: request body too large", "too_large"],
  [413, "upload quota exceeded", "upload_quota"],
  [429, "waiting room post limit reached", "throttled"],
  [500, "uploads are not configured", "unavailable"],
  [500, NO_ROWS, "unavailable"],
  [400, NO_ROWS, "not_found"],
  [400, "client nonce was already used for a different message", "nonce_conflict"],
  [400, "quoted message is not in this channel, conversation, or thread", "quote_refused"],
  [400, "message body is required", "invalid"],
  [400, "reply body is required", "invalid"],
  [400, "nested thread replies are not supported", "invalid"],
  [400, "thread root must be a root message", "invalid"],
  [400, "nonce is too long", "invalid"],
  [400, "nonce must not contain NUL", "invalid"],
  [400, "workspace_id is required", "invalid"],
  [400, "unsupported ephemeral event type", "invalid"],
  [400, "typing events require channel_id or direct_conversation_id", "invalid"],
  [400, "direct conversation needs at least two members", "invalid"],
  [400, "invalid message page request: before_seq must be a non-negative integer", "invalid"],
  [
    400,
    "constraint failed: UNIQUE constraint failed: channels.workspace_id, channels.name (2067)",
    "invalid",
  ],
];

/** Answers of something before ClickClack, or of a server that broke: without its JSON error. */
const FOREIGN: [number, ClickClackFailure][] = [
  [400, "unavailable"],
  [401, "unauthorized"],
  [403, "unavailable"],
  [404, "unavailable"],
  [405, "unavailable"],
  [409, "unavailable"],
  [413, "too_large"],
  [429, "throttled"],
  [500, "unavailable"],
  [502, "unavailable"],
  [503, "unavailable"],
  [522, "unavailable"],
];

describe("an error answer means", () => {
  test.each(ANSWERS)("%i %s: %s", (status, text, failure) => {
    expect(classify(status, text).failure).toBe(failure);
  });
});

describe("an error answer that is not ClickClack's says nothing about a message", () => {
  test.each(FOREIGN)("%i: %s", (status, failure) => {
    expect(classify(status, undefined)).toEqual({ failure });
  });
});

test("a missing scope is named", () => {
  expect(classify(403, "bot token is missing scope threads:write")).toEqual({
    failure: "missing_scope",
    scope: "threads:write",
  });
  expect(classify(403, "message is not writable")).toEqual({ failure: "forbidden" });
});

/** [it may succeed later by itself, or once an operator has mended something] */
const MEANS: Record<ClickClackFailure, [retryable: boolean, mendable: boolean]> = {
  unavailable: [true, false],
  throttled: [true, false],
  unauthorized: [false, true],
  missing_scope: [false, true],
  wrong_workspace: [false, true],
  not_clickclack: [false, true],
  not_found: [false, false],
  forbidden: [false, false],
  no_active_recipient: [false, false],
  nonce_conflict: [false, false],
  quote_refused: [false, false],
  invalid: [false, false],
  too_large: [false, false],
  upload_quota: [false, false],
};

test.each(Object.entries(MEANS) as [ClickClackFailure, [boolean, boolean]][])(
  "`%s`: [retryable, mendable] is %j",
  (failure, means) => {
    const error = new ClickClackError("post", failure, 400, "why");
    expect([error.retryable, error.mendable]).toEqual(means);
  },
);

test("the text of a failure says which call failed and how", () => {
  expect(new ClickClackError("me", "unauthorized", 401, NO_ROWS).message).toBe(
    `ClickClack me: 401 ${NO_ROWS}`,
  );
  expect(new ClickClackError("me", "unavailable", 0, "Network connection lost.").message).toBe(
    "ClickClack me: no answer Network connection lost.",
  );
});
