import { byCodePoint } from "../rules/text.ts";
import { appendEvent } from "./events.ts";
import { requireNotModerated } from "./members.ts";
import { getMessage, messageRecipients } from "./messages.ts";
import type { Store } from "./store.ts";
import type { EventRow, MessageRow } from "./tables.ts";

/** What a reader is shown of the reactions with one emoji. */
export interface ReactionSummary {
  readonly emoji: string;
  readonly count: number;
  readonly reacted_by_me: boolean;
}

/**
 * Adds or takes back a reaction. The emoji is kept as it comes: any text, even none. Deleted messages take reactions.
 *
 * @returns the event, or nothing when nothing changed
 * @throws ApiError 400 when the message is not there, 403 when moderated
 */
export function react(
  store: Store,
  messageId: string,
  userId: string,
  emoji: string,
  add: boolean,
): EventRow | undefined {
  const message = getMessage(store, messageId, userId);
  requireNotModerated(store, message.workspace_id, userId);
  const at = message.reactions.findIndex(
    (reaction) => reaction.user_id === userId && reaction.emoji === emoji,
  );
  if (add === at >= 0) return undefined;
  if (add) message.reactions.push({ user_id: userId, emoji });
  else message.reactions.splice(at, 1);
  return appendEvent(store, {
    type: add ? "reaction.added" : "reaction.removed",
    workspaceId: message.workspace_id,
    channelId: message.channel_id,
    seq: message.channel_seq,
    payload: {
      message_id: message.id,
      emoji,
      user_id: userId,
      count: message.reactions.filter((reaction) => reaction.emoji === emoji).length,
      direct_conversation_id: message.direct_conversation_id || undefined,
    },
    recipients: messageRecipients(store, message),
  });
}

/** Returns a message's reactions as a reader sees them: most frequent first, then by emoji. */
export function reactionSummaries(message: MessageRow, readerId: string): ReactionSummary[] {
  const byEmoji = Map.groupBy(message.reactions, (reaction) => reaction.emoji);
  return [...byEmoji]
    .map(([emoji, reactions]) => ({
      emoji,
      count: reactions.length,
      reacted_by_me: reactions.some((reaction) => reaction.user_id === readerId),
    }))
    .sort((a, b) => b.count - a.count || byCodePoint(a.emoji, b.emoji));
}
