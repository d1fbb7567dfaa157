/**
 * Calls an object, and once more when it went away under the call, as objects do when a new version is deployed. For calls
 * whose repeat changes nothing.
 *
 * @param call gets its own stub: one that broke stays broken
 */
export async function persistently<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
    if (retryable !== true || overloaded === true) throw error;
    return call();
  }
}
