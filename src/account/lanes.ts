import type { Work } from "./journal.ts";
import {
  goesAfter,
  isEmpty,
  isOvertaking,
  type Lane,
  type LaneBounds,
  type LaneSteps,
  laneOf,
  type Restored,
  type Waiting,
} from "./lane.ts";

/**
 * Keeps order within a conversation and none across. A conversation is a lane with two stages, each strictly first in
 * first out and each with one message in hand: deciding, which is quick, and answering, which may take minutes. So a
 * message is decided on, and can be acted upon, while the answer before it is still being made.
 *
 * Memory only: the tables hold the same, and the lanes are filled from them when the object starts.
 */
export class Lanes<Message> {
  readonly #steps: LaneSteps<Message>;
  readonly #bounds: LaneBounds;
  readonly #lanes = new Map<string, Lane<Message>>();
  #admitting = 0;
  #running = 0;
  /** The parked message that runs alone, while it does. */
  #probing: Waiting<Message> | undefined;

  constructor(steps: LaneSteps<Message>, bounds: LaneBounds) {
    this.#steps = steps;
    this.#bounds = bounds;
  }

  /** A message to decide on. It takes its place by cursor among those not yet in hand: order on the wire may differ. */
  add(work: Work): void {
    const { toAdmit, admitting } = this.#lane(work);
    let at = toAdmit.length;
    const first = admitting ? 1 : 0;
    while (at > first && (toAdmit[at - 1]?.cursor ?? "") > work.cursor) at--;
    toAdmit.splice(at, 0, work);
  }

  /** A message admitted by an earlier instance; given in cursor order. */
  addWaiting({ begun, ...work }: Restored): void {
    this.#lane(work).waiting.push({ work, begun, parked: false });
  }

