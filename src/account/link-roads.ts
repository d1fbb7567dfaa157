import type { EdgePolicy, Inbound } from "../config/types.ts";
import { WATCHDOG_INTERVAL_MS } from "../limits.ts";

/** How an account's link learns of messages. */
export interface LinkRoads {
  /** Whether it has a socket; without one the object may sleep between messages. */
  socket: boolean;
  /** How often it looks through the events, milliseconds. */
  lookEveryMs: number;
}

/** Beside a socket the look is a watchdog, which keeps the object awake; without one it is as rare as is configured. */
export function linkRoads(inbound: Inbound, { sweepMs }: EdgePolicy): LinkRoads {
  const socket = inbound !== "callbacks";
  return { socket, lookEveryMs: socket ? WATCHDOG_INTERVAL_MS : sweepMs };
}
