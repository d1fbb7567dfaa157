import type { Message } from "../clickclack/wire.ts";
import { commandIn } from "../domain/bot-command.ts";
import { isCommandId } from "../domain/command.ts";
import { cursorTimeMs } from "../domain/cursor.ts";
import { type Command, cursorOfCommand } from "./commands.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";

/**
 * Reads what was asked: a message from ClickClack, as it is now, or a slash command as it was stored, in the form of a
 * message of its channel.
 */
export class AskedReader {
  readonly #context: AccountContext;
  readonly #directory: Directory;

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
  }

  /** @throws {ClickClackError} `not_found` for a message that is gone or hidden */
  async read(identity: Identity, { messageId, correlationId }: Work): Promise<Message> {
    const { ahead, commands } = this.#context;
    const client = this.#context.client.correlated(correlationId);
    if (!isCommandId(messageId)) return ahead.message(messageId) ?? client.message(messageId);
    const command = commands.find(messageId);
    if (command === undefined) throw new Error(`command ${messageId} was journaled and not stored`);
    return messageOf(command, await this.#directory.member(client, identity.workspaceId, command.userId));
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
