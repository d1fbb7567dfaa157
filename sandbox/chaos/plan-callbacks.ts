import { BOTS, type BotName, CALLBACK_BOTS } from "./cast.ts";
import type { Random } from "./random.ts";

/** What happens to a callback between ClickClack and the Worker. */
export const CALLBACK_FAULTS = [
  /** The connection breaks, and nobody was told anything. */
  "callback lost",
  /** Something before the Worker answers 502 in its place. */
  "callback refused",
  /** Something before the Worker answers 200 in its place. */
  "callback swallowed",
  /** The Worker has it, and nobody hears of that. */
  "callback's answer lost",
  /** It comes twice at once. */
  "callback doubled",
  /** It comes again, after seconds. */
  "callback repeated",
  /** It comes after ClickClack has given it up. */
  "callback late",
  /** It waits for the next one to overtake it. */
  "callbacks swapped",
] as const;
export type CallbackFaultName = (typeof CALLBACK_FAULTS)[number];

/** A fault that waits for a bot's callbacks. */
export interface CallbackFault {
  readonly kind: "callback";
  readonly name: CallbackFaultName;
  readonly bot: BotName;
  /** Those about what people said, those about the commands they gave, or both. */
  readonly aim: "events" | "commands" | "any";
  readonly times: number;
  /** For what comes later than it should: by how much. */
  readonly afterMs: number;
  readonly atMs: number;
}

const MS_A_FAULT = 2_000;
const TIMES_MAX = 2;
/** Longer than ClickClack waits, and than a Worker is dead. */
const AFTER_MAX_MS = 8_000;

/** Decides which callbacks go wrong. */
export function planCallbackFaults(random: Random, durationMs: number): CallbackFault[] {
  const count = Math.max(1, Math.round(durationMs / MS_A_FAULT));
  const names = random.deal(CALLBACK_FAULTS, count);
  const aims = random.deal(["events", "events", "commands", "any"] as const, count);
  return random.moments(count, 0, durationMs).map((atMs, index) => {
    const aim = aims[index] ?? "any";
    return {
      kind: "callback",
      name: names[index] ?? "callback lost",
      // A bot without events has commands all the same.
      bot: random.pick(aim === "events" ? CALLBACK_BOTS : BOTS),
      aim,
      times: random.whole(1, TIMES_MAX),
      afterMs: random.whole(500, AFTER_MAX_MS),
      atMs,
    };
  });
}
