/**
 * The waits of one call to a remote: so long in all and, where asked for, so long without a byte. Aborts its signal when
 * one is over. Both timers are cleared by {@link Deadline.end}, because a pending timer keeps a Durable Object in memory.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #whole: ReturnType<typeof setTimeout>;
  #silence: ReturnType<typeof setTimeout> | undefined;
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
    this.#clearSilence();
    this.#silence = setTimeout(() => this.#expire(`nothing came for ${ms} ms`), ms);
  }

  end(): void {
    clearTimeout(this.#whole);
    this.#clearSilence();
  }

  /** Breaks the call off, or the socket that came of it: a handshake's signal stays wired to its socket. */
  abort(): void {
    this.#controller.abort();
  }

  #clearSilence(): void {
    if (this.#silence !== undefined) clearTimeout(this.#silence);
  }

  #expire(why: string): void {
    this.#expired = why;
    this.#controller.abort();
  }
}
