/** A place where order matters: one channel, one thread or one direct conversation. */
export type Conversation =
  | { kind: "channel"; channelId: string }
  | { kind: "thread"; rootId: string; channelId?: string; dmId?: string }
  | { kind: "dm"; dmId: string };

/** What places a message: taken from a fetched message or from an event that tells the same. */
export interface Placement {
  channelId?: string | undefined;
  dmId?: string | undefined;
  /** Root of the thread; set for replies only. */
  threadRootId?: string | undefined;
}

/**
 * The conversation of a message. A missing channel alone does not make a DM: workspace events lack one as well.
 *
 * @returns undefined when the message is in no place that can be answered
 */
export function conversationOf(place: Placement): Conversation | undefined {
  if (place.threadRootId !== undefined) {
    return {
      kind: "thread",
      rootId: place.threadRootId,
      ...(place.channelId !== undefined && { channelId: place.channelId }),
      ...(place.dmId !== undefined && { dmId: place.dmId }),
    };
  }
  if (place.dmId !== undefined) return { kind: "dm", dmId: place.dmId };
  if (place.channelId !== undefined) return { kind: "channel", channelId: place.channelId };
  return undefined;
}

/** The channel that a conversation is in; undefined for a direct one. */
export function channelIdOf(conversation: Conversation): string | undefined {
  return conversation.kind === "dm" ? undefined : conversation.channelId;
}

/** The direct conversation that it is, or is a thread of. */
export function dmIdOf(conversation: Conversation): string | undefined {
  return conversation.kind === "channel" ? undefined : conversation.dmId;
}

/**
 * The conversation that a name stands for: ids say what they are. Where a thread is, its name does not tell.
 *
 * @param key as {@link conversationKey} made it
 */
export function conversationOfKey(key: string): Conversation {
  if (key.startsWith("msg_")) return { kind: "thread", rootId: key };
  return key.startsWith("dm_") ? { kind: "dm", dmId: key } : { kind: "channel", channelId: key };
}

/** The conversation's name in storage and logs: the id of its channel, its thread's root or its DM. */
export function conversationKey(conversation: Conversation): string {
  switch (conversation.kind) {
    case "channel":
      return conversation.channelId;
    case "thread":
      return conversation.rootId;
    case "dm":
      return conversation.dmId;
  }
}
