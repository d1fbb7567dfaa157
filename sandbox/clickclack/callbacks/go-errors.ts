import { goQuoted } from "../json.ts";

// ClickClack shows the errors of Go's HTTP client as they are, to whoever invoked a command and in lists of deliveries.

const DEADLINE = "context deadline exceeded";

/** Returns what Go says when no answer came. */
export function unanswered(url: string, error: unknown, isTimeout: boolean): string {
  const reason = isTimeout ? `${DEADLINE} (Client.Timeout exceeded while awaiting headers)` : reasonOf(error);
  return `Post ${goQuoted(url)}: ${reason}`;
}

/** Returns what Go says when an answer began and did not end. */
export function brokenOff(error: unknown, isTimeout: boolean): string {
  if (isTimeout) return `${DEADLINE} (Client.Timeout or context cancellation while reading body)`;
  return codeOf(error) === "ECONNRESET" ? "unexpected EOF" : textOf(error);
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case "ABORT_ERR":
      return "context canceled";
    case "ECONNRESET":
      return "EOF";
    case "ECONNREFUSED": {
      const { address, port } = error as { address?: string; port?: number };
      return `dial tcp ${address}:${port}: connect: connection refused`;
    }
    default:
      return textOf(error);
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
