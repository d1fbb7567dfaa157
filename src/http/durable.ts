import { CALLBACK_CALL_TIMEOUT_MS } from "../limits.ts";

/**
 * Calls an object under a callback, and once more when it went away under the call, as objects do when a new version is
 * deployed. For calls whose repeat changes nothing.
 *
 * @param call gets its own stub each time: one that broke stays broken. `isRepeat` says that the first call may have been
 *   carried out all the same
 * @throws what the call throws, and an Error once it has taken too long
 */
export function persistently<Result>(call: (isRepeat: boolean) => Promise<Result>): Promise<Result> {
  return Promise.race([repeated(call), tooLate()]);
}

async function repeated<Result>(call: (isRepeat: boolean) => Promise<Result>): Promise<Result> {
  try {
    return await call(false);
  } catch (error) {
    const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
    if (retryable !== true || overloaded === true) throw error;
    return call(true);
  }
}

async function tooLate(): Promise<never> {
  await scheduler.wait(CALLBACK_CALL_TIMEOUT_MS);
  throw new Error(`the account's object has not answered within ${CALLBACK_CALL_TIMEOUT_MS} ms`);
}
