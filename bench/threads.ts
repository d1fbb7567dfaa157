import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Order } from "./report.ts";

/**
 * Does something with a stage that stands in a thread of its own, and takes it down.
 *
 * @param script of the thread: it posts its stage once that is up, and ends when it is sent `"end"`
 * @param play ends when it has what it wants; what it has not is lost when the order is called off
 * @throws what the thread or `play` throws, and the order's reason when that is called off
 */
export async function onStage<Stage, Result>(
  script: URL,
  order: Order,
  play: (stage: Stage, thread: Worker) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-bench-"));
  const thread = new Worker(script, { workerData: { folder, quick: order.quick } });
  const ended = once(thread, "exit");
  // A failure there is thrown here, for once() rejects with it.
  ended.catch(() => {});
  try {
    order.note("bundling and starting");
    const [stage] = await once(thread, "message", { signal: order.signal });
    return await Promise.race([play(stage as Stage, thread), calledOff(order.signal)]);
  } finally {
    thread.postMessage("end");
    await ended.finally(() => rm(folder, { recursive: true, force: true }));
  }
}

async function calledOff(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}
