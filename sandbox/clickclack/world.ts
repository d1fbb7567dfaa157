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
}

/** Returns a ClickClack with nothing in it. */
export function emptyWorld(options: { replayCap: number }): World {
  return {
    store: emptyStore(),
    hub: new Hub(),
    sockets: new Sockets(),
    switches: new Switches(),
    faults: new Faults(),
    log: new RequestLog(),
    claims: new SlidingWindow(CLAIM_ATTEMPTS_MAX, CLAIM_WINDOW_MS),
    replayCap: options.replayCap,
    replayCaps: new Map(),
  };
}

/**
 * Tells everybody who listens of events, one after the other.
 *
 * Handlers await this before they answer, because ClickClack publishes first and answers then: the author of a message
 * gets its event before the 201.
 */
export async function publish(world: World, ...events: readonly (EventRow | undefined)[]): Promise<void> {
  for (const event of events) if (event !== undefined) world.hub.publish(event);
}
