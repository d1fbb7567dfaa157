import { Agent, request } from "node:http";
import { type Round, roundOf } from "./figures.ts";

/** A request that is ready to go: nothing of it is made while the clock runs. */
export interface Shot {
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** Posts to one address over connections that are kept: as many as there are requests at once. */
export class Gun {
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #atOnce: number;
  readonly #status: number;

  /** @param status what every answer has to have */
  constructor(url: string, atOnce: number, status: number) {
    this.#url = new URL(url);
    this.#atOnce = atOnce;
    this.#status = status;
    this.#agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  }

  /**
   * Posts everything, so many at a time, each as soon as another one was answered.
   *
   * @throws when an answer is another than it should be
   */
  async fire(shots: readonly Shot[]): Promise<Round> {
    const waiting = shots.values();
    const tookMs: number[] = [];
    const lane = async () => {
      for (const shot of waiting) tookMs.push(await this.#post(shot));
    };
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: this.#atOnce }, lane));
    return roundOf(tookMs, performance.now() - startedAt);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @returns milliseconds until the answer was read to its end */
  #post({ headers, body }: Shot): Promise<number> {
    return new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const sent = request(this.#url, { method: "POST", agent: this.#agent, headers }, (response) => {
        response.resume();
        response.once("error", reject);
        response.once("end", () => {
          if (response.statusCode === this.#status) resolve(performance.now() - startedAt);
          else reject(new Error(`${this.#url.pathname} answered ${response.statusCode}`));
        });
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }
}
