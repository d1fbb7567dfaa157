import { createHash } from "node:crypto";
import { planCallbackFaults } from "./plan-callbacks.ts";
import { type FaultPlan, planFaults } from "./plan-faults.ts";
import { type KillPlan, planKills } from "./plan-kills.ts";
import { planSends, type Send } from "./plan-sends.ts";
import { planTalk, type Question } from "./plan-talk.ts";
import { Random } from "./random.ts";

/** What a run is asked to be. */
export interface RunOrder {
  readonly messages: number;
  readonly kills: number;
  readonly seed: number;
}

/**
 * Everything that a run does by itself, decided before it begins; times are milliseconds since the talk began. What is
 * not decided here is the machine's: how long wrangler takes to start, and which request meets a fault that waits for one.
 */
export interface Plan {
  readonly durationMs: number;
  readonly questions: readonly Question[];
  readonly sends: readonly Send[];
  readonly faults: readonly FaultPlan[];
  readonly kills: readonly KillPlan[];
  /** The same for the same plan. */
  readonly fingerprint: string;
}

/** A killed Worker is back after about four seconds; half of the time it shall work. */
const MS_A_KILL = 9_000;
const MS_A_MESSAGE = 250;
const SHORTEST_TALK_MS = 10_000;

/** Decides a whole run. The same order gives the same plan. */
export function makePlan(order: RunOrder): Plan {
  const random = new Random(order.seed);
  const durationMs = Math.max(order.kills * MS_A_KILL, order.messages * MS_A_MESSAGE, SHORTEST_TALK_MS);
  const parts = {
    durationMs,
    questions: planTalk(random.fork("talk"), order.messages, durationMs),
    sends: planSends(random.fork("sends"), order.messages, durationMs),
    faults: [
      ...planFaults(random.fork("faults"), durationMs),
      ...planCallbackFaults(random.fork("callbacks"), durationMs),
    ],
    kills: planKills(random.fork("kills"), order.kills, durationMs),
  };
  const fingerprint = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
  return { ...parts, fingerprint };
}
