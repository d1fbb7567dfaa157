/**
 * Waits for a call of a stateless entrypoint. That keeps its own deadlines; should it be lost itself, in the middle of an
 * update for example, the wait for it ends here as well.
 *
 * @param lostAfterMs past this, nobody is there any more to answer
 * @throws what the call throws; {Error} when it was lost
 */
export async function unlessLost<Outcome>(
  outcome: PromiseLike<Outcome>,
  lostAfterMs: number,
): Promise<Outcome> {
  const lost = Promise.withResolvers<never>();
  const timer = setTimeout(() => lost.reject(new Error("the call was lost")), lostAfterMs);
  try {
    return await Promise.race([outcome, lost.promise]);
  } finally {
    clearTimeout(timer);
  }
}
