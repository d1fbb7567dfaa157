import { deliver } from "./callbacks/deliver.ts";
import { Faults } from "./pipeline/faults.ts";
import { SlidingWindow } from "./pipeline/limiter.ts";
import { RequestLog } from "./pipeline/request-log.ts";
import { Hub } from "./realtime/hub.ts";
import { Sockets } from "./realtime/sockets.ts";
import { Switches } from "./realtime/switches.ts";
import { emptyStore, type Store } from "./store/store.ts";
import type { EventRow } from "./store/tables.ts";

const CLAIM_ATTEMPTS_MAX = 10;
const CLAIM_WINDOW_MS = 60_000;

/** One ClickClack: its data, its sockets, and what tests have done to it. */
export interface World {
  readonly store: Store;
  readonly hub: Hub;
  readonly sockets: Sockets;
  readonly switches: Switches;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Attempts to claim setup codes; the only rate limit that ClickClack has. */
  readonly claims: SlidingWindow;
  /** How many events a socket replays before it is told to resync, where a workspace has no cap of its own. */
  readonly replayCap: number;
  /** Replay caps by workspace id. */
  readonly replayCaps: Map<string, number>;
  /** How long a callback may take. */
  readonly callbackTimeoutMs: number;
}

/** Returns a ClickClack with nothing in it. */
export function emptyWorld(options: Pick<World, "replayCap" | "callbackTimeoutMs">): World {
  return {
    store: emptyStore(),
    hub: new Hub(),
    sockets: new Sockets(),
    switches: new Switches(),
    faults: new Faults(),
    log: new RequestLog(),
    claims: new SlidingWindow(CLAIM_ATTEMPTS_MAX, CLAIM_WINDOW_MS),
    ...options,
    replayCaps: new Map(),
  };
}

/**
 * Tells everybody who listens of durable events, one after the other: the sockets, then the subscriptions, then the next
 * event. Ephemeral events are for the sockets alone, and go to the hub.
 *
 * Handlers await this before they answer, because ClickClack publishes first and answers then: the author of a message
 * gets its event before the 201, and waits for as long as the callbacks take.
 *
 * @param signal fires when the one who caused the events is gone; the sockets are told even so
 */
export async function publish(
  world: World,
  signal: AbortSignal,
  ...events: readonly (EventRow | undefined)[]
): Promise<void> {
  for (const event of events) {
    if (event === undefined) continue;
    world.hub.publish(event);
    await deliver(world, event, signal);
  }
}
