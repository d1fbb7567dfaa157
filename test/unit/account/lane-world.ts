import type { Work } from "../../../src/account/journal.ts";
import type { AdmitResult, LaneBounds, Restored, RunResult } from "../../../src/account/lane.ts";
import { Lanes } from "../../../src/account/lanes.ts";

export const ADMITTED = "admitted";
export const DROPPED = "dropped";
export const SETTLED = "settled";
/** Try again at that time. */
export interface Retry {
  retryAt: number;
}
/** Waits to be released. */
export interface Park {
  parkedUntil: number;
}

/** A message's fetched form, as the lanes hand it on. */
export type Fetched = `text of ${string}`;

/** Lanes whose every step ends when the test says so, at a clock that the test moves. */
export interface LaneWorld {
  lanes: Lanes<Fetched>;
  /** Everything that the lanes asked for, in order: `admit a1`, `run a1 fresh`, `run a1`, `park a1`, `overflow a1`. */
  log: string[];
  /** How often the lanes said that something may be due. */
  changes(): number;
  /** Messages in hand. */
  admitting(): string[];
  running(): string[];
  /** Hands a message in and starts what may start. */
  add(messageId: string, cursor?: string): void;
  endAdmission(messageId: string, how: typeof ADMITTED | typeof DROPPED | Retry): Promise<void>;
  endRun(messageId: string, how: typeof SETTLED | Retry | Park): Promise<void>;
  /** Decides on a message that was not in hand before. */
  addAdmitted(messageId: string): Promise<void>;
  /** Holds a message back until a time, or lets it go. */
  hold(messageId: string, until: number | undefined): void;
  /** One of the parked messages may run from then on. */
  probeFrom(at: number | undefined): void;
  /** Moves the clock and lets the lanes look. */
  wake(now: number): void;
  now(): number;
}

const ROOMY: LaneBounds = { admissionsAtOnce: 100, turnsAtOnce: 100, waitingPerConversation: 100 };

/** The first letter of a message's name is its conversation. */
export function workOf(messageId: string, cursor = `cur_${messageId.slice(1).padStart(4, "0")}`): Work {
  return { messageId, conversation: messageId.charAt(0), cursor, dueAt: 0 };
}

/** A message that an earlier life of the lanes had admitted. */
export function restored(messageId: string, begun = false): Restored {
  return { ...workOf(messageId), begun };
}

/** @param bounds what is bounded; everything else has room for 100 */
export function laneWorld(bounds: Partial<LaneBounds> = {}): LaneWorld {
  const admissions = new Map<string, (result: AdmitResult<Fetched>) => void>();
  const runs = new Map<string, (result: RunResult) => void>();
  const held = new Map<string, number | undefined>();
  const log: string[] = [];
  let changes = 0;
  let now = 0;
  let probeAt: number | undefined;
  const lanes = new Lanes<Fetched>(
    {
      admit: ({ messageId }) => {
        log.push(`admit ${messageId}`);
        return inHand(admissions, messageId);
      },
      run: ({ messageId }, fresh) => {
        if (fresh !== undefined && fresh !== `text of ${messageId}`)
          throw new Error(`${fresh} is not ${messageId}`);
        log.push(fresh === undefined ? `run ${messageId}` : `run ${messageId} fresh`);
        return inHand(runs, messageId);
      },
      park: ({ messageId }) => void log.push(`park ${messageId}`),
      overflow: ({ messageId }) => void log.push(`overflow ${messageId}`),
      now: () => now,
      probeAt: () => probeAt,
      heldUntil: ({ messageId }) => held.get(messageId),
      changed: () => void changes++,
    },
    { ...ROOMY, ...bounds },
  );
  const add = (messageId: string, cursor?: string) => {
    lanes.add(workOf(messageId, cursor));
    lanes.pump();
  };
  const endAdmission: LaneWorld["endAdmission"] = (messageId, how) =>
    end(
      admissions,
      messageId,
      how === ADMITTED
        ? { kind: "admitted", message: `text of ${messageId}` }
        : how === DROPPED
          ? { kind: "dropped" }
          : { kind: "retry", at: how.retryAt },
    );
  return {
    hold: (messageId, until) => void held.set(messageId, until),
    probeFrom: (at) => {
      probeAt = at;
    },
    lanes,
    log,
    changes: () => changes,
    admitting: () => [...admissions.keys()],
    running: () => [...runs.keys()],
    add,
    endAdmission,
    endRun: (messageId, how) => end(runs, messageId, runResult(how)),
    addAdmitted: async (messageId) => {
      add(messageId);
      await endAdmission(messageId, ADMITTED);
    },
    wake: (at) => {
      now = at;
      lanes.pump();
    },
    now: () => now,
  };
}

function runResult(how: typeof SETTLED | Retry | Park): RunResult {
  if (how === SETTLED) return { kind: "settled" };
  return "retryAt" in how ? { kind: "retry", at: how.retryAt } : { kind: "parked", until: how.parkedUntil };
}

function inHand<Result>(steps: Map<string, (result: Result) => void>, messageId: string): Promise<Result> {
  if (steps.has(messageId)) throw new Error(`${messageId} is in hand twice`);
  return new Promise((resolve) => steps.set(messageId, resolve));
}

async function end<Result>(
  steps: Map<string, (result: Result) => void>,
  messageId: string,
  result: Result,
): Promise<void> {
  const resolve = steps.get(messageId);
  if (resolve === undefined) throw new Error(`${messageId} is not in hand, only ${[...steps.keys()]}`);
  steps.delete(messageId);
  resolve(result);
  // The lanes wait for the step directly, so they have gone on once the microtasks queued by now are done.
  await Promise.resolve();
}
