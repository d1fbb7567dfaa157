import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { until } from "../until.ts";
import { CAST, type Player } from "./cast.ts";
import { Crowd } from "./crowd.ts";
import type { Stage } from "./stage.ts";

/** How long the stand-in's model takes for what asks for it; for all else it takes no time at all. */
const TAKES_MS = [50, 1_000, 8_000];

export type Crowds = Record<Player, Crowd>;

/** Does something once everybody is there: the floor, the Worker's accounts with their connections, and the people. */
export async function withCrowds<Result>(
  { clickclack, gateway, edge, seats }: Stage,
  play: (crowds: Crowds) => Promise<Result>,
): Promise<Result> {
  for (const delayMs of TAKES_MS) await script(gateway.url, { text: takes(delayMs) }, delayMs);
  await script(gateway.url, {}, 0);
  const floor = new Worker(new URL("floor.ts", import.meta.url), {
    workerData: { clickclack, gateway, seat: seats.floor },
  });
  await once(floor, "message");
  await until(async () => (await fetch(`${edge}/readyz`)).ok);
  const crowds = {} as Crowds;
  for (const player of CAST) crowds[player] = await Crowd.join(clickclack, seats[player]);
  try {
    return await play(crowds);
  } finally {
    for (const crowd of Object.values(crowds)) crowd.leave();
    floor.postMessage("end");
  }
}

/** @param ms one of {@link TAKES_MS} */
export function takes(ms: number): string {
  return `please take ${ms} ms`;
}

async function script(gateway: string, match: { text?: string }, delayMs: number): Promise<void> {
  const rule = { match, reply: { text: "There.", delayMs } };
  const response = await fetch(`${gateway}/sandbox/replies`, { method: "POST", body: JSON.stringify(rule) });
  if (!response.ok) throw new Error(`the stand-in does not take the script: ${await response.text()}`);
}
