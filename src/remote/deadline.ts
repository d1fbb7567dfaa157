/**
 * The waits of one call to a remote: so long in all and, where asked for, so long without a byte. Aborts its signal when
 * one is over. Both timers are cleared by {@link Deadline.end}, because a pending timer keeps a Durable Object in memory.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #whole: ReturnType<typeof setTimeout>;
  #silence: { timer: ReturnType<typeof setTimeout>; goesOffAt: number } | undefined;
  /** When the wait for the next byte is over, Unix ms, and how long it is. */
  #silentUntil = 0;
  #silenceMs = 0;
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

  /** Starts the wait for the next byte afresh. Cheap: a stream does it with every frame, and a timer is set now and then. */
  allowSilence(ms: number): void {
    const until = Date.now() + ms;
    const goOff = () => {
      const leftMs = this.#silentUntil - Date.now();
      if (leftMs > 0) this.#wakeIn(leftMs, goOff);
      else this.#expire(`nothing came for ${this.#silenceMs} ms`);
    };
    this.#silentUntil = until;
    this.#silenceMs = ms;
    if (this.#silence === undefined || this.#silence.goesOffAt > until) this.#wakeIn(ms, goOff);
  }

  end(): void {
    clearTimeout(this.#whole);
    this.#clearSilence();
  }

  /** Breaks the call off, or the socket that came of it: a handshake's signal stays wired to its socket. */
  abort(): void {
    this.#controller.abort();
  }

  #wakeIn(ms: number, goOff: () => void): void {
    this.#clearSilence();
    this.#silence = { timer: setTimeout(goOff, ms), goesOffAt: Date.now() + ms };
  }

  #clearSilence(): void {
    if (this.#silence !== undefined) clearTimeout(this.#silence.timer);
  }

  #expire(why: string): void {
    this.#expired = why;
    this.#controller.abort();
  }
}
