import { setTimeout as sleep } from "node:timers/promises";

const TIMEOUT_MS = 120_000;
const INTERVAL_MS = 20;

/** Waits until something holds. @throws when that takes too long */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`the Worker was not done within ${TIMEOUT_MS} ms`);
    await sleep(INTERVAL_MS);
  }
}
