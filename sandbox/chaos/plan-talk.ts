import { commandOf, type Lane, lanesOf, PEOPLE, type PersonName, placesFor } from "./cast.ts";
import type { Random } from "./random.ts";

/**
 * What goes wrong at the gateway with one question. All of it passes: what rightly ends without an answer (no headers, a
 * stream that falls silent, a refused key) is not here.
 */
export const MISHAPS = [
  "starting",
  "reset",
  "cut",
  "cut_finished",
  "provider_429",
  "provider_500",
  "overloaded",
  "dies_midstream",
] as const;
export type Mishap = (typeof MISHAPS)[number];

/** How an agent answers one question. */
export interface Answer {
  /** What it says, piece by piece; all of it together is the answer. */
  readonly pieces: readonly string[];
  readonly thinkingMs: number;
  readonly pieceMs: number;
  /** What goes wrong first. */
  readonly mishap?: Mishap;
  /** How often it goes wrong. */
  readonly mishaps: number;
}

/** A message or a slash command that is to be answered, once. */
export interface Question {
  readonly number: number;
  /** Stands in the question and in its answer, and in no other. */
  readonly mark: string;
  readonly lane: Lane;
  readonly author: PersonName;
  readonly text: string;
  /** The slash command that it is said behind; absent: it is a message. */
  readonly command?: string;
  /** Not before; a lane's questions are posted one after the other. */
  readonly atMs: number;
  readonly answer: Answer;
}

/** How many questions come right behind another one in the same lane, before that one can be answered. */
const FOLLOWERS = 0.35;
/** How many questions come all at once: more than ClickClack buffers for a socket, in a run of some size. */
const STORM = 0.15;
/** How many questions in a channel are given as slash commands; there are none in other places. */
const COMMANDED = 0.5;
const TROUBLED = 0.3;
const SLOW = 0.12;
/** A refusal costs the gateway nothing and is repeated longer; a failed run is repeated twice, and kills count as well. */
const REPEATABLE: readonly Mishap[] = ["starting", "reset"];

/** Decides who asks what, where and when, and what the agents will say. Ascending by time. */
export function planTalk(random: Random, count: number, durationMs: number): Question[] {
  const lanes = lanesOf(placesFor(count));
  const stormAt = random.whole(durationMs * 0.2, durationMs * 0.8);
  const slots: { lane: Lane; atMs: number }[] = [];
  for (let index = 0; index < count; index++) {
    const before = slots.at(-1);
    if (before !== undefined && random.chance(FOLLOWERS)) slots.push({ ...before });
    else {
      const atMs = random.chance(STORM) ? stormAt : random.whole(0, durationMs);
      slots.push({ lane: random.pick(lanes), atMs });
    }
  }
  slots.sort((one, other) => one.atMs - other.atMs);
  const mishaps = random.deal(MISHAPS, count);
  return slots.map(({ lane, atMs }, index) => {
    const number = index + 1;
    const mark = `[q${String(number).padStart(4, "0")}]`;
    const mishap = random.chance(TROUBLED) ? mishaps[index] : undefined;
    const isCommand = random.chance(COMMANDED) && lane.place.kind === "channel";
    return {
      number,
      mark,
      lane,
      author: authorIn(random, lane),
      text: `${lane.place.kind === "dm" || isCommand ? "" : `@${lane.bot}, `}what of ${mark}?`,
      ...(isCommand && { command: commandOf(lane.bot) }),
      atMs,
      answer: planAnswer(random, mark, mishap),
    };
  });
}

function authorIn(random: Random, { place }: Lane): PersonName {
  const where = place.kind === "thread" ? place.under : place;
  return where.kind === "dm" ? where.person : random.pick(PEOPLE);
}

function planAnswer(random: Random, mark: string, mishap: Mishap | undefined): Answer {
  const middle = Array.from({ length: random.whole(1, 5) }, (_, index) => `There is more, ${index + 1}. `);
  const isSlow = random.chance(SLOW);
  return {
    pieces: [`You asked ${mark}. `, ...middle, "That is all."],
    thinkingMs: isSlow ? random.whole(500, 2_500) : random.whole(0, 200),
    pieceMs: isSlow ? random.whole(100, 600) : random.whole(0, 40),
    ...(mishap !== undefined && { mishap }),
    mishaps: mishap === undefined ? 0 : REPEATABLE.includes(mishap) ? random.whole(1, 3) : 1,
  };
}
