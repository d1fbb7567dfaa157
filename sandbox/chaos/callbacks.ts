import { setTimeout as sleep } from "node:timers/promises";
import { type OnRequest, type RelayAnswer, relayAnswer } from "../relay.ts";
import { BOTS, type BotName } from "./cast.ts";
import { ACKNOWLEDGEMENT } from "./config.ts";
import type { CallbackFault, CallbackFaultName } from "./plan-callbacks.ts";
import { Tally } from "./tally.ts";

/** What the way of the callbacks needs to know of a run. */
export interface CallbackScene {
  /** Whether there is a Worker to forward anything to. */
  isThere(): boolean;
  /** Told when the Worker has taken a callback, before ClickClack is. */
  onTaken(): void;
}

/** A callback about what somebody said or asked. */
interface Callback {
  readonly bot: BotName;
  readonly kind: "events" | "commands";
  /** What was said behind a command. */
  readonly text?: string | undefined;
  /** The command's own id, of this one time. */
  readonly trigger?: string | undefined;
}

type Forward = () => Promise<RelayAnswer>;

/** How long ClickClack waits for each callback: much less than its own three seconds, because people wait as well. */
export const CALLBACK_TIMEOUT_MS = 1_500;
/** One that nothing overtakes is forwarded after so long. */
const SWAP_MAX_MS = 5_000;
/** How many come once more at a time. */
const AT_ONCE = 50;

/**
 * The way from ClickClack to the Worker, on which callbacks are lost, doubled, late and swapped. A fault waits for a
 * callback that matters, and is counted once it has met one: those about what the bots themselves said go their way.
 */
export class CallbackFaults {
  /** What really happened. */
  readonly met = new Tally();
  readonly #scene: CallbackScene;
  readonly #waiting: { readonly fault: CallbackFault; left: number }[] = [];
  /** Those that are held until another one of their bot has passed. */
  readonly #overtaken = new Map<BotName, Set<() => void>>();
  /** What is still on its way without anybody waiting for it. */
  readonly #late = new Set<Promise<unknown>>();
  #silenced = 0;
  /** All that the Worker has taken. */
  readonly #taken: Forward[] = [];
  /** The commands among them: their ids, by what was said behind them. */
  readonly #commands = new Map<string, string>();
  /** Callbacks that mattered, those among them that found nobody, and those that came again in the end. */
  #seen = 0;
  #toNobody = 0;
  #again = 0;

  constructor(scene: CallbackScene) {
    this.#scene = scene;
  }

  /** @returns the id of a command that the Worker has said it took, be it that nobody else heard of it */
  takenAs(text: string): string | undefined {
    return this.#commands.get(text);
  }

  /** Lets a fault wait for its callbacks. */
  order(fault: CallbackFault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  /** Loses every callback while something is done. */
  async silence<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#silenced++;
    try {
      return await act();
    } finally {
      this.#silenced--;
    }
  }

  /** Takes back the faults that still wait, and waits for the callbacks that are still on their way. */
  async over(): Promise<void> {
    this.#waiting.splice(0);
    while (this.#late.size > 0) await Promise.all(this.#late);
  }

  /** Hands the Worker everything again that it has taken in all its lives. */
  async repeatAll(): Promise<void> {
    this.#again = this.#taken.length;
    for (let at = 0; at < this.#again; at += AT_ONCE)
      await Promise.all(this.#taken.slice(at, at + AT_ONCE).map((forward) => forward()));
  }

  /** How many there were, in a line. */
  toString(): string {
    return `${this.#seen} callbacks about what people said and asked: ${this.#toNobody} while the Worker was dead; ${this.#again} taken, and given again in the end`;
  }

  /** The relay's hook. */
  readonly onRequest: OnRequest = async ({ path, body }, forward) => {
    const callback = callbackOf(path, body);
    if (callback === undefined) return forward();
    this.#seen++;
    if (!this.#scene.isThere()) {
      this.#toNobody++;
      return forward();
    }
    const pass = () => this.#pass(callback, forward);
    if (this.#silenced > 0) return this.#meet("callback lost", callback, pass, 0);
    const found = this.#waiting.find(({ fault, left }) => left > 0 && fits(fault, callback));
    if (found === undefined) return pass();
    found.left--;
    return this.#meet(found.fault.name, callback, pass, found.fault.afterMs);
  };

  async #meet(
    name: CallbackFaultName,
    { bot }: Callback,
    pass: Forward,
    afterMs: number,
  ): Promise<RelayAnswer | undefined> {
    if (name !== "callbacks swapped") this.met.add(name);
    switch (name) {
      case "callback lost":
        return undefined;
      case "callback refused":
        return relayAnswer(502);
      case "callback swallowed":
        return relayAnswer(200);
      case "callback's answer lost":
        await pass();
        return undefined;
      case "callback doubled": {
        const [answer] = await Promise.all([pass(), pass()]);
        return answer;
      }
      case "callback repeated":
        this.#later(afterMs, pass);
        return pass();
      case "callback late":
        return this.#later(CALLBACK_TIMEOUT_MS + afterMs, pass);
      case "callbacks swapped": {
        const wasOvertaken = await this.#overtake(bot);
        this.met.add(wasOvertaken ? name : "callback late");
        return pass();
      }
    }
  }

  async #pass({ bot, text, trigger }: Callback, forward: Forward): Promise<RelayAnswer> {
    const answer = await forward();
    if (answer.status < 300) {
      this.#taken.push(forward);
      if (text !== undefined && trigger !== undefined && answer.body.includes(ACKNOWLEDGEMENT))
        this.#commands.set(text, trigger);
      this.#scene.onTaken();
    }
    for (const go of this.#overtaken.get(bot) ?? []) go();
    return answer;
  }

  /** It is forwarded whether somebody still waits for it or not. */
  #later(afterMs: number, pass: Forward): Promise<RelayAnswer> {
    return this.#kept(sleep(afterMs).then(pass));
  }

  /** @returns whether another callback of the bot has passed meanwhile */
  #overtake(bot: BotName): Promise<boolean> {
    const held = this.#overtaken.get(bot) ?? new Set();
    this.#overtaken.set(bot, held);
    return this.#kept(
      new Promise((resolve) => {
        const go = (wasOvertaken: boolean) => {
          clearTimeout(timer);
          held.delete(passed);
          resolve(wasOvertaken);
        };
        const passed = () => go(true);
        const timer = setTimeout(() => go(false), SWAP_MAX_MS);
        held.add(passed);
      }),
    );
  }

  #kept<Result>(late: Promise<Result>): Promise<Result> {
    this.#late.add(late);
    void late.finally(() => this.#late.delete(late));
    return late;
  }
}

function fits({ bot, aim }: CallbackFault, callback: Callback): boolean {
  return bot === callback.bot && (aim === "any" || aim === callback.kind);
}

/** @returns undefined for one that does not matter: what the Worker posts bears a nonce, and people's messages here none */
function callbackOf(path: string, body: Buffer): Callback | undefined {
  const [, account, kind] = /^\/clickclack\/([^/]+)\/(events|commands)$/.exec(path) ?? [];
  const bot = BOTS.find((name) => name === account);
  if (bot === undefined) return undefined;
  const { event, ...command } = JSON.parse(body.toString()) as {
    event?: { payload?: { nonce?: string } };
    text?: string;
    trigger_id?: string;
  };
  if (kind === "commands") return { bot, kind, text: command.text, trigger: command.trigger_id };
  return event?.payload?.nonce === undefined ? { bot, kind: "events" } : undefined;
}
