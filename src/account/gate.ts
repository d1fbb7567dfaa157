/** Lets so many at once do something; others wait their turn, in order, up to so many. */
export class Gate {
  readonly #width: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(width: number, waitingMax: number) {
    this.#width = width;
    this.#waitingMax = waitingMax;
  }

  /** @returns what was done; undefined when too many wait already */
  async pass<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#inside < this.#width) this.#inside++;
    else if (this.#waiting.length >= this.#waitingMax) return undefined;
    // Whoever leaves hands on the place.
    else await new Promise<void>((enter) => this.#waiting.push(enter));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside--;
      else next();
    }
  }
}
