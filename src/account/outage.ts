import { Breaker, type Pass } from "../domain/breaker.ts";
import {
  BREAKER_FAILURES_TO_OPEN,
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
  /** The gateway has answered: for this account the outage, if there was one, is over. */
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
    failuresToOpen: BREAKER_FAILURES_TO_OPEN,
    probeMinMs: BREAKER_PROBE_MIN_MS,
    probeMaxMs: BREAKER_PROBE_MAX_MS,
  });
  #current: OutageFact | undefined;
  #error: string | undefined;

  /** @param over called when the agents can be reached again */
  constructor(context: AccountContext, over: () => void) {
    this.#context = context;
    this.#over = over;
    this.#current = context.facts.get("outage");
  }

  get current(): OutageFact | undefined {
    return this.#current;
  }

  /** The last failure's text; undefined when none was met since the object started. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Whether questions wait. */
  get isOpen(): boolean {
    return this.#breaker.isOpen;
  }

  /** When a waiting question may probe, Unix ms. */
  get probeAt(): number | undefined {
    return this.#breaker.probeAt;
  }

  /** Failures since the gateway was last reached. */
  get failures(): number {
    return this.#breaker.failures;
  }

  /** Until when a question admitted at a time waits for the gateway, Unix ms. */
  waitsUntil(admittedAt: number): number {
    return admittedAt + Math.min(this.#context.edge.maxMessageAgeMs, GATEWAY_WAIT_MAX_MS);
  }

  /** @returns undefined when the question has to wait */
  enter(): Way | undefined {
    const pass = this.#breaker.enter(this.#context.now());
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

  #reached(pass: Pass): void {
    pass.reached();
    this.#error = undefined;
    if (this.#current === undefined) return;
    const lastedMs = this.#context.now() - this.#current.since;
    this.#current = undefined;
    this.#context.facts.remove("outage");
    this.#context.log({ event: "gateway:back", lastedMs });
    this.#over();
  }

  #missed(pass: Pass, { reason, error, retryAfterMs = 0 }: Cause): void {
    const { now, random, facts, log } = this.#context;
    pass.missed(now(), random(), Math.min(retryAfterMs, RETRY_AFTER_MAX_MS));
    this.#error = error;
    if (this.#current !== undefined) return;
    this.#current = { since: now(), reason, told: [] };
    facts.set("outage", this.#current);
    log({ event: "gateway:away", reason, error });
  }
}
