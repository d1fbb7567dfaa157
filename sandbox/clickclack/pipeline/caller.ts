import type { IncomingMessage } from "node:http";

/**
 * Does something for a caller, with a signal that fires if their connection ends before it is done. Nothing is broken off
 * by itself: that is for what is done to see to.
 */
export async function whileConnected<T>(
  request: IncomingMessage,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const abort = () => gone.abort();
  // It may have ended while a fault held the request up.
  if (request.socket.destroyed) abort();
  // A connection outlives its requests, so this must not stay on it.
  request.socket.once("close", abort);
  try {
    return await run(gone.signal);
  } finally {
    request.socket.off("close", abort);
  }
}
