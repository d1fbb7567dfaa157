import type { EventRow } from "../store/tables.ts";

const CAPACITY = 32;

/**
 * The events that wait for one socket.
 *
 * ClickClack holds 32 for each. When there is no room the mailbox is shut: what is in it is still taken out, and then
 * it is empty for good.
 */
export class Mailbox {
  readonly #events: EventRow[] = [];
  #isShut = false;
  #wake: (() => void) | undefined;

  /** Puts an event in; `false` means that there was no room and the mailbox is now shut. */
  offer(event: EventRow): boolean {
    if (this.#isShut || this.#events.length >= CAPACITY) {
      this.shut();
      return false;
    }
    this.#events.push(event);
    this.#wake?.();
    return true;
  }

  /** Takes no more events. */
  shut(): void {
    this.#isShut = true;
    this.#wake?.();
  }

  /** Returns the next event once there is one, or nothing when the mailbox is shut and empty. */
  async take(): Promise<EventRow | undefined> {
    while (this.#events.length === 0 && !this.#isShut) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#events.shift();
  }
}
