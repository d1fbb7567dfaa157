import { setTimeout as sleep } from "node:timers/promises";
import type { KillPlan } from "./plan-kills.ts";
import type { Prunings } from "./prunings.ts";
import type { Tally } from "./tally.ts";
import { holdsWithin, type Timeline } from "./timeline.ts";
import type { Traffic } from "./traffic.ts";
import type { KillableWorker } from "./worker.ts";

/** What the kills need to know of a run. */
export interface KillScene {
  readonly worker: KillableWorker;
  readonly traffic: Traffic;
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly prunings: Prunings;
  /** Whether every account is linked. */
  isUp(): Promise<boolean>;
  /** Told when the Worker is dead. */
  onDead(): void;
  print(text: string): void;
}

/** A moment in the Worker's work is waited for so long; then it is killed all the same. */
const MOMENT_TIMEOUT_MS = 3_000;
/** Faults may keep a Worker from its links; it is killed without them after so long. */
const LINK_TIMEOUT_MS = 4_000;

/** Kills the Worker as planned and starts it again on the same state. It runs when this returns. */
export async function playKills(scene: KillScene, kills: readonly KillPlan[]): Promise<void> {
  for (const kill of kills) {
    const moment = await killAt(scene, kill);
    scene.tally.add(`kill ${moment}`);
    scene.onDead();
    scene.print(`killed (${moment})${kill.downMs > 0 ? `, dead for ${kill.downMs} ms` : ""}`);
    await sleep(kill.downMs);
    if (kill.keep !== undefined) await scene.prunings.prune(kill.keep);
    scene.worker.start();
  }
}

/** @returns when it really fell */
async function killAt(scene: KillScene, plan: KillPlan): Promise<string> {
  const { worker, traffic, timeline, isUp } = scene;
  const { atMs, moment, startedForMs, livesForMs } = plan;
  if (moment === "starting") {
    await sleep(startedForMs);
    const wasUp = worker.url !== undefined;
    await worker.kill();
    return wasUp ? "any" : "starting";
  }
  await worker.up();
  await holdsWithin(LINK_TIMEOUT_MS, isUp);
  await sleep(livesForMs);
  await timeline.until(atMs);
  if (moment === "any") {
    await worker.kill();
    return moment;
  }
  let dead: Promise<void> | undefined;
  const came = await traffic.at(moment, MOMENT_TIMEOUT_MS, () => {
    dead = worker.kill();
  });
  await dead;
  return came ? moment : "any";
}
