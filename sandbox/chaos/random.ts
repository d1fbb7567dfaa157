/** Choices that look random and are the same for the same seed. */
export class Random {
  readonly #seed: number;
  #state: number;

  /** @param seed any whole number */
  constructor(seed: number) {
    this.#seed = seed | 0;
    this.#state = this.#seed;
  }

  /** Choices of their own under a name, so that one more choice here changes none there. */
  fork(name: string): Random {
    let mixed = this.#seed ^ 0x9e3779b9;
    for (const character of name) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193);
    return new Random(mixed);
  }

  /** A number in [0, 1) (mulberry32). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** Whether something happens that happens with this probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** @throws for an empty list */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.whole(0, items.length - 1)];
    if (item === undefined) throw new Error("there is nothing to pick from");
    return item;
  }

  /** So many items, each as often as the others as far as that goes, in no order. */
  deal<Item>(items: readonly Item[], count: number): Item[] {
    const dealt: Item[] = [];
    let deck: Item[] = [];
    while (dealt.length < count) {
      if (deck.length === 0) deck = [...items];
      dealt.push(...deck.splice(this.whole(0, deck.length - 1), 1));
    }
    return dealt;
  }

  /** So many moments within a time, one in each equal slot of it and never at a slot's very edge; ascending. */
  moments(count: number, fromMs: number, toMs: number): number[] {
    const slot = (toMs - fromMs) / count;
    return Array.from({ length: count }, (_, index) =>
      Math.round(fromMs + slot * (index + 0.1 + 0.8 * this.fraction())),
    );
  }
}
