import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "../../../src/clickclack/wire.ts";
import { Problem } from "../../problem.ts";
import type { StoryAnswer } from "../../worker/answers.ts";
import type { WorkerClient } from "../../worker.ts";
import type { Speaker, Spot } from "./speaker.ts";

const POLL_MS = 250;
/** A road that has not brought a message so long after its answer has lost it. */
const ROADS_MS = 10_000;
/** Ends of a message that bring no answer. */
const ENDED = ["dropped", "silent", "cancelled", "dead"];

/** What an answer is waited for with. */
export interface Wait {
  speaker: Speaker;
  spot: Spot;
  botUserId: string;
  /** Tells what the Worker knows; absent where it cannot be asked. */
  worker: WorkerClient | undefined;
  account: string;
  waitMs: number;
  signal: AbortSignal;
}

/** What came of a message, or of a command. */
export interface Watched {
  /** The answer's id; absent when none came. */
  answer?: string;
  /** From the post to the answer, milliseconds. */
  ms: number;
  /** When each road was seen to have brought it, milliseconds after the post; no sooner than it is looked at. */
  roads: ReadonlyMap<string, number>;
  /** What the Worker says of it; absent when it says nothing. */
  story?: StoryAnswer;
  /** Whether the Worker was asked, and was never told of it. */
  isUnheard: boolean;
}

/**
 * Waits for the answer to something that was just posted.
 *
 * @param id of the message, or the trigger of a command
 * @param isAnswer whether a message of the bot is the answer
 * @param untilRoads roads that are waited for as well, once the answer is there
 * @throws {ClickClackError}
 */
export async function watch(
  { speaker, spot, botUserId, worker, account, waitMs, signal }: Wait,
  id: string,
  isAnswer: (message: Message) => boolean,
  untilRoads: readonly string[] = [],
): Promise<Watched> {
  const begun = Date.now();
  const roads = new Map<string, number>();
  let answered: { id: string; ms: number } | undefined;
  let story: StoryAnswer | undefined;
  for (;;) {
    story = (worker && (await storyOf(worker, account, id))) ?? story;
    const now = Date.now() - begun;
    for (const road of story?.roads ?? []) if (!roads.has(road)) roads.set(road, now);
    if (answered === undefined) {
      const found = (await speaker.messages(spot)).find(
        (one) => one.author_id === botUserId && isAnswer(one),
      );
      if (found !== undefined) answered = { id: found.id, ms: Date.now() - begun };
    }
    const hasEnded = story !== undefined && ENDED.includes(story.state);
    const isComplete = worker === undefined || untilRoads.every((road) => roads.has(road));
    const roadsMs = Math.min(ROADS_MS, waitMs);
    const isOver =
      answered === undefined ? hasEnded || now > waitMs : isComplete || now > answered.ms + roadsMs;
    if (isOver) break;
    await sleep(POLL_MS, undefined, { signal });
  }
  return {
    ...(answered !== undefined && { answer: answered.id }),
    ms: answered?.ms ?? Date.now() - begun,
    roads,
    ...(story !== undefined && { story }),
    isUnheard: worker !== undefined && story === undefined,
  };
}

/** @returns undefined as long as the account was not told of it, and where the Worker cannot be asked just now */
async function storyOf(worker: WorkerClient, account: string, id: string): Promise<StoryAnswer | undefined> {
  try {
    return await worker.story(account, id);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
