import type { Message } from "../clickclack/wire.ts";
import { withQuestion } from "../domain/command.ts";
import { replyNonce } from "../domain/nonce.ts";
import { splitText } from "../domain/parts.ts";
import { withPrefix } from "../domain/prefix.ts";
import { ATTEMPTS_MAX, MESSAGE_TEXT_MAX_CHARS } from "../limits.ts";
import { type Cause, causeOf } from "./cause.ts";
import { type AccountContext, correlated } from "./context.ts";
import { deliver } from "./delivery.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import type { OutboxItem } from "./outbox.ts";
import { answerableConversation, replyPlace } from "./place.ts";

/** How posting a reply went. */
export type Posted =
  | { kind: "posted" }
  | { kind: "retry"; attempts: number; cause: Cause }
  | { kind: "undeliverable"; cause: Cause };

/** The replies to messages: stored whole before any of it is posted, in as many parts as ClickClack needs. */
export class Replies {
  readonly #context: AccountContext;

  constructor(context: AccountContext) {
    this.#context = context;
  }

  /** The parts of the reply to a message, none before there is one. */
  stored(messageId: string): OutboxItem[] {
    const parts: OutboxItem[] = [];
    for (;;) {
      const part = this.#context.outbox.find(this.#nonce(messageId, parts.length));
      if (part === undefined) return parts;
      parts.push(part);
    }
  }

  /**
   * Posts what the agent has said.
   *
   * An answer in one part is on its way while it is being written down, so that nobody waits for the disk. Should the object
   * die between the two, the agent is asked again, and its answer meets the nonce of the one that is there. With several
   * parts, those of two answers could get mixed: they are stored first.
   *
   * @param text what the agent said
   * @param onLast as for {@link Replies.post}
   */
  postAnswer(
    identity: Identity,
    work: Work,
    message: Message,
    text: string,
    onLast: (messageId: string) => void,
  ): Promise<Posted> {
    const parts = this.#partsOf(message, withPrefix(this.#context.account.responsePrefix, text));
    if (parts.length > 1) this.#keep(parts);
    const posted = this.post(identity, work, parts, onLast);
    if (parts.length === 1) this.#keep(parts);
    return posted;
  }

  /** @param message the message that is answered */
  store(message: Message, answer: string): OutboxItem[] {
    const parts = this.#partsOf(message, answer);
    this.#keep(parts);
    return parts;
  }

  #keep(parts: readonly OutboxItem[]): void {
    const { outbox, transaction } = this.#context;
    transaction(() => {
      for (const part of parts) outbox.store(part);
    });
  }

  #partsOf(message: Message, answer: string): OutboxItem[] {
    const conversation = answerableConversation(message);
    const place = replyPlace(conversation);
    const command = this.#context.commands.find(message.id);
    const whole =
      command === undefined
        ? answer
        : withQuestion(mentionOf(message), command.command, command.text, answer);
    const texts = splitText(whole, MESSAGE_TEXT_MAX_CHARS);
    // In a thread or a DM the place says what is answered; in a channel the quote does, where there is a message to quote.
    const isQuoted = conversation.kind === "channel" && command === undefined;
    const createdAt = this.#context.now();
    return texts.map((partText, part) => ({
      nonce: this.#nonce(message.id, part),
      place,
      quote: isQuoted && part === 0 ? message.id : undefined,
      text: partText,
      attempts: 0,
      state: "pending",
      createdAt,
    }));
  }

  /** Gives the parts that were given up all their attempts again. */
  revive(messageId: string): void {
    for (const { nonce, state } of this.stored(messageId))
      if (state === "dead") this.#context.outbox.revive(nonce);
  }

  /** Forgets the parts that were not posted, with their text. */
  forgetUnposted(messageId: string): void {
    for (const { nonce, state } of this.stored(messageId))
      if (state !== "sent") this.#context.outbox.remove(nonce);
  }

  /**
   * Posts what is not posted yet, in order.
   *
   * @param onLast settles the turn, in one transaction with the last part
   */
  async post(
    identity: Identity,
    work: Work,
    parts: readonly OutboxItem[],
    onLast: (messageId: string) => void,
  ): Promise<Posted> {
    const { outbox, transaction } = this.#context;
    const context = correlated(this.#context, work.correlationId);
    // In agent mode the session decides on the model, and the gateway does not tell; a command is answered by us.
    const isModels = context.account.replyMode === "model" && work.admission?.command === undefined;
    const authorModel = isModels ? context.account.model : undefined;
    for (const part of parts) {
      if (part.state === "sent") continue;
      const delivery = await deliver(context, identity.workspaceId, { ...part, authorModel });
      switch (delivery.kind) {
        case "sent":
          transaction(() => {
            outbox.sent(part.nonce, delivery.messageId);
            if (part === parts.at(-1)) onLast(delivery.messageId);
          });
          break;
        case "retry":
          return this.#failed(part, delivery.cause);
        case "refused": {
          const cause = causeOf(delivery.error);
          if (!delivery.error.mendable) return this.#undeliverable(part, cause);
          outbox.failedOnce(part.nonce, cause.error);
          return this.#failed(part, cause);
        }
      }
    }
    return { kind: "posted" };
  }

  #failed(part: OutboxItem, cause: Cause): Posted {
    const attempts = part.attempts + 1;
    return attempts < ATTEMPTS_MAX
      ? { kind: "retry", attempts, cause }
      : this.#undeliverable(part, { ...cause, reason: "attempts" });
  }

  #undeliverable(part: OutboxItem, cause: Cause): Posted {
    this.#context.outbox.die(part.nonce, cause.error);
    return { kind: "undeliverable", cause };
  }

  #nonce(messageId: string, part: number): string {
    return replyNonce(this.#context.account.id, messageId, part);
  }
}

/** Whoever asked, so that they hear of the answer. */
function mentionOf({ author, author_id: id }: Message): string {
  return author?.handle ? `@${author.handle}` : author?.display_name || id;
}
