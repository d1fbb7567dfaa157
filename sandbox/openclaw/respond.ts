import type { ServerResponse } from "node:http";

/**
 * An answer that ends a request before a run began: a status and a body, thrown by whoever finds the reason.
 * A string body is sent as text, anything else as JSON, as the gateway does.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${JSON.stringify(body)}`);
    this.name = "Refusal";
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** The gateway's 400. `message` reaches the caller word for word. */
export function invalidRequest(message: string): Refusal {
  return new Refusal(400, { error: { message, type: "invalid_request_error" } });
}

/** The gateway's 405: plain text, and the methods that the path knows. */
export function methodNotAllowed(allow: "GET" | "POST" | "GET, HEAD"): Refusal {
  return new Refusal(405, "Method Not Allowed", { Allow: allow });
}

/** The gateway's 404 for a path that no route claims. */
export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

/** Headers that every answer of the gateway carries. */
export function setSecurityHeaders(res: ServerResponse): void {
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.setHeader("Referrer-Policy", "no-referrer");
  res.setHeader("Permissions-Policy", "camera=(), microphone=(self), geolocation=()");
}

/** Sends one whole answer: text for a string, JSON for anything else. */
export function send(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const isText = typeof body === "string";
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader("Content-Type", isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");
  res.statusCode = status;
  res.end(isText ? body : JSON.stringify(body));
}
