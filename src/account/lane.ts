import { isAside } from "../domain/bot-command.ts";
import { ADMISSIONS_AT_ONCE_MAX, TURNS_AT_ONCE_MAX, TURNS_WAITING_PER_CONVERSATION_MAX } from "../limits.ts";
import type { Work } from "./journal.ts";

/** How one step of a message went. */
export type AdmitResult<Message> =
  /** Its admission is noted in its place in line. */
  { kind: "admitted"; message: Message } | { kind: "dropped" } | { kind: "retry"; at: number };
export type RunResult =
  | { kind: "settled" }
  | { kind: "retry"; at: number }
  /** It goes on when it is its turn to probe, or when all are {@link Lanes.release}d; at `until` it runs all the same. */
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
  /** Until when a message must not be decided on, Unix ms, unless the lanes are pumped before and it may; undefined when it may. */
  heldUntil(work: Work): number | undefined;
  /** When one of the parked messages may run, to see whether all can, Unix ms; undefined when none may. */
  probeAt(): number | undefined;
  /** Called whenever {@link Lanes.nextDueAt} may have changed. */
  changed(): void;
}

export interface LaneBounds {
  admissionsAtOnce: number;
  turnsAtOnce: number;
  waitingPerConversation: number;
}

/** Those of an account. */
export const LANE_BOUNDS: LaneBounds = {
  admissionsAtOnce: ADMISSIONS_AT_ONCE_MAX,
  turnsAtOnce: TURNS_AT_ONCE_MAX,
  waitingPerConversation: TURNS_WAITING_PER_CONVERSATION_MAX,
};

/** An admitted message. */
export interface Waiting<Message> {
  work: Work;
  fresh?: Message | undefined;
  /** It has been run, so an answer to it may be on its way. */
  begun: boolean;
  parked: boolean;
}

/** A message that an earlier instance admitted. */
export interface Restored extends Work {
  begun: boolean;
}

/** One conversation. */
export interface Lane<Message> {
  /** The first one is in hand while `admitting`. */
  toAdmit: Work[];
  /** The first one is in hand while `running`. */
  waiting: Waiting<Message>[];
  admitting: boolean;
  running: boolean;
  /** Of commands that go past the conversation's questions, and past the bound on turns that run at once. */
  readonly isAside: boolean;
}

/** Where a message waits, by name: commands about a conversation's questions do not wait behind them. */
export function laneOf({ conversation, admission }: Work): { name: string; isAside: boolean } {
  const aside = admission?.command !== undefined && isAside(admission.command);
  return { name: aside ? `${conversation} aside` : conversation, isAside: aside };
}

/** Whether nothing is left to do in it. */
export function isEmpty<Message>(lane: Lane<Message>): boolean {
  return lane.toAdmit.length === 0 && lane.waiting.length === 0;
}

/** Whether a message that was admitted, and not yet run, comes after another one. */
export function goesAfter<Message>(waiting: Waiting<Message> | undefined, work: Work): boolean {
  return waiting !== undefined && !waiting.begun && waiting.work.cursor > work.cursor;
}

/** Whether the message to run next would overtake one that has still to be decided on: frames may come swapped. */
export function isOvertaking<Message>({ waiting: [head], toAdmit }: Lane<Message>): boolean {
  return head !== undefined && !head.begun && toAdmit.some(({ cursor }) => cursor < head.work.cursor);
}
