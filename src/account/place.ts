import type { Place } from "../clickclack/client.ts";
import type { Message } from "../clickclack/wire.ts";
import { type Conversation, conversationOf } from "../domain/conversation.ts";

/** What of a message tells where it stands. */
export type Placed = Pick<
  Message,
  "channel_id" | "direct_conversation_id" | "parent_message_id" | "thread_root_id"
>;

/** @returns undefined for a message that is in no place that can be answered */
export function conversationOfMessage(message: Placed): Conversation | undefined {
  return conversationOf({
    channelId: message.channel_id,
    dmId: message.direct_conversation_id,
    threadRootId: message.parent_message_id === undefined ? undefined : message.thread_root_id,
  });
}

/**
 * The conversation of a message that was admitted.
 *
 * @throws {Error} for one that is in no place that can be answered
 */
export function answerableConversation(message: Placed & Pick<Message, "id">): Conversation {
  const conversation = conversationOfMessage(message);
  if (conversation === undefined) throw new Error(`${message.id} is in no place that can be answered`);
  return conversation;
}

/** A thread's reply goes to its root, whichever of its messages is answered: ClickClack has no nested replies. */
export function replyPlace(conversation: Conversation): Place {
  switch (conversation.kind) {
    case "channel":
      return { kind: "channel", channelId: conversation.channelId };
    case "dm":
      return { kind: "dm", dmId: conversation.dmId };
    case "thread":
      return { kind: "thread", rootId: conversation.rootId };
  }
}
