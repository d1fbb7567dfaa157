import { setTimeout as sleep } from "node:timers/promises";
import type { BotName } from "./cast.ts";
import { control } from "./control.ts";
import type { SpellName } from "./plan-faults.ts";

/** What the spells need to know of a run. */
export interface SpellScene {
  readonly clickclack: string;
  botId(name: BotName): string;
  /** Questions that were posted so far. */
  questionsPosted(): number;
  /** Ends every spell. */
  readonly over: AbortSignal;
}

/** An open WebSocket, as ClickClack shows it. */
interface OpenSocket {
  readonly opened_at: string;
  /** Frames that went out. */
  readonly sent: number;
}

const LOOK_INTERVAL_MS = 200;

/** Makes a bot's sockets misbehave for a while. Spells of one kind may overlap. */
export class Spells {
  readonly #scene: SpellScene;
  readonly #holding = new Map<string, number>();

  constructor(scene: SpellScene) {
    this.#scene = scene;
  }

  /** @returns whether anybody noticed: frames went out under it, or were kept back by it */
  async cast(bot: BotName, name: SpellName, forMs: number): Promise<boolean> {
    const asked = this.#scene.questionsPosted();
    const sent = await this.under([bot], name, async () => {
      const frames = await this.#framesWithin(bot, forMs);
      // A deaf socket stays deaf to its end: nothing ever comes over one again after a gap.
      if (name === "deaf") await this.#post("sockets/destroy", { user_id: this.#scene.botId(bot) });
      return frames;
    });
    if (name === "duplicate") return sent > 0;
    if (name === "reorder") return sent > 1;
    return this.#scene.questionsPosted() > asked;
  }

  /** Holds some bots' sockets under a spell while something is done. */
  async under<Result>(
    bots: readonly BotName[],
    name: SpellName,
    act: () => Promise<Result>,
  ): Promise<Result> {
    await Promise.all(bots.map((bot) => this.#hold(bot, name, 1)));
    try {
      return await act();
    } finally {
      await Promise.all(bots.map((bot) => this.#hold(bot, name, -1)));
    }
  }

  /** Waits, and counts the frames that go out meanwhile, over sockets that come and go as well. */
  async #framesWithin(bot: BotName, forMs: number): Promise<number> {
    const until = Date.now() + forMs;
    const path = `sockets?user_id=${this.#scene.botId(bot)}`;
    const sent = new Map<string, { first: number; last: number }>();
    for (let isFirst = true; ; isFirst = false) {
      const { sockets } = await control<{ sockets: OpenSocket[] }>(this.#scene.clickclack, "GET", path);
      for (const socket of sockets) {
        const first = sent.get(socket.opened_at)?.first ?? (isFirst ? socket.sent : 0);
        sent.set(socket.opened_at, { first, last: socket.sent });
      }
      const left = until - Date.now();
      if (left <= 0 || this.#scene.over.aborted) break;
      await sleep(Math.min(left, LOOK_INTERVAL_MS), undefined, { signal: this.#scene.over }).catch(() => {});
    }
    return [...sent.values()].reduce((sum, { first, last }) => sum + last - first, 0);
  }

  async #hold(bot: BotName, name: SpellName, change: 1 | -1): Promise<void> {
    const key = `${bot} ${name}`;
    const holding = (this.#holding.get(key) ?? 0) + change;
    this.#holding.set(key, holding);
    await this.#post(`sockets/${name}`, { user_id: this.#scene.botId(bot), [name]: holding > 0 });
  }

  #post(path: string, body: object): Promise<unknown> {
    return control(this.#scene.clickclack, "POST", path, body);
  }
}
