import { setTimeout as sleep } from "node:timers/promises";

/** The time of a run: plans name milliseconds since it began. */
export class Timeline {
  readonly #startedAt = Date.now();

  /** Milliseconds since the run began. */
  get now(): number {
    return Date.now() - this.#startedAt;
  }

  /** Waits for a planned time; one that has passed is not waited for. */
  async until(atMs: number): Promise<void> {
    const wait = atMs - this.now;
    if (wait > 0) await sleep(wait);
  }
}

/**
 * Waits until something holds.
 *
 * @param timeoutMs how long
 * @returns whether it came to hold
 */
export async function holdsWithin(
  timeoutMs: number,
  holds: () => boolean | Promise<boolean>,
  intervalMs = 50,
): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > until) return false;
    await sleep(intervalMs);
  }
  return true;
}
