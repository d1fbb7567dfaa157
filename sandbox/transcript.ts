/** A talk as it is printed, each line with whether it held. */
export class Transcript {
  passed = 0;
  failed = 0;
  #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** A heading over the lines that follow. */
  scene(title: string): void {
    this.#print(`\n${title}`);
  }

  /**
   * One line of the talk.
   *
   * @param said who says what; printed first
   * @param check does it and brings what came of it; throws what did not hold
   */
  async line(said: string, check: () => Promise<string>): Promise<void> {
    try {
      const outcome = await check();
      this.passed++;
      this.#print(`  ✓ ${said}\n      ${indented(outcome)}`);
    } catch (error) {
      this.failed++;
      this.#print(`  ✗ ${said}\n      ${indented(error instanceof Error ? error.message : String(error))}`);
    }
  }

  /** Prints nothing any more. */
  mute(): void {
    this.#print = () => {};
  }

  /** @returns whether every line held */
  close(): boolean {
    this.#print(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0;
  }
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n      ");
}
