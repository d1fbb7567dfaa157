import type { Random } from "./random.ts";

/**
 * When a kill falls, as the stand-ins and callers see the Worker's work: at any time; while it starts; as it reads a
 * message, as it asks the agent, when it has the whole answer, as it posts, when its post was answered; when it has
 * taken a send on, or a callback.
 */
export const MOMENTS = [
  "any",
  "starting",
  "reading",
  "asking",
  "answered",
  "posting",
  "posted",
  "accepted",
  "called",
] as const;
export type Moment = (typeof MOMENTS)[number];

/** One SIGKILL of the Worker and everything it started. */
export interface KillPlan {
  /** Not before. */
  readonly atMs: number;
  readonly moment: Moment;
  /** For `starting`: how long after the start before. */
  readonly startedForMs: number;
  /** For the others: how long its life lasts at least, from when it was linked. */
  readonly livesForMs: number;
  /** How long the Worker stays dead. */
  readonly downMs: number;
  /** How many events are left in ClickClack's log when it starts again; absent: all. */
  readonly keep?: number;
}

/** How many kills lose the Worker its place in the event log. */
const PRUNED = 0.35;
const KEEP_MAX = 20;

/** Decides when the Worker is killed. */
export function planKills(random: Random, count: number, durationMs: number): KillPlan[] {
  const moments = random.deal(MOMENTS, count);
  // There is no start before the first kill that it could fall into: that one came up in peace.
  if (moments[0] === "starting") moments[0] = "any";
  return random.moments(count, 0, durationMs).map((atMs, index) => {
    const isPruned = random.chance(PRUNED);
    return {
      atMs,
      moment: moments[index] ?? "any",
      startedForMs: random.whole(300, 3_500),
      livesForMs: random.whole(300, 4_000),
      // What is said while it is dead shall be among what goes.
      downMs: isPruned || random.chance(0.3) ? random.whole(500, 3_000) : 0,
      ...(isPruned && { keep: random.whole(0, KEEP_MAX) }),
    };
  });
}
