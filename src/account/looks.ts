import type { Identity } from "./facts.ts";
import type { Progress } from "./progress.ts";

/**
 * Looks through the events, numbered in one life of the object, so that it can be said of something when a look has come to
 * the end that had begun after it.
 */
export class Looks {
  readonly #progress: Progress;
  readonly #goesOn: boolean;
  readonly #changed: () => void;
  #begun = 0;
  #done = 0;
  #asked = 0;
  #failures = 0;

  /**
   * @param goesOn whether one that was too much for one reading goes on at once, instead of at the next time
   * @param changed called when {@link Looks.done} may have changed
   */
  constructor(progress: Progress, goesOn: boolean, changed: () => void) {
    this.#progress = progress;
    this.#goesOn = goesOn;
    this.#changed = changed;
  }

  /** @returns the number of the first look that shows everything there is now: the next one */
  ask(): number {
    this.#asked = this.#begun + 1;
    return this.#asked;
  }

  /** The last one that came to the end. */
  get done(): number {
    return this.#done;
  }

  /** Whether one was asked for since the last one was begun. */
  get isAskedFor(): boolean {
    return this.#begun < this.#asked;
  }

  /** Whether one was asked for that has not come to the end. */
  get isWaitedFor(): boolean {
    return this.#done < this.#asked;
  }

  /** The events could not be read. @returns how many times in a row */
  failed(): number {
    this.#failures++;
    return this.#failures;
  }

  /**
   * Reads the events to their end, and again while somebody waits for what came since.
   *
   * @param isOver whether nobody is interested any more
   * @returns false when the log does not hold the durable cursor
   * @throws {ClickClackError}
   */
  async through(identity: Identity, isOver: () => boolean): Promise<boolean> {
    for (;;) {
      this.#begun++;
      const look = this.#begun;
      const reach = await this.#progress.sweep(identity);
      if (isOver()) return true;
      if (reach === "lost") return false;
      this.#failures = 0;
      if (reach === "level") this.#done = look;
      this.#changed();
      if (!this.isWaitedFor && !(reach === "behind" && this.#goesOn)) return true;
    }
  }
}