  /** Lets every parked message run now. */
  release(): void {
    for (const { waiting } of this.#lanes.values()) if (waiting[0]?.parked) this.#unpark(waiting[0]);
    this.pump();
  }

  /**
   * Takes an admitted message out that is not being answered at this moment.
   *
   * @returns the message, if there is one
   */
  take(messageId: string): Work | undefined {
    for (const lane of this.#lanes.values()) {
      const at = lane.waiting.findIndex(({ work }) => work.messageId === messageId);
      if (at < 0 || (at === 0 && lane.running)) continue;
      return lane.waiting.splice(at, 1)[0]?.work;
    }
    return undefined;
  }

  /** The questions of a conversation from before a cursor that are not being answered at this moment; commands are none. */
  waitingBefore(conversation: string, cursor: string): string[] {
    const { waiting = [], running = false } = this.#lanes.get(conversation) ?? {};
    return waiting
      .slice(running ? 1 : 0)
      .filter(({ work }) => work.cursor < cursor && work.admission?.command === undefined)
      .map(({ work }) => work.messageId);
  }

  /** Whether there is anything of a conversation to decide on or to answer. */
  isBusy(conversation: string): boolean {
    return this.#lanes.has(conversation);
  }

  /** How many messages of a conversation are being answered or wait for it. */
  countIn(conversation: string): number {
    return this.#lanes.get(conversation)?.waiting.length ?? 0;
  }

  /** How many messages are being answered, and how many wait: to be decided on, or for their answer. */
  counts(): { running: number; waiting: number } {
    const inLanes = [...this.#lanes.values()].reduce(
      (sum, { toAdmit, waiting }) => sum + toAdmit.length + waiting.length,
      0,
    );
    return { running: this.#running, waiting: inLanes - this.#running };
  }

  /** Starts everything that may start now. */
  pump(): void {
    for (const [conversation, lane] of [...this.#lanes]) {
      const started = [this.#startAdmission(lane), this.#startRun(lane)].includes(true);
      if (started || isEmpty(lane)) this.#lanes.delete(conversation);
      // Behind all others, so that a busy conversation cannot keep the slots from a quiet one.
      if (started) this.#lanes.set(conversation, lane);
    }
    this.#probe();
    this.#steps.changed();
  }

  /** Runs one of the parked messages if it is time. A conversation that has just run stands behind all others. */
  #probe(): void {
    const at = this.#steps.probeAt();
    if (at === undefined || at > this.#steps.now() || this.#probing !== undefined) return;
    if (this.#running >= this.#bounds.turnsAtOnce) return;
    for (const [conversation, lane] of this.#lanes) {
      const head = lane.waiting[0];
      if (head === undefined || !head.parked || lane.running) continue;
      this.#unpark(head);
      this.#probing = head;
      this.#startRun(lane);
      this.#lanes.delete(conversation);
      this.#lanes.set(conversation, lane);
      return;
    }
  }

  #unpark(head: Waiting<Message>): void {
    head.parked = false;
    head.work.dueAt = this.#steps.now();
  }

  /**
   * When something next has to be started, Unix ms. What is due and waits for a free place only is left out: it is
   * started when one is.
   */
  nextDueAt(): number | undefined {
    const now = this.#steps.now();
    const isFull = {
      admission: this.#admitting >= this.#bounds.admissionsAtOnce,
      turn: this.#running >= this.#bounds.turnsAtOnce,
    };
    let next = Number.POSITIVE_INFINITY;
    let hasParked = false;
    for (const lane of this.#lanes.values()) {
      hasParked ||= lane.waiting[0]?.parked === true && !lane.running;
      const toAdmit = lane.admitting ? undefined : this.#admissionDueAt(lane.toAdmit[0]);
      const toRun = lane.running || isOvertaking(lane) ? undefined : lane.waiting[0]?.work.dueAt;
      if (toAdmit !== undefined && !(isFull.admission && toAdmit <= now)) next = Math.min(next, toAdmit);
      if (toRun !== undefined && !(isFull.turn && toRun <= now)) next = Math.min(next, toRun);
    }
    const probe =
      hasParked && !isFull.turn && this.#probing === undefined ? this.#steps.probeAt() : undefined;
    next = Math.min(next, probe ?? next);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  #admissionDueAt(work: Work | undefined): number | undefined {
    return work && Math.max(work.dueAt, this.#steps.heldUntil(work) ?? 0);
  }

  #startAdmission(lane: Lane<Message>): boolean {
    const work = lane.toAdmit[0];
    if (work === undefined || lane.admitting || work.dueAt > this.#steps.now()) return false;
    if (this.#steps.heldUntil(work) !== undefined) return false;
    if (this.#admitting >= this.#bounds.admissionsAtOnce) return false;
    lane.admitting = true;
    this.#admitting++;
    void this.#steps.admit(work).then((result) => {
      lane.admitting = false;
      this.#admitting--;
      if (result.kind === "retry") work.dueAt = result.at;
      else lane.toAdmit.shift();
      if (result.kind === "admitted") this.#admitted(this.#lane(work), work, result.message);
      this.pump();
    });
    return true;
  }

  #admitted(lane: Lane<Message>, work: Work, message: Message): void {
    const item: Waiting<Message> = { work, fresh: message, begun: false, parked: false };
    let at = lane.waiting.length;
    while (at > 0 && goesAfter(lane.waiting[at - 1], work)) at--;
    lane.waiting.splice(at, 0, item);
    this.#startRun(lane);
    if (item.begun) return;
    item.fresh = undefined;
    this.#steps.park(work);
    const waiting = lane.waiting.filter(({ begun }) => !begun);
    if (waiting.length <= this.#bounds.waitingPerConversation) return;
    const [oldest] = waiting;
    lane.waiting = lane.waiting.filter((other) => other !== oldest);
    if (oldest !== undefined) this.#steps.overflow(oldest.work);
  }

  #startRun(lane: Lane<Message>): boolean {
    const head = lane.waiting[0];
    if (head === undefined || lane.running || head.work.dueAt > this.#steps.now()) return false;
    if (isOvertaking(lane)) return false;
    if (this.#running >= this.#bounds.turnsAtOnce && !lane.isAside) return false;
    lane.running = true;
    head.begun = true;
    head.parked = false;
    this.#running++;
    void this.#steps.run(head.work, head.fresh).then((result) => {
      lane.running = false;
      this.#running--;
      if (this.#probing === head) this.#probing = undefined;
      head.fresh = undefined;
      head.parked = result.kind === "parked";
      if (result.kind === "retry") head.work.dueAt = result.at;
      else if (result.kind === "parked") head.work.dueAt = result.until;
      else lane.waiting.shift();
      this.pump();
    });
    return true;
  }

  #lane(work: Work): Lane<Message> {
    const { name, isAside } = laneOf(work);
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { toAdmit: [], waiting: [], admitting: false, running: false, isAside };
      this.#lanes.set(name, lane);
    }
    return lane;
  }
}
