/**
 * The two waits of a streamed call: so long in all, and so long without a byte. Aborts its signal when either is over;
 * both timers are cleared by {@link Deadline.end}, because a pending timer keeps a Durable Object in memory.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #whole: ReturnType<typeof setTimeout>;
  #silence: ReturnType<typeof setTimeout> | null = null;
  #expired: string | undefined;

  /** @param wholeMs longest duration of the whole call, milliseconds */
  constructor(wholeMs: number) {
    this.#whole = setTimeout(() => this.#expire(`not finished within ${wholeMs} ms`), wholeMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Which wait was over, once one was. */
  get expired(): string | undefined {
    return this.#expired;
  }

  /** Starts the wait for the next byte afresh. */
  allowSilence(ms: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#expire(`nothing came for ${ms} ms`), ms);
  }

  end(): void {
    clearTimeout(this.#whole);
    clearTimeout(this.#silence);
  }

  #expire(why: string): void {
    this.#expired = why;
    this.#controller.abort();
  }
}
