import type { EventRow } from "../store/tables.ts";

/** What tests may do to the sockets of a user. */
export interface SocketSwitches {
  /** The socket stays open and nothing comes any more: what is sent meanwhile never arrives. */
  readonly deaf: boolean;
  /** The socket takes nothing out of its mailbox, as if its reader were stuck. */
  readonly stalled: boolean;
  /** Every frame comes twice. ClickClack does not do this; what stands before it may. */
  readonly duplicate: boolean;
  /** Frames come in swapped pairs: the first is held until the second has gone out. */
  readonly reorder: boolean;
}

const OFF: SocketSwitches = { deaf: false, stalled: false, duplicate: false, reorder: false };

/** The switches by user; they hold for the sockets that are open and for those to come. */
export class Switches {
  readonly #byUser = new Map<string, SocketSwitches>();
  readonly #waiting = new Set<() => void>();

  /** Returns how a user's switches stand. */
  of(userId: string): SocketSwitches {
    return this.#byUser.get(userId) ?? OFF;
  }

  /** Throws some of a user's switches. */
  set(userId: string, change: Partial<SocketSwitches>): SocketSwitches {
    const switches = { ...this.of(userId), ...change };
    this.#byUser.set(userId, switches);
    for (const wake of this.#waiting) wake();
    return switches;
  }

  /** Waits until a user's sockets are not stalled. */
  async unstalled(userId: string): Promise<void> {
    while (this.of(userId).stalled) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}

/** Returns a function that turns each event into the events to send now, for switches that may change any time. */
export function reorderer(isOn: () => boolean): (event: EventRow) => EventRow[] {
  let held: EventRow | undefined;
  return (event) => {
    const earlier = held;
    held = undefined;
    if (earlier !== undefined) return [event, earlier];
    if (!isOn()) return [event];
    held = event;
    return [];
  };
}
