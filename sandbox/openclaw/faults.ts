import {
  bodyTimeout,
  draining,
  missingScope,
  proxyAttributionRequired,
  rateLimited,
  starting,
  unauthorized,
} from "./refusals.ts";
import type { Refusal } from "./respond.ts";
import {
  CONNECTION_FAILED,
  cooldown,
  failed,
  INTERNAL_ERROR,
  llmFailed,
  noCredentials,
  providerError,
  type RunFailure,
  TRANSIENT,
} from "./run-failure.ts";

/**
 * The ways in which a turn can go wrong:
 * - `refusal`: the gateway answers before there is a run, the same for streams and whole answers.
 * - `run`: the run fails; a stream has its headers, its role frame and perhaps text by then.
 * - `model`: the model says something that the gateway will not pass on as it is.
 * - `transport`: the connection misbehaves.
 */
export type Fault =
  | { readonly kind: "refusal"; readonly refuse: () => Refusal }
  | RunFailure
  | { readonly kind: "model"; readonly output: string }
  | { readonly kind: "transport"; readonly act: "reset" | "no_headers" | "hang" | "cut" | "cut_finished" };

function refusal(refuse: () => Refusal): Fault {
  return { kind: "refusal", refuse };
}

/**
 * Every fault by the name that a scripted reply uses. OpenClaw retries a failing provider for 70 to 115 s before it
 * gives up; here `delayMs` of the reply stands for that.
 *
 * Most were recorded from a running gateway. `starting`, `body_timeout`, `overloaded`, `context_overflow`, `permission`
 * and `provider_timeout` are read from its code alone; the words that the last four and `provider_down` leave in the
 * transcript follow the pattern of the others.
 */
export const FAULTS = {
  gateway_unauthorized: refusal(unauthorized),
  rate_limited: refusal(() => rateLimited(300_000)),
  proxy_attribution: refusal(proxyAttributionRequired),
  missing_scope: refusal(() => missingScope("operator.write")),
  draining: refusal(draining),
  starting: refusal(starting),
  body_timeout: refusal(bodyTimeout),

  provider_400: providerError(400, "invalid_request_error", "request format rejected"),
  provider_401: providerError(
    401,
    "authentication_error",
    "authentication failed",
    "Re-authenticate the provider and try again.",
  ),
  provider_402: providerError(
    402,
    "insufficient_quota",
    "provider billing issue",
    "Check provider billing and try again.",
  ),
  provider_404: providerError(404, "invalid_request_error", "model not found"),
  provider_429: providerError(429, "rate_limit_error", "rate limited", TRANSIENT),
  provider_500: failed(
    502,
    "api_error",
    "upstream provider error",
    llmFailed("provider internal error", 500, TRANSIENT),
  ),
  provider_503: failed(
    502,
    "api_error",
    "upstream provider error",
    llmFailed("provider internal error", 503, TRANSIENT),
  ),
  overloaded: failed(
    503,
    "api_error",
    "upstream provider overloaded",
    llmFailed("provider overloaded", 503, TRANSIENT),
  ),
  context_overflow: failed(413, "invalid_request_error", "413 fake 413", llmFailed("context overflow", 413)),
  permission: failed(
    403,
    "permission_error",
    "Gateway requester authority changed",
    llmFailed("not permitted", 403),
  ),
  provider_timeout: failed(504, "api_error", "upstream provider timeout", CONNECTION_FAILED),
  provider_down: failed(408, "api_error", "upstream provider timeout", CONNECTION_FAILED),
  dies_midstream: failed(408, "api_error", "upstream provider timeout", CONNECTION_FAILED),
  timeout: {
    ...INTERNAL_ERROR,
    trace: { kind: "item", stopReason: "aborted", text: "", errorMessage: "request timed out" },
  },

  empty: { kind: "model", output: "" },
  silent: { kind: "model", output: "NO_REPLY" },
  media_only: { kind: "model", output: "MEDIA:https://example.com/a.png" },

  reset: { kind: "transport", act: "reset" },
  no_headers: { kind: "transport", act: "no_headers" },
  hang: { kind: "transport", act: "hang" },
  cut: { kind: "transport", act: "cut" },
  cut_finished: { kind: "transport", act: "cut_finished" },
} as const satisfies Record<string, Fault>;

/** The names of all faults; `cooldown` and `no_credentials` name the provider of the turn. */
export const FAULT_NAMES = [
  ...(Object.keys(FAULTS) as (keyof typeof FAULTS)[]),
  "cooldown",
  "no_credentials",
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** The fault of that name for a turn that runs on `providerName`. */
export function faultNamed(name: FaultName, providerName: string): Fault {
  if (name === "cooldown") return cooldown(providerName);
  if (name === "no_credentials") return noCredentials(providerName);
  return FAULTS[name];
}
