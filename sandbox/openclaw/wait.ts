/**
 * Waits for a promise, or until the signal aborts.
 *
 * @throws the signal's reason
 */
export async function waitFor(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Waits until the signal aborts, and throws its reason. */
export async function waitForever(signal: AbortSignal): Promise<never> {
  await waitFor(new Promise(() => {}), signal);
  throw signal.reason;
}
