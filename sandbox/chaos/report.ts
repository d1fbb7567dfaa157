import { nameOf } from "./cast.ts";
import type { Due, Verdict } from "./judge.ts";
import type { WorkerLog } from "./worker-log.ts";

/**
 * Prints what is wrong, one by one and each with what the Worker logged about it; then the figures.
 *
 * @param figures lines, before the verdict's own
 */
export function report(verdict: Verdict, figures: readonly string[], log: WorkerLog): void {
  for (const due of verdict.lost) console.log(`lost: ${due.name}${storyOf(due, log)}`);
  for (const { lane, said } of verdict.duplicated)
    console.log(`too much: ${nameOf(lane)}, ${said.id}: ${JSON.stringify(said.body)}`);
  for (const due of verdict.outOfOrder) console.log(`out of order: ${due.name}${storyOf(due, log)}`);
  for (const line of figures) console.log(line);
  const { lost, duplicated, outOfOrder } = verdict;
  console.log(`lost ${lost.length}, duplicated ${duplicated.length}, out of order ${outOfOrder.length}`);
}

/** Whether nothing is wrong. */
export function isClean({ lost, duplicated, outOfOrder }: Verdict): boolean {
  return lost.length + duplicated.length + outOfOrder.length === 0;
}

function storyOf({ loggedAs }: Due, log: WorkerLog): string {
  const story = loggedAs === undefined ? [] : log.story(loggedAs);
  return story.length === 0 ? "\n    the Worker logged nothing about it" : `\n    ${story.join("\n    ")}`;
}
