import { Breaker, type Pass } from "../domain/breaker.ts";
import {
  BREAKER_CONVERSATIONS_TO_OPEN,
  BREAKER_PROBE_MAX_MS,
  BREAKER_PROBE_MIN_MS,
  GATEWAY_WAIT_MAX_MS,
  RETRY_AFTER_MAX_MS,
} from "../limits.ts";
import type { Cause } from "./cause.ts";
import type { AccountContext } from "./context.ts";
import type { OutageFact } from "./facts.ts";

/** A question on its way to the gateway. */
export interface Way {
  /** The gateway has taken it: the outage, if there was one, is over. */
  reached(): void;
  missed(cause: Cause): void;
  /** Always called at the end. */
  leave(): void;
}

/**
 * Whether the agents can be reached. While they cannot, questions wait behind a breaker and are not used up. When that
 * began is stored, so that a restart does not begin it anew.
 */
export class Outage {
  readonly #context: AccountContext;
  readonly #over: () => void;
  readonly #breaker = new Breaker({
    callersToOpen: BREAKER_CONVERSATIONS_TO_OPEN,
    probeMinMs: BREAKER_PROBE_MIN_MS,
    probeMaxMs: BREAKER_PROBE_MAX_MS,
  });
  #current: OutageFact | undefined;
  #lastMiss: { at: number; cause: Cause } | undefined;

  /** @param over called when the agents can be reached again */
  constructor(context: AccountContext, over: () => void) {
    this.#context = context;
    this.#over = over;
    this.#current = context.facts.get("outage");
    // What an earlier life of the object learnt: not everything that waits shall run into it again at once.
    if (this.#current !== undefined) this.#breaker.trip(context.now());
  }

  get current(): OutageFact | undefined {
    return this.#current;
  }

  /** The last failure's text; undefined when none was met since the object started. */
  get error(): string | undefined {
    return this.#lastMiss?.cause.error;
  }

  /** Whether questions wait. */
  get isOpen(): boolean {
    return this.#breaker.isOpen;
  }

  /** When a waiting question may probe, Unix ms. */
  get probeAt(): number | undefined {
    return this.#breaker.probeAt;
  }

  /** Until when a question waits for the gateway, Unix ms: the time that it spent in line before the outage is not counted. */
  waitsUntil(admittedAt: number): number {
    const from = Math.max(admittedAt, this.#current?.since ?? 0);
    return from + Math.min(this.#context.edge.maxMessageAgeMs, GATEWAY_WAIT_MAX_MS);
  }

  /**
   * Why a question has waited in vain: the gateway was found away after its time was over.
   *
   * @param waitedUntil Unix ms
   * @returns undefined while that is not known, since it may be back by now
   */
  givenUp(waitedUntil: number): Cause | undefined {
    const miss = this.#lastMiss;
    return this.#current !== undefined && miss !== undefined && miss.at >= waitedUntil
      ? miss.cause
      : undefined;
  }

  /**
   * @param conversation whose question it is
   * @returns undefined when the question has to wait
   */
  enter(conversation: string): Way | undefined {
    const pass = this.#breaker.enter(conversation, this.#context.now());
    return (
      pass && {
        reached: () => this.#reached(pass),
        missed: (cause) => this.#missed(pass, cause),
        leave: () => pass.leave(),
      }
    );
  }

  /** Notes that a conversation is being told. */
  tell(conversation: string): void {
    if (this.#current === undefined) return;
    const told = { ...this.#current, told: [...this.#current.told, conversation] };
    // Stored first: what could not be written down has not been told.
    this.#context.facts.set("outage", told);
    this.#current = told;
  }

  /** An answer that was on its way before the outage says nothing new when it ends: a gateway that drains lets it finish. */
  #reached(pass: Pass): void {
    if (!pass.reached()) return;
    this.#lastMiss = undefined;
    if (this.#current === undefined) return;
    const lastedMs = this.#context.now() - this.#current.since;
    this.#current = undefined;
    this.#context.facts.remove("outage");
    this.#context.log({ event: "gateway:back", lastedMs });
    this.#over();
  }

  #missed(pass: Pass, cause: Cause): void {
    const { now, random, facts, log } = this.#context;
    pass.missed(now(), random(), Math.min(cause.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS));
    this.#lastMiss = { at: now(), cause };
    if (this.#current !== undefined) return;
    const { reason, error } = cause;
    this.#current = { since: now(), reason, told: [] };
    facts.set("outage", this.#current);
    log({ event: "gateway:away", reason, error });
  }
}
