import { setImmediate } from "node:timers/promises";

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
      await anInterrupt();
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

/**
 * Gives a signal the time to be noticed. Ctrl-C ends the Worker along with us, and Node may see the broken connection a
 * turn of its loop before the signal that broke it: then the line has not failed, the talk is over.
 */
async function anInterrupt(): Promise<void> {
  for (let turns = 0; turns < 2; turns++) await setImmediate();
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n      ");
}
