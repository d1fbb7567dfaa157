import { describe, expect, test } from "vitest";
import {
  afterFailure,
  classifyAnswer,
  classifyError,
  failure,
  type GatewayReason,
} from "../../../src/openclaw/errors.ts";
import { recordedResponse } from "./recording.ts";

const AMBIGUOUS =
  "Multiple agents are configured, but this operation has no explicit owner. Select an agent explicitly.";

/** [status, `error.type`, `error.message`, what it means, a word of how to mend it] */
const ERRORS: [number, string, string, GatewayReason, RegExp | undefined][] = [
  [400, "invalid_request_error", "Unexpected end of JSON input", "request_refused", undefined],
  [400, "invalid_request_error", "model: Invalid input: expected string", "request_refused", undefined],
  [400, "invalid_request_error", "Unknown agent 'nope'.", "request_refused", undefined],
  [400, "invalid_request_error", AMBIGUOUS, "agent_ambiguous", /set agentId on the account/],
  [400, "invalid_request_error", "400 fake 400", "request_refused", undefined],
  [404, "invalid_request_error", "404 fake 404", "request_refused", undefined],
  [401, "unauthorized", "Unauthorized", "gateway_unauthorized", /gateway\.remote\.token/],
  [401, "authentication_error", "401 fake 401", "provider_refused", /provider's key/],
  [402, "insufficient_quota", "402 fake 402", "provider_refused", /provider's key and quota/],
  [403, "proxy_attribution_required", "untrusted proxy", "proxy_attribution", /gateway\.trustedProxies/],
  [403, "forbidden", "missing scope: operator.write", "missing_scope", /operator\.write/],
  [403, "permission_error", "403 fake 403", "provider_refused", /provider/],
  [408, "api_error", "upstream provider timeout", "provider_failed", undefined],
  [408, "invalid_request_error", "Request body timeout", "request_refused", undefined],
  [413, "invalid_request_error", "Payload too large", "request_refused", undefined],
  [429, "rate_limited", "Too many failed authentication attempts.", "gateway_locked", /wrong tokens/],
  [429, "rate_limit_error", "429 fake 429", "provider_failed", undefined],
  [500, "api_error", "internal error", "run_failed", undefined],
  [502, "api_error", "upstream provider error", "provider_failed", undefined],
  [503, "api_error", "upstream provider overloaded", "provider_failed", undefined],
  [503, "service_unavailable", "Gateway is temporarily unavailable", "draining", undefined],
  [200, "api_error", "internal error", "run_failed", undefined],
  [200, "api_error", "upstream provider timeout", "provider_failed", undefined],
  [
    200,
    "api_error",
    "Assistant output cannot be represented as an append-only response stream.",
    "run_failed",
    undefined,
  ],
  [200, "insufficient_quota", "402 fake 402", "provider_refused", /provider/],
];

describe("an error of the gateway means", () => {
  test.each(ERRORS)("%i %s `%s`: %s", (status, type, message, reason, mend) => {
    const found = classifyError(status, { type, message });
    expect(found).toMatchObject({ reason, status, detail: message });
    if (mend === undefined) expect(found).not.toHaveProperty("mend");
    else expect(found.mend).toMatch(mend);
  });
});

describe("an answer without a JSON error means, by its status alone", () => {
  test.each<[number, GatewayReason]>([
    [404, "endpoint_off"],
    [405, "endpoint_off"],
    [500, "unreachable"],
    [502, "unreachable"],
    [503, "unreachable"],
    [530, "unreachable"],
    [301, "not_openclaw"],
    [400, "not_openclaw"],
    [401, "not_openclaw"],
    [403, "not_openclaw"],
    [429, "not_openclaw"],
  ])("%i: %s", (status, reason) => {
    expect(classifyError(status, undefined)).toMatchObject({
      reason,
      status,
      detail: `HTTP ${status} without a JSON error`,
    });
  });

  test("a type that is not known is told the same way", () => {
    expect(classifyError(418, { type: "teapot", message: "short" })).toMatchObject({
      reason: "not_openclaw",
    });
    expect(classifyError(500, { type: "teapot", message: "short" })).toMatchObject({ reason: "unreachable" });
  });
});

test("only an endpoint that is off tells to switch it on", () => {
  expect(classifyError(404, undefined).mend).toMatch(/gateway\.http\.endpoints\.chatCompletions/);
  expect(classifyError(500, undefined)).not.toHaveProperty("mend");
});

describe("a recorded answer is read to", () => {
  test.each<[string, object]>([
    ["10-err-bad-token", { reason: "gateway_unauthorized", status: 401 }],
    ["11-err-no-token", { reason: "gateway_unauthorized", status: 401 }],
    ["12-err-unknown-agent-model", { reason: "request_refused", status: 400 }],
    ["15-err-malformed-json", { reason: "request_refused", status: 400 }],
    ["18-err-get", { reason: "endpoint_off", status: 405 }],
    ["19-err-reserved-session-key", { reason: "request_refused", status: 400 }],
    ["21-err-provider-without-credentials-401", { reason: "provider_refused", status: 401 }],
    ["25-err-path-404", { reason: "endpoint_off", status: 404 }],
    ["29-err-x-forwarded-for", { reason: "proxy_attribution", status: 403 }],
    ["40-nonstream-provider-500", { reason: "provider_failed", status: 502 }],
    ["41-nonstream-provider-429", { reason: "provider_failed", status: 429 }],
    ["42-nonstream-provider-401", { reason: "provider_refused", status: 401 }],
    ["45b-nonstream-provider-down", { reason: "provider_failed", status: 408 }],
    ["46-nonstream-provider-empty", { reason: "run_failed", status: 500 }],
    ["56-nonstream-multi-agent-default", { reason: "agent_ambiguous", status: 400 }],
    ["81-body-too-large", { reason: "request_refused", status: 413 }],
    ["99-err-draining-503", { reason: "draining", status: 503, retryAfterMs: 1_000 }],
    ["115-err-429-rate-limited", { reason: "gateway_locked", status: 429, retryAfterMs: 300_000 }],
    ["122-none-scope-read-only", { reason: "missing_scope", status: 403 }],
    ["140-nonstream-agent-timeout", { reason: "run_failed", status: 500 }],
  ])("%s", async (name, found) => {
    expect(await classifyAnswer(recordedResponse(name))).toMatchObject(found);
  });

  test("a start-up's plain text with a wait", async () => {
    const starting = new Response("Plugin runtime is starting", {
      status: 503,
      headers: { "retry-after": "1" },
    });
    expect(await classifyAnswer(starting)).toMatchObject({ reason: "unreachable", retryAfterMs: 1_000 });
  });
});

test("what a provider says is kept for the operator, without tokens and not at any length", () => {
  const said = `key ccb_01m81fgk3he1kgwgmax38sphh5 ${"x".repeat(1_000)}`;
  const { detail } = classifyError(401, { type: "authentication_error", message: said });
  expect(detail).toMatch(/^key \[secret\] x+…$/);
  expect(detail.length).toBeLessThanOrEqual(501);
  expect(failure("unreachable", said).detail).toBe(detail);
});

/** What becomes of the question. A record, so that a new reason is decided here. */
const AFTER: Record<GatewayReason, ReturnType<typeof afterFailure>> = {
  unreachable: { next: "wait", mayHaveRun: false },
  no_headers: { next: "wait", mayHaveRun: true },
  draining: { next: "wait", mayHaveRun: false },
  gateway_unauthorized: { next: "wait", mayHaveRun: false },
  gateway_locked: { next: "wait", mayHaveRun: false },
  proxy_attribution: { next: "wait", mayHaveRun: false },
  missing_scope: { next: "wait", mayHaveRun: false },
  endpoint_off: { next: "wait", mayHaveRun: false },
  not_openclaw: { next: "wait", mayHaveRun: false },
  agent_ambiguous: { next: "give_up" },
  request_refused: { next: "give_up" },
  provider_refused: { next: "give_up" },
  answer_too_long: { next: "give_up" },
  provider_failed: { next: "again", runsAllowed: 3 },
  broken_stream: { next: "again", runsAllowed: 3 },
  timed_out: { next: "again", runsAllowed: 3 },
  run_failed: { next: "again", runsAllowed: 2 },
};

test.each(Object.entries(AFTER) as [GatewayReason, ReturnType<typeof afterFailure>][])(
  "after `%s` comes %j",
  (reason, after) => {
    expect(afterFailure(reason)).toEqual(after);
  },
);
