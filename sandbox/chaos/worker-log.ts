/** A line that the Worker logged about a message, or about itself. */
interface LogLine {
  readonly event: string;
  readonly message?: string;
  readonly [name: string]: unknown;
}

/** What the Worker logged in all its lives. */
export class WorkerLog {
  readonly #lines: { at: number; text: string; line: LogLine }[] = [];
  readonly #now: () => number;
  readonly #print: (text: string) => void;
  #rest = "";

  /**
   * @param now milliseconds since the run began
   * @param print told of each line
   */
  constructor(now: () => number, print: (text: string) => void) {
    this.#now = now;
    this.#print = print;
  }

  /** Takes output of wrangler and the Worker, in pieces as they come. */
  take(output: string): void {
    const lines = (this.#rest + output).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const text of lines) this.#takeLine(text.trim());
  }

  /** A killed Worker does not end its line. */
  cut(): void {
    this.#rest = "";
  }

  /** Everything logged about a message, each line with its time in seconds. */
  story(messageId: string): string[] {
    return this.#lines
      .filter(({ line }) => line.message === messageId)
      .map(({ at, text }) => `${(at / 1000).toFixed(1)} s  ${text}`);
  }

  /** Whether the Worker gave a message up, with the reason in its log. */
  gaveUp(messageId: string): boolean {
    return this.#lines.some(
      ({ line }) => line.message === messageId && ["turn:dead", "message:dead"].includes(line.event),
    );
  }

  /** When a bot had made up for its place in the event log, which was there no more, and for which one. */
  resyncs(): { at: number; from: string }[] {
    return this.#lines
      .filter(({ line }) => line.event === "link:resync" && line.uncovered !== undefined)
      .map(({ at, line }) => ({ at, from: String(line.from) }));
  }

  #takeLine(text: string): void {
    const line = parse(text);
    if (line !== undefined) this.#lines.push({ at: this.#now(), text, line });
    if (text !== "") this.#print(text);
  }
}

function parse(text: string): LogLine | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(text) as LogLine;
    return typeof value.event === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
