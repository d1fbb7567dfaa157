/**
 * Calls an object, and once more when it went away under the call, as objects do when a new version is deployed. For calls
 * whose repeat changes nothing.
 *
 * @param call gets its own stub each time: one that broke stays broken. `isRepeat` says that the first call may have been
 *   carried out all the same
 */
export async function persistently<Result>(call: (isRepeat: boolean) => Promise<Result>): Promise<Result> {
  try {
    return await call(false);
  } catch (error) {
    const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
    if (retryable !== true || overloaded === true) throw error;
    return call(true);
  }
}
