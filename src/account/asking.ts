import type { Message } from "../clickclack/wire.ts";
import { commandIn, startsAfresh } from "../domain/bot-command.ts";
import { conversationKey } from "../domain/conversation.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import type { Asker } from "./ask.ts";
import { type AccountContext, correlated } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import { LateFiles } from "./late-files.ts";
import type { Outage } from "./outage.ts";
import { answerableConversation } from "./place.ts";
import { showProgress } from "./progress-sign.ts";
import { RunningAsk } from "./running-ask.ts";
import { showTyping } from "./typing.ts";
import type { Running } from "./watch.ts";

/** Who is told how asking goes. */
export interface AskListener<Result> {
  /** The gateway has taken the question. */
  reached(): void;
  /** @param about the message as it was asked about in the end */
  concluded(outcome: CompletionOutcome, about: Message): Promise<Result>;
}

/** The questions that agents are being asked at this moment, each with its sign for people to see. */
export class Asking {
  readonly #context: AccountContext;
  readonly #asker: Asker;
  readonly #outage: Outage;
  readonly #lateFiles: LateFiles;
  readonly #running = new Map<string, RunningAsk>();

  constructor(context: AccountContext, asker: Asker, outage: Outage) {
    this.#context = context;
    this.#asker = asker;
    this.#outage = outage;
    this.#lateFiles = new LateFiles(context, (messageId) => this.find(messageId));
  }

  /** @see {@link LateFiles.updated} */
  updated(messageId: string): void {
    this.#context.ahead.forget(messageId);
    this.#lateFiles.updated(messageId);
  }

  /** The question about a message, while it is being asked. */
  find(messageId: string): RunningAsk | undefined {
    return this.#running.get(messageId);
  }

  /** Messages of a conversation that are being asked about: one at most, as long as order is kept. */
  in(conversation: string): string[] {
    return [...this.#running].filter(([, ask]) => ask.conversation === conversation).map(([id]) => id);
  }

  /** All of them, the oldest first. */
  all(): Omit<Running, "since">[] {
    return [...this.#running.values()].map(({ conversation, message }) => {
      const channel = message.channel_id && this.#asker.channelName(message.channel_id);
      return {
        message: message.id,
        conversation,
        ...(channel && { channel }),
        ...(message.author && { author: message.author.display_name }),
      };
    });
  }

  /** @see {@link Asker.recover} */
  recover(work: Work, lost: { sessionKey: string; runId: string }): Promise<CompletionOutcome | undefined> {
    return this.#asker.recover(work, lost);
  }

  /**
   * Asks about a message until there is an outcome.
   *
   * @returns undefined when it was stopped meanwhile
   * @throws {ClickClackError} when what the question needs cannot be read
   */
  async ask<Result>(
    identity: Identity,
    { correlationId }: Work,
    message: Message,
    listener: AskListener<Result>,
  ): Promise<Result | undefined> {
    const conversation = answerableConversation(message);
    const ask = new RunningAsk(conversationKey(conversation), message, correlationId);
    this.#running.set(message.id, ask);
    const unwatch = this.#lateFiles.watch(ask);
    const end = () => {
      this.#running.delete(message.id);
      unwatch();
    };
    const context = correlated(this.#context, correlationId);
    const sign = context.account.nativeProgress
      ? showProgress(context, identity, conversation, message.id)
      : showTyping(context, identity.workspaceId, conversation);
    // While the gateway is known to be away, no sign is shown before it has been reached.
    if (this.#outage.current === undefined) sign.start();
    const onReached = () => {
      listener.reached();
      sign.start();
    };
    try {
      for (;;) {
        const outcome = await this.#asker.ask({ ...inquiryOf(identity, ask), correlationId, onReached });
        if (ask.isStopped) return undefined;
        // Otherwise there is more to the message than what was asked about.
        if (outcome.kind === "stopped") continue;
        // From here on there is an answer, which a stop comes too late for.
        end();
        return await listener.concluded(outcome, ask.message);
      }
    } finally {
      end();
      sign.end();
    }
  }
}

/** Of a message that asks for a new session, what is said behind that is the question. */
function inquiryOf(identity: Identity, { message, signal: stop }: RunningAsk) {
  const given = commandIn(message.body, identity.handle);
  const afresh = given !== undefined && startsAfresh(given.name);
  const question = afresh ? { ...message, body: given.rest } : message;
  return { identity, conversation: answerableConversation(message), message: question, afresh, stop };
}
