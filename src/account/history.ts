import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import { PAGE_MAX } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import { type FreshStart, isBefore, isPartOfTalk, pastOf, withinBounds } from "./past.ts";

/**
 * What was said in a conversation before a message, oldest first, within the account's `historyLimit` and a bound on
 * characters. Deleted messages, agents' activity rows and our own notices are left out. A thread's root opens its
 * history.
 *
 * @param since leaves out what was said up to then, a thread's root included
 * @throws {ClickClackError}
 */
export async function historyBefore(
  { client, account }: AccountContext,
  conversation: Conversation,
  message: Message,
  since?: FreshStart,
): Promise<Message[]> {
  const limit = Math.min(account.historyLimit, PAGE_MAX);
  if (limit === 0) return [];
  const past = await pastOf(client, conversation, message, limit);
  const isTold = (said: Message) => isPartOfTalk(said) && !isBefore(said, since);
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
