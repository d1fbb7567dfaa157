import { DEAD_LIST_MAX } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Work } from "./journal.ts";
import type { Restored } from "./lane.ts";
import type { Replies } from "./reply.ts";

/** A message that was given up. Plain data, because it crosses RPC. */
export interface DeadItem {
  message: string;
  conversation: string;
  /** What could not be done: read the message, have it answered, or post the answer. */
  stage: "read" | "ask" | "post";
  reason: string;
  error: string;
  attempts: number;
  /** When it was given up; for one that could not be read, when it was first seen. Unix ms. */
  since: number;
}

/** Whether an operator's action was done; `state` is what the message is instead of dead. */
export type DeadAction = { done: true } | { done: false; state: string | undefined };

/** Where messages go that are to be worked on again. */
export interface Revival {
  toAdmit(work: Work): void;
  toRun(work: Restored): void;
}

/** What was given up and is kept for an operator: to look at, to have done again, or to let go. */
export class DeadLetters {
  readonly #context: AccountContext;
  readonly #replies: Replies;
  readonly #revival: Revival;

  constructor(context: AccountContext, replies: Replies, revival: Revival) {
    this.#context = context;
    this.#replies = replies;
    this.#revival = revival;
  }

  /** The newest ones first, {@link DEAD_LIST_MAX} at most. */
  list(): DeadItem[] {
    const { journal, turns } = this.#context;
    const unread = journal.dead(DEAD_LIST_MAX).map((item) => ({ ...item, stage: "read" as const }));
    const unanswered = turns.dead(DEAD_LIST_MAX).map((item) => ({
      ...item,
      stage: this.#replies.stored(item.message).length > 0 ? ("post" as const) : ("ask" as const),
    }));
    return [...unread, ...unanswered].sort((a, b) => b.since - a.since).slice(0, DEAD_LIST_MAX);
  }

  /**
   * Has it tried again, from where it failed and with all its attempts: a stored answer is posted, under its nonce, and
   * anything else is asked for.
   */
  retry(messageId: string): DeadAction {
    const { journal, turns, transaction, now, log } = this.#context;
    if (turns.find(messageId)?.state === "dead") {
      const work = transaction(() => {
        this.#replies.revive(messageId);
        return turns.revive(messageId, now());
      });
      this.#revival.toRun(work);
    } else if (journal.find(messageId)?.state === "dead") {
      this.#revival.toAdmit(journal.revive(messageId, now()));
    } else return this.#notDead(messageId);
    log({ event: "dead:retried", message: messageId });
    return { done: true };
  }

  /** Lets it go. What was to be posted is deleted. */
  discard(messageId: string): DeadAction {
    const { journal, turns, transaction, now, log } = this.#context;
    if (turns.find(messageId)?.state === "dead") {
      transaction(() => {
        this.#replies.forgetUnposted(messageId);
        turns.settle(messageId, "cancelled", now(), "discarded");
      });
    } else if (journal.find(messageId)?.state === "dead") journal.drop(messageId, "discarded");
    else return this.#notDead(messageId);
    log({ event: "dead:discarded", message: messageId });
    return { done: true };
  }

  #notDead(messageId: string): DeadAction {
    const { journal, turns } = this.#context;
    return { done: false, state: turns.find(messageId)?.state ?? journal.find(messageId)?.state };
  }
}
