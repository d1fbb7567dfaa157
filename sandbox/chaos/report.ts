import type { Asked, Verdict } from "./judge.ts";
import type { Tally } from "./tally.ts";
import type { WorkerLog } from "./worker-log.ts";

/** Prints what is wrong, one by one and each with what the Worker logged about it; then the figures. */
export function report(verdict: Verdict, kills: Tally, faults: Tally, log: WorkerLog): void {
  for (const asked of verdict.lost) console.log(`lost: ${named(asked)}${storyOf(asked, log)}`);
  for (const { lane, said } of verdict.duplicated)
    console.log(`too much: ${lane.bot} in ${lane.place.name}, ${said.id}: ${JSON.stringify(said.body)}`);
  for (const asked of verdict.outOfOrder) console.log(`out of order: ${named(asked)}${storyOf(asked, log)}`);
  console.log(`${kills.total} kills: ${kills}`);
  console.log(`${faults.total} faults: ${faults}`);
  const { lost, duplicated, outOfOrder } = verdict;
  console.log(`lost ${lost.length}, duplicated ${duplicated.length}, out of order ${outOfOrder.length}`);
}

/** Whether nothing is wrong. */
export function isClean({ lost, duplicated, outOfOrder }: Verdict): boolean {
  return lost.length + duplicated.length + outOfOrder.length === 0;
}

function named({ question, messageId }: Asked): string {
  const { mark, lane, atMs, answer } = question;
  const mishap = answer.mishap === undefined ? "" : `, ${answer.mishaps} × ${answer.mishap}`;
  return `${mark} to ${lane.bot} in ${lane.place.name} at ${(atMs / 1000).toFixed(1)} s${mishap}, ${messageId}`;
}

function storyOf({ messageId }: Asked, log: WorkerLog): string {
  const story = log.story(messageId);
  return story.length === 0 ? "\n    the Worker logged nothing about it" : `\n    ${story.join("\n    ")}`;
}
