import { randomUUID } from "node:crypto";
import { fits, type Match, type Subject } from "./replies.ts";
import { waitFor } from "./wait.ts";

interface Hold {
  readonly id: string;
  readonly match: Match;
  readonly afterChunks: number;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/**
 * Turns that stand still until they are released, so that a test orders events without sleeping. A held turn has
 * entered its session: headers and role frame are out, and later turns of the session wait behind it.
 */
export class Holds {
  readonly #holds = new Map<string, Hold>();

  /** Holds every turn that fits, before its first piece or after so many. */
  add(match: Match, afterChunks: number): string {
    const { promise, resolve } = Promise.withResolvers<void>();
    const id = randomUUID();
    this.#holds.set(id, { id, match, afterChunks, released: promise, release: resolve });
    return id;
  }

  /** Lets the turns of one hold go on, or of all, and holds no more. */
  release(id?: string): void {
    for (const hold of [...this.#holds.values()]) {
      if (id !== undefined && hold.id !== id) continue;
      this.#holds.delete(hold.id);
      hold.release();
    }
  }

  /**
   * Stands still while a hold is for this turn at this point.
   *
   * @param onHeld told once, when the turn does have to stand still
   * @throws the signal's reason when it aborts first
   */
  async pass(subject: Subject, chunks: number, signal: AbortSignal, onHeld: () => void): Promise<void> {
    const holds = [...this.#holds.values()].filter(
      (hold) => hold.afterChunks === chunks && fits(hold.match, subject),
    );
    if (holds.length === 0) return;
    onHeld();
    for (const hold of holds) await waitFor(hold.released, signal);
  }
}
