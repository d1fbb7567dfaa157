import type { Message } from "../clickclack/wire.ts";
import type { BotCommandName } from "../domain/bot-command.ts";
import type { Asking } from "./asking.ts";
import { helpText, NEW_SESSION, statusText, stoppedText } from "./command-texts.ts";
import { type AccountContext, correlated } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import type { Memories } from "./memory.ts";
import type { Outage } from "./outage.ts";
import type { OutboxItem } from "./outbox.ts";
import { answerableConversation } from "./place.ts";
import type { Replies } from "./reply.ts";

/** The questions that wait in a conversation. */
export interface WaitingLine {
  /** Those from before a cursor that are not being answered at this moment, and are no commands. */
  waitingBefore(conversation: string, cursor: string): string[];
  /** Takes one out of the line. */
  take(messageId: string): Work | undefined;
  /** How many there are, from before a cursor or after it, being answered or not. */
  countIn(conversation: string): number;
}

/** What the bot's own commands need. */
export interface CommandTools {
  memories: Memories;
  replies: Replies;
  asking: Asking;
  outage: Outage;
  line(): WaitingLine;
}

/** Carries out the commands that need no agent. What one does is stored in one piece with its answer. */
export class OwnCommands {
  readonly #context: AccountContext;
  readonly #tools: CommandTools;

  constructor(context: AccountContext, tools: CommandTools) {
    this.#context = context;
    this.#tools = tools;
  }

  /**
   * @returns the answer, stored to be posted
   * @throws {ClickClackError} when what it needs cannot be read
   */
  async carryOut(
    name: BotCommandName,
    identity: Identity,
    work: Work,
    message: Message,
  ): Promise<OutboxItem[]> {
    const { replies } = this.#tools;
    switch (name) {
      case "help":
        return replies.store(message, helpText(this.#context.account, identity, message.channel_id));
      case "stop":
        return this.#stop(work, message);
      case "status":
        return replies.store(message, await this.#status(identity, work, message));
      case "new":
      case "reset": {
        const memory = await this.#memory(identity, work, message);
        return this.#context.transaction(() => {
          this.#tools.memories.begin(memory, message);
          return replies.store(message, NEW_SESSION);
        });
      }
    }
  }

  /** Ends what is being answered and drops what waits behind it. An answer that is made already is posted. */
  #stop({ conversation, cursor }: Work, message: Message): OutboxItem[] {
    const { transaction, turns, now, log } = this.#context;
    const { asking, line, replies } = this.#tools;
    const asked = asking.in(conversation);
    const waiting = line()
      .waitingBefore(conversation, cursor)
      .filter((messageId) => replies.stored(messageId).length === 0);
    const parts = transaction(() => {
      for (const messageId of [...asked, ...waiting]) turns.settle(messageId, "cancelled", now(), "stopped");
      return replies.store(message, stoppedText(asked.length, waiting.length));
    });
    for (const messageId of asked) asking.find(messageId)?.stop();
    for (const messageId of waiting) line().take(messageId);
    for (const stopped of [...asked, ...waiting])
      log({ event: "turn:cancelled", message: stopped, reason: "stopped" });
    return parts;
  }

  async #status(identity: Identity, work: Work, message: Message): Promise<string> {
    const { conversation } = work;
    const { asking, line, outage } = this.#tools;
    const isAnswering = asking.in(conversation).length > 0;
    return statusText({
      account: this.#context.account,
      identity,
      since: (await this.#memory(identity, work, message)).since?.at,
      isAnswering,
      waiting: line().countIn(conversation) - (isAnswering ? 1 : 0),
      awaySince: outage.current?.since,
    });
  }

  #memory(identity: Identity, { correlationId }: Work, message: Message) {
    const context = correlated(this.#context, correlationId);
    return this.#tools.memories.of(context, identity, answerableConversation(message));
  }
}
