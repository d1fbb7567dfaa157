import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { play } from "./callbacks/play.ts";
import type { Stage } from "./callbacks/stage.ts";
import type { Order, Report } from "./report.ts";

/** The round trip of a callback. */
export async function callbacks(order: Order): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-bench-"));
  const thread = new Worker(new URL("callbacks/stage.ts", import.meta.url), { workerData: { folder } });
  const ended = once(thread, "exit");
  // A failure there is thrown here, for once() rejects with it.
  ended.catch(() => {});
  try {
    order.note("bundling and starting");
    const [stage] = await once(thread, "message", { signal: order.signal });
    return await Promise.race([play(stage as Stage, order), interrupted(order.signal)]);
  } finally {
    thread.postMessage("end");
    await ended.finally(() => rm(folder, { recursive: true, force: true }));
  }
}

async function interrupted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}
