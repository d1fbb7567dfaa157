import type { Message } from "../clickclack/wire.ts";
import { commandIn } from "../domain/bot-command.ts";
import { isCommandId } from "../domain/command.ts";
import { cursorTimeMs } from "../domain/cursor.ts";
import { READ_AHEAD_MAX_AGE_MS, READS_AHEAD_MAX } from "../limits.ts";
import { type Command, cursorOfCommand } from "./commands.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";

/** A message that is being read, and since when, Unix ms. */
interface Ahead {
  reading: Promise<Message>;
  at: number;
}

/**
 * Reads what was asked: a message from ClickClack, as it is now, or a slash command as it was stored, in the form of a
 * message of its channel.
 */
export class AskedReader {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #ahead = new Map<string, Ahead>();

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
  }

  /**
   * Begins to read a message that was heard of just now and is about to be written down: what is asked for before a write
   * does not have to wait until that is on disk.
   */
  begin({ messageId, correlationId }: Work): void {
    if (this.#ahead.size >= READS_AHEAD_MAX) this.#ahead.clear();
    const reading = this.#context.client.correlated(correlationId).message(messageId);
    // Whoever reads it hears of a failure.
    reading.catch(() => undefined);
    this.#ahead.set(messageId, { reading, at: this.#context.now() });
  }

  /** It is not any more as it was when {@link begin} read it. */
  changed(messageId: string): void {
    this.#ahead.delete(messageId);
  }

  /** @throws {ClickClackError} `not_found` for a message that is gone or hidden */
  async read(identity: Identity, { messageId, correlationId }: Work): Promise<Message> {
    const client = this.#context.client.correlated(correlationId);
    if (!isCommandId(messageId)) return this.#takeAhead(messageId) ?? client.message(messageId);
    const command = this.#context.commands.find(messageId);
    if (command === undefined) throw new Error(`command ${messageId} was journaled and not stored`);
    return messageOf(command, await this.#directory.member(client, identity.workspaceId, command.userId));
  }

  #takeAhead(messageId: string): Promise<Message> | undefined {
    const ahead = this.#ahead.get(messageId);
    this.#ahead.delete(messageId);
    const isFresh = ahead !== undefined && this.#context.now() - ahead.at < READ_AHEAD_MAX_AGE_MS;
    return isFresh ? ahead.reading : undefined;
  }
}

/** One of the bot's own commands is that, however it was registered. */
function bodyOf({ command, text }: Command): string {
  return commandIn(command, "") === undefined ? text : `${command} ${text}`;
}

function messageOf(command: Command, author: Message["author"]): Message {
  return {
    id: command.triggerId,
    channel_id: command.channelId,
    author_id: command.userId,
    ...(author !== undefined && { author }),
    thread_root_id: command.triggerId,
    body: bodyOf(command),
    // ClickClack's own time, which its id tells, so that it can be held against that of messages.
    created_at: new Date(cursorTimeMs(cursorOfCommand(command)) ?? command.askedAt).toISOString(),
    kind: "message",
  };
}
