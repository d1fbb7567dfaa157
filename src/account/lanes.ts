import type { Work } from "./journal.ts";

/** How one step of a message went. */
export type AdmitResult<Message> =
  | { kind: "admitted"; message: Message }
  | { kind: "dropped" }
  | { kind: "retry"; at: number };
export type RunResult =
  | { kind: "settled" }
  | { kind: "retry"; at: number }
  /** It cannot go on by itself before it is {@link Lanes.release}d; at `until` it runs all the same. */
  | { kind: "parked"; until: number };

/** What the lanes drive. No step throws. */
export interface LaneSteps<Message> {
  /** Fetches the message and decides. */
  admit(work: Work): Promise<AdmitResult<Message>>;
  /** Writes an admitted message down that has to wait. */
  park(work: Work): void;
  /** Answers. The message is given when it was fetched just now; one that has waited is fetched again, it may have been edited or deleted. */
  run(work: Work, fresh: Message | undefined): Promise<RunResult>;
  /** Gives up the oldest waiting message of a conversation that has too many. */
  overflow(work: Work): void;
  now(): number;
  /** Called whenever {@link Lanes.nextDueAt} may have changed. */
  changed(): void;
}

export interface LaneBounds {
  admissionsAtOnce: number;
  turnsAtOnce: number;
  waitingPerConversation: number;
}

interface Waiting<Message> {
  work: Work;
  fresh?: Message | undefined;
  /** It has been run, so an answer to it may be on its way. */
  begun: boolean;
  parked: boolean;
}

interface Lane<Message> {
  /** The first one is in hand while `admitting`. */
  toAdmit: Work[];
  /** The first one is in hand while `running`. */
  waiting: Waiting<Message>[];
  admitting: boolean;
  running: boolean;
}

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

  constructor(steps: LaneSteps<Message>, bounds: LaneBounds) {
    this.#steps = steps;
    this.#bounds = bounds;
  }

  /** A message to decide on. It takes its place by cursor among those not yet in hand: order on the wire may differ. */
  add(work: Work): void {
    const { toAdmit, admitting } = this.#lane(work.conversation);
    let at = toAdmit.length;
    const first = admitting ? 1 : 0;
    while (at > first && (toAdmit[at - 1]?.cursor ?? "") > work.cursor) at--;
    toAdmit.splice(at, 0, work);
  }

  /** A message admitted by an earlier instance; given in cursor order. */
  addWaiting(work: Work): void {
    this.#lane(work.conversation).waiting.push({ work, begun: true, parked: false });
  }

  /**
   * Lets parked messages run now: every one, or a single one. A conversation that has just run stands behind all others,
   * so that single ones take turns.
   */
  release(which: "all" | "one"): void {
    for (const { waiting } of this.#lanes.values()) {
      const head = waiting[0];
      if (head === undefined || !head.parked) continue;
      head.parked = false;
      head.work.dueAt = this.#steps.now();
      if (which === "one") break;
    }
    this.pump();
  }

  /** Whether any message is parked. */
  get hasParked(): boolean {
    return [...this.#lanes.values()].some(({ waiting: [head] }) => head?.parked === true);
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
    this.#steps.changed();
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
    for (const lane of this.#lanes.values()) {
      const toAdmit = lane.admitting ? undefined : lane.toAdmit[0]?.dueAt;
      const toRun = lane.running || isOvertaking(lane) ? undefined : lane.waiting[0]?.work.dueAt;
      if (toAdmit !== undefined && !(isFull.admission && toAdmit <= now)) next = Math.min(next, toAdmit);
      if (toRun !== undefined && !(isFull.turn && toRun <= now)) next = Math.min(next, toRun);
    }
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  #startAdmission(lane: Lane<Message>): boolean {
    const work = lane.toAdmit[0];
    if (work === undefined || lane.admitting || work.dueAt > this.#steps.now()) return false;
    if (this.#admitting >= this.#bounds.admissionsAtOnce) return false;
    lane.admitting = true;
    this.#admitting++;
    void this.#steps.admit(work).then((result) => {
      lane.admitting = false;
      this.#admitting--;
      if (result.kind === "retry") work.dueAt = result.at;
      else lane.toAdmit.shift();
      if (result.kind === "admitted") this.#admitted(lane, work, result.message);
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
    if (this.#running >= this.#bounds.turnsAtOnce) return false;
    lane.running = true;
    head.begun = true;
    head.parked = false;
    this.#running++;
    void this.#steps.run(head.work, head.fresh).then((result) => {
      lane.running = false;
      this.#running--;
      head.fresh = undefined;
      head.parked = result.kind === "parked";
      if (result.kind === "retry") head.work.dueAt = result.at;
      else if (result.kind === "parked") head.work.dueAt = result.until;
      else lane.waiting.shift();
      this.pump();
    });
    return true;
  }

  #lane(conversation: string): Lane<Message> {
    let lane = this.#lanes.get(conversation);
    if (lane === undefined) {
      lane = { toAdmit: [], waiting: [], admitting: false, running: false };
      this.#lanes.set(conversation, lane);
    }
    return lane;
  }
}

function isEmpty<Message>(lane: Lane<Message>): boolean {
  return lane.toAdmit.length === 0 && lane.waiting.length === 0;
}

/** Whether a message that was admitted, and not yet run, comes after another one. */
function goesAfter<Message>(waiting: Waiting<Message> | undefined, work: Work): boolean {
  return waiting !== undefined && !waiting.begun && waiting.work.cursor > work.cursor;
}

/** Whether the message to run next would overtake one that has still to be decided on: frames may come swapped. */
function isOvertaking<Message>({ waiting: [head], toAdmit }: Lane<Message>): boolean {
  return head !== undefined && !head.begun && toAdmit.some(({ cursor }) => cursor < head.work.cursor);
}
