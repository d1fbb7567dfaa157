import { randomBytes, randomUUID } from "node:crypto";
import type { BackendModel } from "./target.ts";
import { waitFor } from "./wait.ts";

/** Tokens as the gateway counts them for a completion. */
export interface Usage {
  readonly prompt: number;
  readonly completion: number;
}

/**
 * How a run ended, as its transcript item says it. Only `stop` makes an answer; what was said before a tool was called
 * is an item without any.
 */
export type StopReason = "stop" | "error" | "aborted" | undefined;

interface ItemBase {
  readonly id: string;
  readonly seq: number;
  /** Unix ms. */
  readonly at: number;
  readonly text: string;
}

export interface UserItem extends ItemBase {
  readonly role: "user";
  readonly idempotencyKey: string;
}

/**
 * What a run left behind. There may be several of one run, and some are no answers: what was said before a tool was
 * called, an attempt that stayed empty, OpenClaw's own words about a failure.
 */
export interface AssistantItem extends ItemBase {
  readonly role: "assistant";
  /** The `chatcmpl_…` id that the caller saw. */
  readonly runId: string;
  readonly model: BackendModel;
  readonly usage: Usage;
  readonly stopReason: StopReason;
  readonly errorMessage?: string | undefined;
  /** Kept, and counted in `seq`, but not shown in the history: an attempt that said `NO_REPLY`. */
  readonly isHidden: boolean;
}

/** OpenClaw's note on a run that failed before the model was reached; such a run leaves no user message. */
export interface NoteItem extends ItemBase {
  readonly role: "custom";
  readonly runId: string;
}

export type Item = UserItem | AssistantItem | NoteItem;

/** One conversation of one agent: its transcript, and the lane that lets one turn run at a time. */
export class Session {
  readonly key: string;
  readonly items: Item[] = [];
  /** Names the stored transcript in history positions. */
  readonly source = randomBytes(32).toString("base64url");
  #lane: Promise<void> = Promise.resolve();

  constructor(key: string) {
    this.key = key;
  }

  /**
   * Waits for the turns that came before, strictly in order of arrival.
   *
   * @returns gives the lane to the next turn
   * @throws the signal's reason when it aborts first; the place in the lane is then given up
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#lane;
    const turn = Promise.withResolvers<void>();
    this.#lane = before.then(() => turn.promise);
    try {
      await waitFor(before, signal);
    } catch (reason) {
      turn.resolve();
      throw reason;
    }
    return turn.resolve;
  }

  addUser(text: string): void {
    this.items.push({ ...this.#base(text), role: "user", idempotencyKey: `${randomUUID()}:user` });
  }

  addAssistant(text: string, run: Omit<AssistantItem, keyof ItemBase | "role">): void {
    this.items.push({ ...this.#base(text), role: "assistant", ...run });
  }

  addNote(text: string, runId: string): void {
    this.items.push({ ...this.#base(text), role: "custom", runId });
  }

  /**
   * Takes back a user message at the end that no run ever answered, because its caller went away. OpenClaw hands it to
   * the next turn's prompt and forgets it.
   */
  takeOrphan(): string | undefined {
    return this.items.at(-1)?.role === "user" ? this.items.pop()?.text : undefined;
  }

  /** User messages so far. */
  get turns(): number {
    return this.items.filter((item) => item.role === "user").length;
  }

  #base(text: string): ItemBase {
    return { id: randomUUID(), seq: this.items.length + 1, at: Date.now(), text };
  }
}

/** The sessions of one gateway, by stored key. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** The session under a key, made if there is none. */
  open(key: string): Session {
    const session = this.#sessions.get(key) ?? new Session(key);
    this.#sessions.set(key, session);
    return session;
  }

  /** The session under a key, if a turn ever ran in it. */
  find(key: string): Session | undefined {
    const session = this.#sessions.get(key);
    return session && session.items.length > 0 ? session : undefined;
  }
}
