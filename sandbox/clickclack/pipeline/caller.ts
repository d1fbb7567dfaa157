import type { IncomingMessage } from "node:http";

/**
 * Does something for a caller, with a signal that fires if their connection ends before it is done.
 *
 * @returns what was done; nothing is broken off by itself
 */
export async function whileConnected<T>(
  request: IncomingMessage,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const abort = () => gone.abort();
  // A connection outlives its requests, so this must not stay on it.
  request.socket.once("close", abort);
  try {
    return await run(gone.signal);
  } finally {
    request.socket.off("close", abort);
  }
}
