/** How many messages two bots may exchange before one of them stops answering. */
export interface LoopPolicy {
  enabled: boolean;
  /** Messages that are answered within one window; the next one is not. */
  maxEventsPerWindow: number;
  windowMs: number;
  /** How long nothing is answered after that. */
  cooldownMs: number;
}

/** OpenClaw's own. */
export const LOOP_POLICY_DEFAULT: LoopPolicy = {
  enabled: true,
  maxEventsPerWindow: 20,
  windowMs: 60_000,
  cooldownMs: 60_000,
};

/** What is remembered of one pair of bots in one conversation. Plain data, to be stored. */
export interface LoopState {
  /** Messages that were answered, and when they were written, Unix ms; oldest first. */
  events: readonly (readonly [messageId: string, timeMs: number])[];
  /** From when on nothing is answered, Unix ms. */
  coolFromMs?: number;
  /** When that ends, Unix ms. */
  coolUntilMs?: number;
}

/** A message of one bot that another one is about to answer. */
export interface LoopEvent {
  messageId: string;
  /** When it was written, Unix ms: what is read late counts where it belongs. */
  atMs: number;
}

/** A pair that was not seen before. */
export const NOTHING_SEEN: LoopState = { events: [] };

/**
 * No state holds more events, whatever the policy permits: it is read and written with every message of a bot. A thousand
 * messages between two bots within one window are a loop by any measure.
 */
export const LOOP_EVENTS_MAX = 1_000;

/**
 * Decides whether a bot's message goes unanswered because two bots only answer each other. By the rule of OpenClaw's
 * gateway (2026.9): the first message too many within the window is suppressed and starts the cool-down, messages written
 * during the cool-down are suppressed and do not prolong it, and after it the count begins anew.
 *
 * A message that comes twice counts once and gets the answer that it got before.
 *
 * @param state of this pair in this conversation, see {@link pairKey}
 * @returns what is to be stored now; the same object when nothing changed
 */
export function guardLoop(
  state: LoopState,
  event: LoopEvent,
  policy: LoopPolicy,
): { state: LoopState; suppressed: boolean } {
  if (!policy.enabled) return { state, suppressed: false };
  const { messageId, atMs } = event;
  if (state.events.some(([known]) => known === messageId)) return { state, suppressed: false };
  if (isCooling(state, atMs)) return { state, suppressed: true };

  const inWindow = state.events.filter(([, timeMs]) => timeMs > atMs - policy.windowMs);
  // Those of the cool-down's first millisecond led to it, and are only kept to be known again.
  const counted = inWindow.filter(([, timeMs]) => timeMs <= atMs && timeMs !== state.coolFromMs);
  if (counted.length + 1 > Math.min(policy.maxEventsPerWindow, LOOP_EVENTS_MAX)) {
    const events = inWindow.filter(([, timeMs]) => timeMs >= atMs);
    return { state: { events, coolFromMs: atMs, coolUntilMs: atMs + policy.cooldownMs }, suppressed: true };
  }
  const events = [...inWindow, [messageId, atMs] as const].sort(([, a], [, b]) => a - b);
  return { state: { ...state, events: events.slice(-LOOP_EVENTS_MAX) }, suppressed: false };
}

function isCooling({ coolFromMs, coolUntilMs }: LoopState, atMs: number): boolean {
  return coolFromMs !== undefined && coolUntilMs !== undefined && coolFromMs <= atMs && atMs < coolUntilMs;
}

/**
 * Under which a pair's state is kept: two bots count together, whoever speaks, in one conversation of one workspace.
 *
 * @param conversation the root of the thread for a reply in one, else the channel or the direct conversation
 * @param a user id of one bot
 * @param b user id of the other
 */
export function pairKey(workspaceId: string, conversation: string, a: string, b: string): string {
  return [workspaceId, conversation, ...[a, b].sort()].join(" ");
}
