import type { Work } from "./journal.ts";

/** How one step of a message went. */
export type AdmitResult<Message> =
  | { kind: "admitted"; message: Message }
  | { kind: "dropped" }
  | { kind: "retry"; at: number };
export type RunResult = { kind: "settled" } | { kind: "retry"; at: number };

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
    this.#lane(work.conversation).waiting.push({ work });
  }

  /** Starts everything that may start now. */
  pump(): void {
    for (const [conversation, lane] of this.#lanes) {
      this.#startAdmission(lane);
      this.#startRun(lane);
      if (isEmpty(lane)) this.#lanes.delete(conversation);
    }
    this.#steps.changed();
  }

  /** When the next message that waits for a retry is due, Unix ms. */
  nextDueAt(): number | undefined {
    let next: number | undefined;
    for (const lane of this.#lanes.values()) {
      const heads = [
        lane.admitting ? undefined : lane.toAdmit[0]?.dueAt,
        lane.running ? undefined : lane.waiting[0]?.work.dueAt,
      ];
      for (const dueAt of heads)
        if (dueAt !== undefined && (next === undefined || dueAt < next)) next = dueAt;
    }
    return next;
  }

  #startAdmission(lane: Lane<Message>): void {
    const work = lane.toAdmit[0];
    if (work === undefined || lane.admitting || work.dueAt > this.#steps.now()) return;
    if (this.#admitting >= this.#bounds.admissionsAtOnce) return;
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
  }

  #admitted(lane: Lane<Message>, work: Work, message: Message): void {
    const item: Waiting<Message> = { work, fresh: message };
    lane.waiting.push(item);
    this.#startRun(lane);
    const inHand = lane.running ? 1 : 0;
    if (inHand === 1 && lane.waiting[0] === item) return;
    item.fresh = undefined;
    this.#steps.park(work);
    if (lane.waiting.length - inHand > this.#bounds.waitingPerConversation) {
      const [oldest] = lane.waiting.splice(inHand, 1);
      if (oldest !== undefined) this.#steps.overflow(oldest.work);
    }
  }

  #startRun(lane: Lane<Message>): void {
    const head = lane.waiting[0];
    if (head === undefined || lane.running || head.work.dueAt > this.#steps.now()) return;
    if (this.#running >= this.#bounds.turnsAtOnce) return;
    lane.running = true;
    this.#running++;
    void this.#steps.run(head.work, head.fresh).then((result) => {
      lane.running = false;
      this.#running--;
      head.fresh = undefined;
      if (result.kind === "retry") head.work.dueAt = result.at;
      else lane.waiting.shift();
      this.pump();
    });
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
