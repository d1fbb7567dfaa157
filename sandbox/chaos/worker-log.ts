/** A line that the Worker logged about a message or a send, or about itself. */
interface LogLine {
  readonly event: string;
  readonly message?: string;
  readonly send?: string;
  readonly [name: string]: unknown;
}

const RETRIED = ["turn:retry", "send:retry"];
const GIVEN_UP = ["turn:dead", "message:dead", "send:failed"];

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

  /** Everything logged about a message or a send, each line with its time in seconds. */
  story(id: string): string[] {
    return this.#about(id).map(({ at, text }) => `${(at / 1000).toFixed(1)} s  ${text}`);
  }

  /** Whether the Worker gave a message or a send up, with the reason in its log. */
  gaveUp(id: string): boolean {
    return this.#about(id).some(({ line }) => GIVEN_UP.includes(line.event));
  }

  /** How long it is until a message or a send is tried again, if the last that was heard of it is that it will be. */
  retryInMs(id: string): number | undefined {
    // One bot drops what the other one answers.
    const last = this.#about(id).findLast(({ line }) => line.event !== "message:dropped");
    if (last === undefined || !RETRIED.includes(last.line.event)) return undefined;
    return last.at + Number(last.line.retryInMs) - this.#now();
  }

  /** When a bot had made up for its place in the event log, which was there no more, and for which one. */
  resyncs(): { at: number; from: string }[] {
    return this.#lines
      .filter(({ line }) => line.event === "link:resync" && line.uncovered !== undefined)
      .map(({ at, line }) => ({ at, from: String(line.from) }));
  }

  #about(id: string) {
    return this.#lines.filter(({ line }) => line.message === id || line.send === id);
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
