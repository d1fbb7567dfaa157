/** @typedef {import("../api.js").Message} Message */

// Messages of one author within this time read as one.
const SAME_BREATH_MS = 5 * 60_000;

/** @param {Message} message */
export const isReply = (message) => message.thread_root_id !== message.id;

/** @param {Message} message @returns {import("../api.js").Place} */
export function placeOf(message) {
  return message.direct_conversation_id
    ? { kind: "dm", id: message.direct_conversation_id }
    : { kind: "channel", id: message.channel_id ?? "" };
}

/** @param {Message} message */
const seqOf = (message) => message.thread_seq ?? message.channel_seq ?? 0;

/**
 * Returns the messages with this one in its place, be it new or a newer version of one that is there.
 *
 * @param {readonly Message[]} messages
 * @param {Message} message
 */
export function withMessage(messages, message) {
  const old = messages.find(({ id }) => id === message.id);
  // Only lists tell about threads; a message that was fetched by itself must not lose what is known.
  const merged = { ...message, thread_state: message.thread_state ?? old?.thread_state };
  const others = messages.filter(({ id }) => id !== message.id);
  return [...others, merged].sort((a, b) => seqOf(a) - seqOf(b));
}

/** Tells whether a message goes on where its author left off a moment ago. @param {Message} message @param {Message | undefined} previous */
export function isContinued(message, previous) {
  return (
    previous !== undefined &&
    previous.author_id === message.author_id &&
    previous.deleted_at === undefined &&
    previous.kind === message.kind &&
    message.quoted_message_id === undefined &&
    Date.parse(message.created_at) - Date.parse(previous.created_at) < SAME_BREATH_MS
  );
}
