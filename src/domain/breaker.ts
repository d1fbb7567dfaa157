import { backoffMs } from "./backoff.ts";

export interface BreakerBounds {
  /** Callers that have to fail, with nobody getting through meanwhile, before it opens. */
  callersToOpen: number;
  /** Wait before the first probe, milliseconds, and the ceiling of the waits after it. */
  probeMinMs: number;
  probeMaxMs: number;
}

/** One call that was let through. It says once how it went; after that, and after {@link Pass.leave}, it counts no more. */
export interface Pass {
  /**
   * The remote has answered, whatever it said.
   *
   * @returns false when this call has said so before, or is over: then it is no news
   */
  reached(): boolean;
  /** The remote was not reached. */
  missed(now: number, random: number, askedMs?: number): void;
  /** The call is over and has told nothing about the remote. */
  leave(): void;
}

/**
 * Stands before a remote that many need. It opens once a few callers have failed: then one call at a time is let through
 * to probe, after waits that grow, and the first that reaches the remote closes it for all.
 *
 * Callers are counted and not failures, because one caller's question may be what breaks the connection. It may fail as
 * often as it likes: alone it does not close the door to the others.
 */
export class Breaker {
  readonly #bounds: BreakerBounds;
  readonly #failing = new Set<string>();
  #probesMissed = 0;
  #probeAt: number | undefined;
  #probing = false;

  constructor(bounds: BreakerBounds) {
    this.#bounds = bounds;
  }

  get isOpen(): boolean {
    return this.#probeAt !== undefined;
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
    this.#probeAt = now;
  }

  /**
   * @param caller who calls; several failures of one count as one
   * @param now Unix ms
   * @returns undefined when the call has to wait
   */
  enter(caller: string, now: number): Pass | undefined {
    if (this.#probeAt === undefined) return this.#pass(caller, false);
    if (this.#probing || now < this.#probeAt) return undefined;
    this.#probing = true;
    return this.#pass(caller, true);
  }

  #pass(caller: string, isProbe: boolean): Pass {
    let isOver = false;
    const end = () => {
      if (isProbe && !isOver) this.#probing = false;
      isOver = true;
    };
    return {
      reached: () => {
        if (isOver) return false;
        end();
        this.#close();
        return true;
      },
      missed: (now, random, askedMs = 0) => {
        if (isOver) return;
        end();
        this.#missed(caller, isProbe, now, random, askedMs);
      },
      leave: end,
    };
  }

  #close(): void {
    this.#failing.clear();
    this.#probesMissed = 0;
    this.#probeAt = undefined;
  }

  #missed(caller: string, isProbe: boolean, now: number, random: number, askedMs: number): void {
    this.#failing.add(caller);
    // Calls that were on their way when it opened say nothing new: only a probe lengthens the wait.
    if (this.isOpen && !isProbe) return;
    if (!isProbe && this.#failing.size < this.#bounds.callersToOpen) return;
    if (isProbe) this.#probesMissed++;
    const { probeMinMs, probeMaxMs } = this.#bounds;
    this.#probeAt =
      now + Math.max(backoffMs(this.#probesMissed + 1, probeMinMs, probeMaxMs, random), askedMs);
  }
}
