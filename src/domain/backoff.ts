/**
 * Exponential backoff with full jitter over its upper half, so that many bots that lost the same server do not return
 * in step, and none returns at once.
 *
 * @param attempt how many attempts have failed, from 1
 * @param minMs delay after the first failure, before jitter
 * @param maxMs ceiling of the delay
 * @param random a number in [0, 1)
 * @returns milliseconds to wait
 */
export function backoffMs(attempt: number, minMs: number, maxMs: number, random: number): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
