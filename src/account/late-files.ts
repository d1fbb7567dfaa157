import type { Message } from "../clickclack/wire.ts";
import { LATE_FILES_LOOK_MS, UPDATES_REMEMBERED_MAX } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { RunningAsk } from "./running-ask.ts";

/**
 * Files that are attached to a message a moment after it was posted, as ClickClack's web client does it: while the agent is
 * being asked about the message, it is asked again with them. A socket tells of them; callbacks never do, so that an
 * account without a socket looks by itself.
 */
export class LateFiles {
  readonly #context: AccountContext;
  readonly #find: (messageId: string) => RunningAsk | undefined;
  /** Messages that were changed of late: the news may overtake the message's own fetch. */
  readonly #updated = new Set<string>();

  /** @param find the question about a message, while it is being asked */
  constructor(context: AccountContext, find: (messageId: string) => RunningAsk | undefined) {
    this.#context = context;
    this.#find = find;
  }

  /** A message was edited, or got a file. */
  updated(messageId: string): void {
    this.#updated.add(messageId);
    const [oldest] = this.#updated;
    if (this.#updated.size > UPDATES_REMEMBERED_MAX && oldest !== undefined) this.#updated.delete(oldest);
    this.#look(messageId);
  }

  /** Watches over a question that is being asked from now on. @returns to be called when it is not any more */
  watch({ message: { id } }: RunningAsk): () => void {
    if (this.#updated.has(id)) this.#look(id);
    const isBlind = this.#context.account.inbound === "callbacks";
    const timer = isBlind ? setTimeout(() => this.#look(id), LATE_FILES_LOOK_MS) : undefined;
    return () => {
      if (timer !== undefined) clearTimeout(timer);
    };
  }

  #look(messageId: string): void {
    const ask = this.#find(messageId);
    if (ask === undefined) return;
    const { client, log, background } = this.#context;
    const looked = client
      .correlated(ask.correlationId)
      .message(messageId)
      .then(
        (message) => {
          if (!hasMore(message, ask.message) || ask !== this.#find(messageId)) return;
          log({ event: "turn:renewed", message: messageId });
          ask.renew(message);
        },
        (error: unknown) => log({ event: "files:unseen", message: messageId, error: errorText(error) }),
      );
    background(looked);
  }
}

function hasMore({ attachments: now = [] }: Message, { attachments: before = [] }: Message): boolean {
  return now.some(({ id }) => !before.some((known) => known.id === id));
}
