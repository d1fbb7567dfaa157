import { SENDS_AT_ONCE_MAX, WATCHDOG_INTERVAL_MS } from "../limits.ts";

/** A send that waits to be delivered in the background. */
export interface QueuedSend {
  nonce: string;
  /** Its target in canonical form, within which order is kept. */
  to: string;
  /** Unix ms. */
  dueAt: number;
}

/** How one try went. */
export type SendStep = { kind: "settled" } | { kind: "retry"; at: number };

/** What the queue drives. */
export interface SendSteps {
  /** Tries to deliver. Does not throw. */
  deliver(nonce: string): Promise<SendStep>;
  now(): number;
  /** Called whenever {@link SendQueue.nextDueAt} may have changed. */
  changed(): void;
}

interface Lane {
  /** The first one is in hand while `running`. */
  waiting: QueuedSend[];
  running: boolean;
}

/**
 * Keeps order among the sends to one target and none across: each target is a lane with one send in hand, and what
 * waits for its next try holds up its own lane only.
 *
 * Memory only: the outbox holds the same, and the queue is filled from it when the object starts.
 */
export class SendQueue {
  readonly #steps: SendSteps;
  readonly #lanes = new Map<string, Lane>();
  #running = 0;

  constructor(steps: SendSteps) {
    this.#steps = steps;
  }

  /** Sends that are not settled, those in hand included. */
  get size(): number {
    let size = 0;
    for (const { waiting } of this.#lanes.values()) size += waiting.length;
    return size;
  }

  /** Takes its place behind all others to the same target. */
  add(send: QueuedSend): void {
    const lane = this.#lanes.get(send.to);
    if (lane === undefined) this.#lanes.set(send.to, { waiting: [send], running: false });
    else lane.waiting.push(send);
  }

  /** Starts everything that may start now. */
  pump(): void {
    for (const [to, lane] of this.#lanes) this.#start(to, lane);
    this.#steps.changed();
  }

  /**
   * When to look again, Unix ms. What is due and waits for a free place only is left out: it is started when one is.
   * What is in hand is looked at all the same: should the object die meanwhile, nothing but its alarm would bring it back.
   */
  nextDueAt(): number | undefined {
    const now = this.#steps.now();
    const isFull = this.#running >= SENDS_AT_ONCE_MAX;
    let next = this.#running > 0 ? now + WATCHDOG_INTERVAL_MS : Number.POSITIVE_INFINITY;
    for (const { waiting, running } of this.#lanes.values()) {
      const dueAt = running ? undefined : waiting[0]?.dueAt;
      if (dueAt !== undefined && !(isFull && dueAt <= now)) next = Math.min(next, dueAt);
    }
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  #start(to: string, lane: Lane): void {
    const head = lane.waiting[0];
    if (head === undefined || lane.running || head.dueAt > this.#steps.now()) return;
    if (this.#running >= SENDS_AT_ONCE_MAX) return;
    lane.running = true;
    this.#running++;
    void this.#steps.deliver(head.nonce).then((step) => {
      lane.running = false;
      this.#running--;
      if (step.kind === "retry") head.dueAt = step.at;
      else lane.waiting.shift();
      this.#lanes.delete(to);
      // Behind all others, so that a busy target cannot keep the places from a quiet one.
      if (lane.waiting.length > 0) this.#lanes.set(to, lane);
      this.pump();
    });
  }
}
