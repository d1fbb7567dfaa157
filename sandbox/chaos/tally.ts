/** How often each thing happened, by its name. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** Nothing happened if `times` is 0, and then the name does not appear. */
  add(name: string, times = 1): void {
    if (times > 0) this.#counts.set(name, this.of(name) + times);
  }

  addAll(other: Tally): void {
    for (const [name, count] of other.#counts) this.add(name, count);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** By name, so that two runs can be laid side by side. */
  toString(): string {
    return [...this.#counts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  }
}
