import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Fault } from "../config/types.ts";

/** Every error code of the API with its status. Codes are stable; what stands in `detail` is not. */
export const STATUS = {
  invalid_request: 400,
  invalid_target: 400,
  callback_refused: 401,
  unauthorized: 401,
  media_not_allowed: 403,
  missing_scope: 403,
  refused: 403,
  account_not_found: 404,
  channel_not_found: 404,
  message_not_found: 404,
  not_found: 404,
  send_not_found: 404,
  thread_not_found: 404,
  user_not_found: 404,
  workspace_not_found: 404,
  idempotency_key_reused: 409,
  no_active_recipient: 409,
  not_dead: 409,
  media_too_large: 413,
  too_large: 413,
  upload_quota: 413,
  media_type: 415,
  too_many_attempts: 429,
  too_many_pending: 429,
  internal: 500,
  media_unavailable: 502,
  token_rejected: 502,
  clickclack_unavailable: 503,
  not_configured: 503,
} as const satisfies Record<string, ContentfulStatusCode>;

export type ProblemCode = keyof typeof STATUS;

/** An error answer before it is written. */
export interface Problem {
  code: ProblemCode;
  /** What happened and how to mend it; never a secret. */
  detail: string;
  /** The request's field at fault. */
  field?: string;
  /** The missing ClickClack scope. */
  scope?: string;
  /** What is wrong with the configuration. */
  faults?: readonly Fault[];
  retryAfterMs?: number;
}

/** The problem of every route that needs a configuration, when there is none that can be used. */
export function brokenConfig(faults: readonly Fault[]): Problem {
  const lines = faults.map(({ path, found, mend }) => `${path}: ${found}; ${mend}`);
  return { code: "not_configured", detail: ["The configuration has faults.", ...lines].join("\n"), faults };
}

/** Writes a problem as `application/problem+json` (RFC 9457), with `code` as the member to switch on. */
export function problem(c: Context, { retryAfterMs, ...rest }: Problem): Response {
  const status = STATUS[rest.code];
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (retryAfterMs !== undefined) headers["retry-after"] = String(Math.ceil(retryAfterMs / 1000));
  // Every 401 has to name a scheme; that of callbacks is in no registry.
  if (status === 401) headers["www-authenticate"] = rest.code === "unauthorized" ? "Bearer" : "ClickClack";
  const title = rest.code.replaceAll("_", " ");
  return c.body(JSON.stringify({ type: "about:blank", title, status, ...rest }), status, headers);
}
