import type { Said } from "../room.ts";
import type { Lane } from "./cast.ts";
import type { Question } from "./plan-talk.ts";

/** A question as it was posted. */
export interface Asked {
  readonly question: Question;
  /** ClickClack's message. */
  readonly messageId: string;
}

/** What a bot said in one place, oldest first, and what it was asked there, in the order of asking. */
export interface LaneRecord {
  readonly lane: Lane;
  readonly asked: readonly Asked[];
  readonly said: readonly Said[];
}

/** What is wrong with the answers. */
export interface Verdict {
  /** Questions without an answer. */
  readonly lost: readonly Asked[];
  /** What was said too much: a second answer, half an answer, an answer to nothing that was asked there. */
  readonly duplicated: readonly { readonly lane: Lane; readonly said: Said }[];
  /** Questions whose answer came after that to a question asked later. */
  readonly outOfOrder: readonly Asked[];
}

/**
 * Judges by what stands in ClickClack, and by nothing that the Worker says of itself. A message answers a question when it
 * is, word for word, what the agent was to say to it, in its place, by its bot and, in a channel, with it as the quote.
 */
export function judge(records: readonly LaneRecord[]): Verdict {
  const lost: Asked[] = [];
  const duplicated: { lane: Lane; said: Said }[] = [];
  const outOfOrder: Asked[] = [];
  for (const { lane, asked, said } of records) {
    const answered = new Map<Asked, number>();
    said.forEach((message, position) => {
      const to = asked.find((one) => answers(lane, one, message));
      if (to === undefined || answered.has(to)) duplicated.push({ lane, said: message });
      else answered.set(to, position);
    });
    let last = -1;
    for (const one of asked) {
      const position = answered.get(one);
      if (position === undefined) lost.push(one);
      else if (position < last) outOfOrder.push(one);
      last = Math.max(last, position ?? -1);
    }
  }
  return { lost, duplicated, outOfOrder };
}

function answers({ place }: Lane, { question, messageId }: Asked, said: Said): boolean {
  if (said.body !== question.answer.pieces.join("")) return false;
  return place.kind !== "channel" || said.quoted_message_id === messageId;
}
