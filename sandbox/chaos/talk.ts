import { setTimeout as sleep } from "node:timers/promises";
import { type Lane, nameOf } from "./cast.ts";
import { ACKNOWLEDGEMENT } from "./config.ts";
import type { Due } from "./judge.ts";
import type { Places } from "./places.ts";
import type { Question } from "./plan-talk.ts";
import type { Timeline } from "./timeline.ts";

/** Whoever gives a command that is not taken gives it again after so long. */
const AGAIN_AFTER_MS = 1_000;
/** A Worker that takes none for so long is no Worker that was killed. */
const PATIENCE_MS = 60_000;

/** What has to stand there for something that was asked. */
interface Asked {
  readonly due: Due;
  /** What was said behind a command of which nobody was told that it was taken. */
  readonly unsure?: string;
}

/** The people's part: they ask, by messages and by slash commands, and remember what they asked. */
export class Talk {
  readonly #places: Places;
  readonly #timeline: Timeline;
  /** By the lane's name. */
  readonly #lanes = new Map<string, { questions: Question[]; asked: Asked[] }>();
  readonly #takenAs: (text: string) => string | undefined;
  /** Questions that were posted, or given as commands and taken, so far. */
  posted = 0;
  /** How many of them were given as commands, and how often one was given again. */
  #commands = 0;
  #again = 0;

  /** @param takenAs tells the id of the command with this text if the Worker has said that it took it */
  constructor(
    places: Places,
    timeline: Timeline,
    takenAs: (text: string) => string | undefined,
    questions: readonly Question[],
  ) {
    this.#places = places;
    this.#takenAs = takenAs;
    this.#timeline = timeline;
    for (const question of questions) {
      const key = nameOf(question.lane);
      const found = this.#lanes.get(key) ?? { questions: [], asked: [] };
      found.questions.push(question);
      this.#lanes.set(key, found);
    }
  }

  /** Asks every question at its time: within a lane one after the other, whether it was answered or not. */
  async play(): Promise<void> {
    await Promise.all(
      [...this.#lanes.values()].map(async ({ questions, asked }) => {
        for (const question of questions) {
          await this.#timeline.until(question.atMs);
          const { command } = question;
          if (command === undefined) asked.push({ due: await this.#say(question) });
          else await this.#giveUntilTaken(question, command, asked);
        }
      }),
    );
  }

  /** What a bot has to say in a lane, in the order of asking. */
  due(lane: Lane): Due[] {
    return (this.#lanes.get(nameOf(lane))?.asked ?? []).map(({ due, unsure }) => {
      if (unsure === undefined) return due;
      const id = this.#takenAs(unsure);
      return { ...due, ...(id === undefined ? { isOptional: true } : { loggedAs: id }) };
    });
  }

  /** How the questions were asked, in a line. */
  toString(): string {
    return `${this.posted} questions: ${this.posted - this.#commands} messages, ${this.#commands} slash commands, given again ${this.#again} times`;
  }

  async #say(question: Question): Promise<Due> {
    const { lane, author, text, answer } = question;
    const messageId = await this.#places.say(lane.place, author, text);
    this.posted++;
    return {
      name: `${named(question)}, ${messageId}`,
      body: answer.pieces.join(""),
      ...(lane.place.kind === "channel" && { quotes: messageId }),
      series: "answers",
      loggedAs: messageId,
    };
  }

  /**
   * Gives a command as a person does, who is told whether it was taken, and gives it again if not. Each time it is another
   * one, with words of its own: one that nobody was told of may have been taken all the same, now or later, and then it is
   * answered as well, in a place that nobody knows.
   */
  async #giveUntilTaken(question: Question, command: string, asked: Asked[]): Promise<void> {
    const { lane, author, answer } = question;
    const until = Date.now() + PATIENCE_MS;
    for (let tries = 1; Date.now() < until; tries++) {
      const text = tries === 1 ? question.text : `${question.text} I ask for the ${tries}. time.`;
      const given = await this.#places.give(lane.place, author, command, text);
      const wasTaken = given?.told === ACKNOWLEDGEMENT;
      const due: Due = {
        name: `${named(question)} by ${command}, given ${tries} times${wasTaken ? `, ${given.id}` : ""}`,
        body: `> @${author}: ${command} ${text}\n\n${answer.pieces.join("")}`,
        ...(wasTaken && { series: "answers", loggedAs: given.id }),
      };
      asked.push({ due, ...(!wasTaken && { unsure: text }) });
      if (wasTaken) {
        this.posted++;
        this.#commands++;
        return;
      }
      this.#again++;
      await sleep(AGAIN_AFTER_MS);
    }
  }
}

function named({ mark, lane, atMs, answer }: Question): string {
  const mishap = answer.mishap === undefined ? "" : `, ${answer.mishaps} × ${answer.mishap}`;
  return `${mark} to ${nameOf(lane)} at ${(atMs / 1000).toFixed(1)} s${mishap}`;
}
