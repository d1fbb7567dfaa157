import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import { repliedTo } from "../domain/nonce.ts";
import { PAGE_MAX } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { FreshStart } from "./fresh-starts.ts";
import { isBefore, isPartOfTalk, pastOf, withinBounds } from "./past.ts";

/**
 * What was said in a conversation before a message, oldest first, within the account's `historyLimit` and a bound on
 * characters. Deleted messages, agents' activity rows, our own notices, and commands with their answers are left out. A thread's root opens its
 * history.
 *
 * @param since leaves out what was said up to then, a thread's root included
 * @throws {ClickClackError}
 */
export async function historyBefore(
  { client, ahead, account, turns }: AccountContext,
  conversation: Conversation,
  message: Message,
  since?: Pick<FreshStart, "at">,
): Promise<Message[]> {
  const limit = Math.min(account.historyLimit, PAGE_MAX);
  if (limit === 0) return [];
  const past = await pastOf(client, conversation, message, limit, ahead.page(message, limit));
  const isCommand = ({ id, nonce = "" }: Message) =>
    turns.find(repliedTo(account.id, nonce) ?? id)?.admission?.command !== undefined;
  const isTold = (said: Message) => isPartOfTalk(said) && !isBefore(said, since) && !isCommand(said);
  const root = past.root !== undefined && isTold(past.root) ? past.root : undefined;
  const room = root === undefined ? limit : limit - 1;
  const told: Message[] = [];
  if (room === 0) return withinBounds(told, root);
  for await (const said of past.said) {
    if (isBefore(said, since)) break;
    if (isTold(said)) told.push(said);
    if (told.length === room) break;
  }
  return withinBounds(told, root);
}
