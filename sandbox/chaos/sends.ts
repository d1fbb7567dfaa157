import { setTimeout as sleep } from "node:timers/promises";
import { type Lane, nameOf } from "./cast.ts";
import type { Edge, SendAnswer } from "./edge.ts";
import type { Due } from "./judge.ts";
import type { Places } from "./places.ts";
import type { Send } from "./plan-sends.ts";
import { Tally } from "./tally.ts";
import type { Timeline } from "./timeline.ts";

/** What the callers need to know of a run. */
export interface SendScene {
  readonly edge: Edge;
  readonly places: Places;
  readonly timeline: Timeline;
  /** Told when a send was answered with 202, at once. */
  onAccepted(): void;
}

/** A send and what was answered to it. */
interface Asked {
  readonly send: Send;
  /** How often it was asked for. */
  tries: number;
  /** The final answer. */
  answer?: SendAnswer;
  /** Whether it is known to be delivered, or given up. */
  isSettled: boolean;
}

/** A caller's patience is shorter than what a Worker may need whose requests hang. */
const PATIENCE_MS = 15_000;
/** A caller asks again after so long. */
const AGAIN_AFTER_MS = 300;

/**
 * The callers' part: they have the bots say something, and do not give up before the Worker has taken it on. There is one
 * caller for each lane, so that it is known in which order the Worker took on what it is to say there.
 */
export class Sends {
  readonly #scene: SendScene;
  /** By the lane's name. */
  readonly #lanes = new Map<string, Asked[]>();
  /** Why callers asked again, by what came the time before. */
  readonly #again = new Tally();
  readonly #over = new AbortController();

  constructor(scene: SendScene, sends: readonly Send[]) {
    this.#scene = scene;
    for (const send of sends) {
      const key = nameOf(send.lane);
      const asked = this.#lanes.get(key) ?? [];
      asked.push({ send, tries: 0, isSettled: false });
      this.#lanes.set(key, asked);
    }
  }

  /** Asks for every send at its time: within a lane for one after the other, each until it is answered for good. */
  async play(): Promise<void> {
    const { timeline } = this.#scene;
    await Promise.all(
      [...this.#lanes.values()].map(async (lane) => {
        for (const asked of lane) {
          await timeline.until(asked.send.atMs);
          await this.#ask(asked);
        }
      }),
    );
  }

  /** Sends the callers home that still ask. */
  stop(): void {
    this.#over.abort();
  }

  /** What has to stand in a lane, in the order of asking. */
  due(lane: Lane): Due[] {
    return (this.#lanes.get(nameOf(lane)) ?? []).map((asked) => {
      const { send, answer } = asked;
      return {
        name: named(asked),
        body: send.text,
        // One whose caller waits may come before those that wait in the background.
        ...(send.inBackground && { series: "sends" as const }),
        ...(answer?.id !== undefined && { loggedAs: answer.id }),
      };
    });
  }

  /** Whether every caller has its answer, and nothing is left to deliver. */
  async areSettled(): Promise<boolean> {
    const all = this.#all();
    if (!all.every(({ answer }) => answer !== undefined)) return false;
    for (const asked of all) {
      const id = asked.answer?.id;
      asked.isSettled ||= id === undefined || (await this.#scene.edge.isSettled(id)) === true;
      if (!asked.isSettled) return false;
    }
    return true;
  }

  /** Whether the Worker took every one on. */
  get wereAccepted(): boolean {
    return this.#all().every(({ answer }) => answer !== undefined && isAccepted(answer));
  }

  /** How many there were, in a line. */
  toString(): string {
    const all = this.#all();
    const inBackground = all.filter(({ send }) => send.inBackground).length;
    const again = this.#again.total === 0 ? "none asked again" : `asked again after ${this.#again}`;
    return `${all.length} sends: ${inBackground} in the background, ${all.length - inBackground} waited for; ${again}`;
  }

  async #ask(asked: Asked): Promise<void> {
    const { edge, places, onAccepted } = this.#scene;
    const { send } = asked;
    const to = places.target(send.lane.place, send.by);
    while (!this.#over.signal.aborted) {
      if (edge.isThere) {
        const patienceMs = (asked.tries++ === 0 ? send.hangsUpAfterMs : undefined) ?? PATIENCE_MS;
        const answer = await edge.send(send, to, patienceMs);
        if (answer?.status === 202) onAccepted();
        if (answer !== undefined && isForGood(answer)) {
          asked.answer = answer;
          return;
        }
        this.#again.add(answer === undefined ? "no answer" : `${answer.status} ${answer.code ?? ""}`.trim());
      }
      await sleep(AGAIN_AFTER_MS, undefined, { signal: this.#over.signal }).catch(() => {});
    }
  }

  #all(): Asked[] {
    return [...this.#lanes.values()].flat();
  }
}

function isAccepted({ status }: SendAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Whether asking again would change nothing. */
function isForGood({ status }: SendAnswer): boolean {
  return status < 500 && status !== 429;
}

function named({ send, tries, answer }: Asked): string {
  const { mark, lane, inBackground, atMs } = send;
  const how = inBackground ? "in the background" : "waited for";
  const end = answer === undefined ? "never answered" : `answered with ${answer.status} ${answer.code ?? ""}`;
  return `${mark} by ${nameOf(lane)} at ${(atMs / 1000).toFixed(1)} s, ${how}, asked for ${tries} times, ${end.trim()}`;
}
