import * as z from "zod/mini";
import { retryAfterMs } from "../domain/retry-after.ts";
import { redact } from "../observe/redact.ts";

/** What kept a completion from being an answer. */
export type GatewayReason =
  | "unreachable"
  | "no_headers"
  | "draining"
  | "gateway_unauthorized"
  | "gateway_locked"
  | "proxy_attribution"
  | "missing_scope"
  | "endpoint_off"
  | "agent_ambiguous"
  | "request_refused"
  | "provider_refused"
  | "provider_failed"
  | "run_failed"
  | "broken_stream"
  | "timed_out"
  | "answer_too_long"
  | "not_openclaw";

/**
 * A completion that brought no answer, for the operator. Plain data, because it crosses RPC. Its `detail` may hold a
 * provider's words: it is for logs and status, never for the chat.
 */
export interface GatewayFailure {
  reason: GatewayReason;
  /** HTTP status, 0 when no answer came. */
  status: number;
  detail: string;
  /** What an operator can do about it, where somebody has to do something. */
  mend?: string;
  /** What the gateway asked for, milliseconds. */
  retryAfterMs?: number;
}

/** What becomes of a question whose completion failed. */
export type AfterFailure =
  /** Nobody gets through to any agent: every question waits. Nothing is used up, unless the agent may have run unseen. */
  | { next: "wait"; mayHaveRun: boolean }
  /** The agent ran and may run again, so often in all. */
  | { next: "again"; runsAllowed: number }
  | { next: "give_up" };

/**
 * What a failure asks for. OpenClaw retries its provider by itself for up to two minutes, so a failed run is repeated
 * rarely; a gateway that is away, or that an operator has to mend, has burnt nothing.
 */
export function afterFailure(reason: GatewayReason): AfterFailure {
  switch (reason) {
    case "unreachable":
    case "draining":
    case "gateway_unauthorized":
    case "gateway_locked":
    case "proxy_attribution":
    case "missing_scope":
    case "endpoint_off":
    case "not_openclaw":
      return { next: "wait", mayHaveRun: false };
    case "no_headers":
      return { next: "wait", mayHaveRun: true };
    case "agent_ambiguous":
    case "request_refused":
    case "provider_refused":
    case "answer_too_long":
      return { next: "give_up" };
    // A run may also time out behind another one: the gateway takes a session's runs one after the other.
    case "timed_out":
    case "provider_failed":
    case "broken_stream":
      return { next: "again", runsAllowed: 3 };
    case "run_failed":
      return { next: "again", runsAllowed: 2 };
  }
}

/** What stands in `error` of an answer or of a stream's error frame. */
export const GatewayErrorBody = z.object({
  message: z._default(z.string(), ""),
  type: z._default(z.string(), ""),
});
export type GatewayErrorBody = z.infer<typeof GatewayErrorBody>;

const ErrorAnswer = z.object({ error: GatewayErrorBody });

const MENDS: Partial<Record<GatewayReason, string>> = {
  gateway_unauthorized:
    "set gateway.remote.token (OPENCLAW_GATEWAY_TOKEN) to the gateway's gateway.auth.token",
  gateway_locked: "the gateway has locked this client's address after wrong tokens; mend the token and wait",
  no_headers:
    "if a proxy before the gateway buffers its answers, switch that off (nginx: proxy_buffering off)",
  proxy_attribution: "list the proxy in front of the gateway in its gateway.trustedProxies",
  missing_scope: "the gateway's proxy has to grant the operator.write scope",
  endpoint_off: "enable gateway.http.endpoints.chatCompletions on the gateway and check gateway.remote.url",
  agent_ambiguous: "the gateway has several agents: set agentId on the account",
  provider_refused: "check the model provider's key and quota, and the agent's tool policy, on the gateway",
};

/**
 * Tells what an error answer or an error frame means. The same statuses come from the gateway itself and from the model
 * provider behind it; `error.type` tells them apart: `unauthorized` against `authentication_error`, `rate_limited`
 * against `rate_limit_error`.
 *
 * @param status HTTP status; 200 for an error frame within a stream
 * @param body the `error` object; undefined when the answer was no JSON of that form
 * @param waitMs from the answer's Retry-After, milliseconds
 */
export function classifyError(
  status: number,
  body: GatewayErrorBody | undefined,
  waitMs?: number,
): GatewayFailure {
  const reason = reasonOf(status, body);
  const mend = MENDS[reason];
  return {
    reason,
    status,
    detail: redact(body?.message ?? `HTTP ${status} without a JSON error`),
    ...(mend !== undefined && { mend }),
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  };
}

/** Reads an answer that is not a success. */
export async function classifyAnswer(response: Response): Promise<GatewayFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = ErrorAnswer.safeParse(body).data?.error;
  return classifyError(response.status, error, retryAfterMs(response.headers.get("retry-after")));
}

function reasonOf(status: number, body: GatewayErrorBody | undefined): GatewayReason {
  switch (body?.type) {
    case "unauthorized":
      return "gateway_unauthorized";
    case "rate_limited":
      return "gateway_locked";
    case "proxy_attribution_required":
      return "proxy_attribution";
    case "forbidden":
      return "missing_scope";
    case "service_unavailable":
      return "draining";
    case "authentication_error":
    case "insufficient_quota":
    case "permission_error":
      return "provider_refused";
    case "rate_limit_error":
      return "provider_failed";
    case "invalid_request_error":
      return body.message.startsWith("Multiple agents are configured")
        ? "agent_ambiguous"
        : "request_refused";
    case "api_error":
      return body.message.startsWith("upstream provider") ? "provider_failed" : "run_failed";
  }
  if (status === 404 || status === 405) return "endpoint_off";
  return status >= 500 ? "unreachable" : "not_openclaw";
}

/** A failure that is not an answer of the gateway. */
export function failure(reason: GatewayReason, detail: string, status = 0): GatewayFailure {
  const mend = MENDS[reason];
  return { reason, status, detail: redact(detail), ...(mend !== undefined && { mend }) };
}
