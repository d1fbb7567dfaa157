import { type Lane, nameOf } from "./cast.ts";
import type { Due } from "./judge.ts";
import type { Places } from "./places.ts";
import type { Question } from "./plan-talk.ts";
import type { Timeline } from "./timeline.ts";

/** A question as it was posted, and ClickClack's message. */
interface Asked {
  readonly question: Question;
  readonly messageId: string;
}

/** The people's part: they post the questions, and remember what they asked. */
export class Talk {
  readonly #places: Places;
  readonly #timeline: Timeline;
  /** By the lane's name. */
  readonly #lanes = new Map<string, { questions: Question[]; asked: Asked[] }>();
  /** Questions that were posted so far. */
  posted = 0;

  constructor(places: Places, timeline: Timeline, questions: readonly Question[]) {
    this.#places = places;
    this.#timeline = timeline;
    for (const question of questions) {
      const key = nameOf(question.lane);
      const found = this.#lanes.get(key) ?? { questions: [], asked: [] };
      found.questions.push(question);
      this.#lanes.set(key, found);
    }
  }

  /** Posts every question at its time: within a lane one after the other, whether it was answered or not. */
  async play(): Promise<void> {
    await Promise.all(
      [...this.#lanes.values()].map(async ({ questions, asked }) => {
        for (const question of questions) {
          await this.#timeline.until(question.atMs);
          const { lane, author, text } = question;
          asked.push({ question, messageId: await this.#places.say(lane.place, author, text) });
          this.posted++;
        }
      }),
    );
  }

  /** What a bot has to say in a lane, in the order of asking. */
  due(lane: Lane): Due[] {
    return (this.#lanes.get(nameOf(lane))?.asked ?? []).map(({ question, messageId }) => ({
      name: named(question, messageId),
      body: question.answer.pieces.join(""),
      ...(lane.place.kind === "channel" && { quotes: messageId }),
      series: "answers",
      loggedAs: messageId,
    }));
  }
}

function named({ mark, lane, atMs, answer }: Question, messageId: string): string {
  const mishap = answer.mishap === undefined ? "" : `, ${answer.mishaps} × ${answer.mishap}`;
  return `${mark} to ${nameOf(lane)} at ${(atMs / 1000).toFixed(1)} s${mishap}, ${messageId}`;
}
