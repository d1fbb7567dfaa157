import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import type { Order, Report } from "../report.ts";
import { until } from "../until.ts";
import type { Stage } from "./stage.ts";

const WATCHED_MS = { full: 180_000, quick: 1_000 };

/**
 * What accounts cost that nobody talks to: workerd's memory, and what they ask of ClickClack. The requests are counted
 * over some minutes, for an account looks through the events every 45 s.
 */
export async function play(
  { edge, accounts }: Stage,
  { quick, note, signal }: Order,
  thread: Worker,
): Promise<Report> {
  await until(async () => (await fetch(`${edge}/readyz`)).ok);
  note(`${accounts} accounts are connected`);
  const watchedMs = quick ? WATCHED_MS.quick : WATCHED_MS.full;
  thread.postMessage("watch");
  await sleep(watchedMs, undefined, { signal });
  thread.postMessage("tell");
  const [requests] = (await once(thread, "message")) as [number];
  return {
    title: `${accounts} idle accounts, each with its connection`,
    lines: [
      { name: "memory of workerd", unit: "MiB", edge: await memoryMiB(), goal: { atMost: 1_024 } },
      {
        name: "requests to ClickClack for each",
        unit: "per minute",
        edge: (requests / accounts) * (60_000 / watchedMs),
      },
    ],
  };
}

/** Resident memory of the workerd that this process has started; Linux alone tells it so. */
async function memoryMiB(): Promise<number> {
  const children = await Promise.all(
    (await readdir("/proc").catch(() => []))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")),
  );
  const workerd = children.find(
    (status) =>
      /^Name:\s+workerd$/m.test(status) && new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status),
  );
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(workerd ?? "")?.[1];
  if (kib === undefined) throw new Error("there is no /proc here to read workerd's memory from");
  return Number(kib) / 1_024;
}
