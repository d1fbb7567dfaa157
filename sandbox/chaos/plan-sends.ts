import { BOTS, type Lane, lanesOf, placesFor } from "./cast.ts";
import type { Random } from "./random.ts";

/** A text that somebody has a bot say through the Worker's API. */
export interface Send {
  /** Stands in its text, and in no other. */
  readonly mark: string;
  /** The bot and the place. */
  readonly lane: Lane;
  /** How its target is written; one way in a lane, for order is kept within a target as it is written. */
  readonly by: "name" | "id";
  readonly text: string;
  readonly idempotencyKey: string;
  /** Whether it is asked for with `Prefer: respond-async`. */
  readonly inBackground: boolean;
  /** After how long its caller hangs up, the first time; absent: it waits for an answer. */
  readonly hangsUpAfterMs?: number;
  /** Not before; a lane's sends are asked for one after the other. */
  readonly atMs: number;
}

const MESSAGES_A_SEND = 5;
/** How many come right behind another one in the same lane, before that one can be delivered. */
const FOLLOWERS = 0.5;
/** How many are made while their caller waits. */
const WAITED_FOR = 0.25;
/** How many were already heard, or were not, when their caller's connection broke. */
const HUNG_UP_ON = 0.25;
const HANG_UP_MAX_MS = 30;
/** How many call another bot by its name: it answers no bots, but it has to find out that this is one. */
const MENTIONING = 0.5;

/** Decides which bot is to say what, where and when, beside its answers. Ascending by time. */
export function planSends(random: Random, messages: number, durationMs: number): Send[] {
  const lanes = lanesOf(placesFor(messages));
  const spelling = new Map(lanes.map((lane) => [lane, random.pick(["name", "id"] as const)]));
  const count = Math.max(1, Math.round(messages / MESSAGES_A_SEND));
  // A few by each bot in each kind of place, however many places of it there are.
  const kinds = ["channel", "dm", "thread"].flatMap((kind) => BOTS.map((bot) => ({ kind, bot })));
  const slots: { lane: Lane; atMs: number }[] = [];
  for (const { kind, bot } of random.deal(kinds, count)) {
    const before = slots.at(-1);
    if (before !== undefined && random.chance(FOLLOWERS)) slots.push({ ...before });
    else {
      const lane = random.pick(lanes.filter((one) => one.bot === bot && one.place.kind === kind));
      slots.push({ lane, atMs: random.whole(0, durationMs) });
    }
  }
  slots.sort((one, other) => one.atMs - other.atMs);
  return slots.map(({ lane, atMs }, index) => {
    const mark = `[s${String(index + 1).padStart(4, "0")}]`;
    return {
      mark,
      lane,
      by: spelling.get(lane) ?? "id",
      text: `${random.chance(MENTIONING) ? callOf(random, lane) : ""}for your information, ${mark}.`,
      idempotencyKey: `chaos ${mark}`,
      inBackground: !random.chance(WAITED_FOR),
      ...(random.chance(HUNG_UP_ON) && { hangsUpAfterMs: random.whole(1, HANG_UP_MAX_MS) }),
      atMs,
    };
  });
}

/** Another bot's name, where it can hear it. */
function callOf(random: Random, { place, bot }: Lane): string {
  const where = place.kind === "thread" ? place.under : place;
  const other = random.pick(BOTS.filter((name) => name !== bot));
  return where.kind === "dm" ? "" : `@${other}, `;
}
