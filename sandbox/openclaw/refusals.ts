import { Refusal } from "./respond.ts";

/** The gateway's own 401, told apart from a provider's by `error.type`. */
export function unauthorized(): Refusal {
  return new Refusal(401, { error: { message: "Unauthorized", type: "unauthorized" } });
}

/** The gateway's own 429, told apart from a provider's by `error.type`. */
export function rateLimited(remainingMs: number): Refusal {
  const error = {
    message: "Too many failed authentication attempts. Please try again later.",
    type: "rate_limited",
  };
  return new Refusal(429, { error }, { "Retry-After": String(Math.ceil(remainingMs / 1000)) });
}

/** The 403 that every proxy meets until `gateway.trustedProxies` names it. */
export function proxyAttributionRequired(): Refusal {
  const error = {
    message:
      "Proxy client attribution is required. Configure gateway.trustedProxies narrowly and make the proxy overwrite or safely rebuild forwarded client headers.",
    type: "proxy_attribution_required",
  };
  return new Refusal(403, { error });
}

/** A gateway that drains before a restart: new requests are refused, running ones end as usual. */
export function draining(): Refusal {
  const message = "Gateway is temporarily unavailable while suspending or restarting";
  return new Refusal(
    503,
    { error: { message, type: "service_unavailable", code: "gateway_unavailable" } },
    { "Cache-Control": "no-store", "Retry-After": "1" },
  );
}

/** The 403 of a caller whose credential does not carry a scope. */
export function missingScope(scope: string): Refusal {
  const details = { code: "MISSING_SCOPE", missingScope: scope, requiredScopes: [scope] };
  return new Refusal(403, {
    ok: false,
    error: { type: "forbidden", message: `missing scope: ${scope}`, details },
  });
}

/** The 503 of a path that no route has claimed yet while the gateway starts. */
export function starting(): Refusal {
  return new Refusal(503, "Plugin runtime is starting", { "Retry-After": "1" });
}

/** The 408 of a caller that was too slow with its body. */
export function bodyTimeout(): Refusal {
  const error = { message: "Request body timeout", type: "invalid_request_error" };
  return new Refusal(408, { error }, { Connection: "close" });
}
