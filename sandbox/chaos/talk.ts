import type { Lane } from "./cast.ts";
import type { Asked, LaneRecord } from "./judge.ts";
import type { Places } from "./places.ts";
import type { Question } from "./plan-talk.ts";
import type { Timeline } from "./timeline.ts";

/** The people's part: they post the questions, and remember what they asked. */
export class Talk {
  readonly #places: Places;
  readonly #timeline: Timeline;
  readonly #lanes = new Map<string, { lane: Lane; questions: Question[]; asked: Asked[] }>();
  /** Questions that were posted so far. */
  posted = 0;

  constructor(places: Places, timeline: Timeline, questions: readonly Question[]) {
    this.#places = places;
    this.#timeline = timeline;
    for (const question of questions) {
      const { lane } = question;
      const key = `${lane.bot} in ${lane.place.name}`;
      const found = this.#lanes.get(key) ?? { lane, questions: [], asked: [] };
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

  /** What was asked and what was said, lane by lane. */
  records(): Promise<LaneRecord[]> {
    return Promise.all(
      [...this.#lanes.values()].map(async ({ lane, asked }) => {
        const said = await this.#places.saidBy(lane.bot, lane.place);
        return { lane, asked: [...asked], said };
      }),
    );
  }
}
