interface Waiting {
  amount: number;
  enter(): void;
}

/** So much of something for all together. Whoever wants more than is left waits, in order; more than there is, is all. */
export class Budget {
  readonly #whole: number;
  readonly #waiting: Waiting[] = [];
  #left: number;

  constructor(whole: number) {
    this.#whole = whole;
    this.#left = whole;
  }

  /** @returns gives it back; once is enough */
  async take(wanted: number): Promise<() => void> {
    const amount = Math.min(wanted, this.#whole);
    if (amount > 0) {
      await new Promise<void>((enter) => {
        this.#waiting.push({ amount, enter });
        this.#admit();
      });
    }
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.#left += amount;
      this.#admit();
    };
  }

  #admit(): void {
    for (let first = this.#waiting[0]; first !== undefined && first.amount <= this.#left; ) {
      this.#left -= first.amount;
      this.#waiting.shift();
      first.enter();
      first = this.#waiting[0];
    }
  }
}
