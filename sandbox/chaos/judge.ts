import type { Said } from "../room.ts";
import type { Lane } from "./cast.ts";

/** A text that has to stand in its lane, once. */
export interface Due {
  /** For people: what it is. */
  readonly name: string;
  /** Word for word. */
  readonly body: string;
  /** The message that it has to quote. */
  readonly quotes?: string;
  /** Those of one series have to stand in the order in which they are due; the others only have to stand there. */
  readonly series?: "answers" | "sends";
  /** It may be missing, and may stand there once: the Worker has not said that it was taken, and nobody knows. */
  readonly isOptional?: boolean;
  /** The message or the send that the Worker's log knows it by. */
  readonly loggedAs?: string;
}

/** What a bot said in one place, oldest first, and what it had to say there, in the order in which it was asked. */
export interface LaneRecord {
  readonly lane: Lane;
  readonly due: readonly Due[];
  readonly said: readonly Said[];
}

/** What is wrong with what was said. */
export interface Verdict {
  /** What was due and is not there. */
  readonly lost: readonly Due[];
  /** What was said too much: a second time, by half, or without anybody having asked for it there. */
  readonly duplicated: readonly { readonly lane: Lane; readonly said: Said }[];
  /** What came after something that was due later. */
  readonly outOfOrder: readonly Due[];
}

/** Judges by what stands in ClickClack, and by nothing that the Worker says of itself. */
export function judge(records: readonly LaneRecord[]): Verdict {
  const lost: Due[] = [];
  const duplicated: { lane: Lane; said: Said }[] = [];
  const outOfOrder: Due[] = [];
  for (const { lane, due, said } of records) {
    const positions = new Map<Due, number>();
    said.forEach((message, position) => {
      const it = due.find((one) => isSaidBy(one, message));
      if (it === undefined || positions.has(it)) duplicated.push({ lane, said: message });
      else positions.set(it, position);
    });
    lost.push(...due.filter((one) => !positions.has(one) && !one.isOptional));
    for (const series of ["answers", "sends"] as const) {
      let last = -1;
      for (const one of due.filter((candidate) => candidate.series === series)) {
        const position = positions.get(one) ?? last;
        if (position < last) outOfOrder.push(one);
        last = Math.max(last, position);
      }
    }
  }
  return { lost, duplicated, outOfOrder };
}

function isSaidBy({ body, quotes }: Due, said: Said): boolean {
  return said.body === body && (quotes === undefined || said.quoted_message_id === quotes);
}
