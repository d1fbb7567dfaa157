import { control } from "./control.ts";
import type { Tally } from "./tally.ts";
import type { WorkerLog } from "./worker-log.ts";

/** What the prunings need to know of a run. */
export interface PruningScene {
  readonly clickclack: string;
  readonly workspaceId: string;
  /** Milliseconds since the run began. */
  now(): number;
  print(text: string): void;
}

/** Takes old events out of ClickClack's log, whatever the Worker still wants of them, and remembers when. */
export class Prunings {
  readonly #scene: PruningScene;
  /** Those at which events really went: when, and the cursor of the newest that did. */
  readonly #made: { at: number; upTo: string }[] = [];

  constructor(scene: PruningScene) {
    this.#scene = scene;
  }

  /** @param keep how many events are left, at most */
  async prune(keep: number): Promise<void> {
    const { clickclack, workspaceId, now, print } = this.#scene;
    const order = { workspace_id: workspaceId, keep };
    const answer = await control<{ pruned: number; up_to: string }>(clickclack, "POST", "prune", order);
    const { pruned, up_to: upTo } = answer;
    if (pruned > 0) this.#made.push({ at: now(), upTo });
    print(`pruned ${pruned} events, ${keep} may be left`);
  }

  /**
   * Counts those at which events went, and apart from the others those that took the place in the log of a bot, which
   * then made up for it: by its own word, since nobody else knows its place.
   */
  count(log: WorkerLog, tally: Tally): void {
    const resyncs = log.resyncs();
    for (const { at, upTo } of this.#made) {
      const wasNeeded = resyncs.some((resync) => resync.at >= at && resync.from <= upTo);
      tally.add(wasNeeded ? "log pruned and made up for" : "log pruned unnoticed");
    }
  }
}
