import { backoffMs } from "./backoff.ts";

export interface BreakerBounds {
  /** Failures in a row that open it. */
  failuresToOpen: number;
  /** Wait before the first probe, milliseconds, and the ceiling of the waits after it. */
  probeMinMs: number;
  probeMaxMs: number;
}

/** One call that was let through. It says once how it went; after that, and after {@link Pass.leave}, it counts no more. */
export interface Pass {
  /** The remote has answered, whatever it said. */
  reached(): void;
  /** The remote was not reached. */
  missed(now: number, random: number, askedMs?: number): void;
  /** The call is over and has told nothing about the remote. */
  leave(): void;
}

/**
 * Stands before a remote that several calls need. A few failures in a row open it: then one call at a time is let
 * through to probe, after waits that grow, and the first that reaches the remote closes it for all.
 *
 * Several failures and not one, because a single question may be what breaks the connection, and must not close the door
 * to the others.
 */
export class Breaker {
  readonly #bounds: BreakerBounds;
  #failures = 0;
  #probeAt: number | undefined;
  #probing = false;

  constructor(bounds: BreakerBounds) {
    this.#bounds = bounds;
  }

  get isOpen(): boolean {
    return this.#probeAt !== undefined;
  }

  /** Failures since the remote was last reached. */
  get failures(): number {
    return this.#failures;
  }

  /** When the next probe may go, Unix ms; undefined while it is closed, and while a probe is on its way. */
  get probeAt(): number | undefined {
    return this.#probing ? undefined : this.#probeAt;
  }

  /**
   * Opens it on what is known from before: the next call is a probe.
   *
   * @param now Unix ms
   */
  trip(now: number): void {
    this.#failures = this.#bounds.failuresToOpen;
    this.#probeAt = now;
  }

  /**
   * @param now Unix ms
   * @returns undefined when the call has to wait
   */
  enter(now: number): Pass | undefined {
    if (this.#probeAt === undefined) return this.#pass(false);
    if (this.#probing || now < this.#probeAt) return undefined;
    this.#probing = true;
    return this.#pass(true);
  }

  #pass(isProbe: boolean): Pass {
    let over = false;
    const once = (tell: () => void) => {
      if (over) return;
      over = true;
      if (isProbe) this.#probing = false;
      tell();
    };
    return {
      reached: () => once(() => this.#close()),
      missed: (now, random, askedMs = 0) => once(() => this.#missed(isProbe, now, random, askedMs)),
      leave: () => once(() => {}),
    };
  }

  #close(): void {
    this.#failures = 0;
    this.#probeAt = undefined;
  }

  #missed(isProbe: boolean, now: number, random: number, askedMs: number): void {
    // Calls that were on their way when it opened say nothing new: only a probe lengthens the wait.
    if (this.isOpen && !isProbe) return;
    this.#failures++;
    const beyond = this.#failures - this.#bounds.failuresToOpen;
    if (beyond < 0) return;
    const wait = backoffMs(beyond + 1, this.#bounds.probeMinMs, this.#bounds.probeMaxMs, random);
    this.#probeAt = now + Math.max(wait, askedMs);
  }
}
