/** A line that is remembered, as its readers get it. */
interface Line {
  /** 1, 2, 3, … in this life of the object. */
  number: number;
  json: string;
}

/**
 * The last lines of a log, and those to come, for whoever listens. The ring is all the memory there is, however many
 * listen: a reader who is slower than the log misses what has fallen out of it meanwhile, and is told how much.
 */
export class RecentLog {
  readonly #max: number;
  readonly #keepAliveMs: number;
  readonly #life = Date.now();
  readonly #lines: Line[] = [];
  readonly #sleepers = new Set<() => void>();
  #last = 0;

  /**
   * @param max lines that are remembered
   * @param keepAliveMs a reader to whom there is nothing to say gets a sign of life so often, which also tells us of one
   *   that is gone
   */
  constructor(max: number, keepAliveMs: number) {
    this.#max = max;
    this.#keepAliveMs = keepAliveMs;
  }

  add(line: object): void {
    this.#lines.push({ number: ++this.#last, json: JSON.stringify({ at: Date.now(), ...line }) });
    if (this.#lines.length > this.#max) this.#lines.shift();
    for (const wake of [...this.#sleepers]) wake();
  }

  /**
   * Server-Sent Events without end. It is pulled: what nobody takes is not made.
   *
   * @param after the id of the last line that the reader has; with none, or one of another life, it gets all that there are
   */
  stream(after: string | undefined): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const [life, number] = (after ?? "").split("-").map(Number);
    const isKnown = life === this.#life && number !== undefined && number <= this.#last;
    let position = isKnown ? number : this.#last - this.#lines.length;
    let isOver = false;
    let wakeUp = () => {};
    return new ReadableStream({
      type: "bytes",
      pull: async (controller) => {
        if (position === this.#last)
          await this.#sleep((wake) => {
            wakeUp = wake;
          });
        if (isOver) return;
        controller.enqueue(encoder.encode(this.#after(position)));
        position = this.#last;
      },
      cancel: () => {
        isOver = true;
        wakeUp();
      },
    });
  }

  #after(position: number): string {
    const lines = this.#lines.filter(({ number }) => number > position);
    const first = lines[0];
    if (first === undefined) return ": nothing new\n\n";
    const missed = { at: Date.now(), event: "log:missed", lines: first.number - position - 1 };
    const gap = missed.lines === 0 ? "" : `data: ${JSON.stringify(missed)}\n\n`;
    return gap + lines.map(({ number, json }) => `id: ${this.#life}-${number}\ndata: ${json}\n\n`).join("");
  }

  /** Until there is a line, it is time for a sign of life, or somebody calls what is handed to `handle`. */
  async #sleep(handle: (wake: () => void) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#keepAliveMs);
    this.#sleepers.add(resolve);
    handle(resolve);
    await promise;
    clearTimeout(timer);
    this.#sleepers.delete(resolve);
  }
}
