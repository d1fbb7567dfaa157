import type { BotCommand } from "../domain/bot-command.ts";
import type { Remote } from "../remote/headers.ts";
import { request } from "./request.ts";
import { AnyAnswer } from "./wire.ts";

/**
 * Replaces the bot's command menu; an empty one takes it away.
 *
 * @throws {ClickClackError}
 */
export async function publishCommands(remote: Remote, commands: readonly BotCommand[]): Promise<void> {
  const menu = commands.map(({ command, description, argsHint }) => ({
    command,
    description,
    args_hint: argsHint,
  }));
  await request(remote, {
    operation: "command menu",
    method: "PUT",
    path: "/api/bots/self/commands",
    body: { commands: menu },
    answer: AnyAnswer,
  });
}
