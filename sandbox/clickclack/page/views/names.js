/**
 * @typedef {import("../model/chat.js").Chat} Chat
 * @typedef {import("../api.js").User} User
 */

/** Returns who the others in a direct conversation are. @param {Chat} chat @param {import("../api.js").Conversation} dm @returns {User[]} */
export function peersOf(chat, dm) {
  return dm.members.filter(({ id }) => id !== chat.me.id);
}

/** Returns what to call a place, as in "Message #general". @param {Chat} chat @param {import("../api.js").Place | undefined} place */
export function placeName(chat, place) {
  if (place?.kind === "dm") {
    const dm = chat.dms.value.find(({ id }) => id === place.id);
    return dm ? namesOf(peersOf(chat, dm)) : "";
  }
  const channel = chat.channels.value.find(({ id }) => id === place?.id);
  return channel ? `#${channel.name}` : "";
}

/** @param {readonly User[]} users */
export const namesOf = (users) => users.map(({ display_name }) => display_name).join(", ");

/** Returns how a mention of a handle is to look; nothing if nobody here has it. @param {Chat} chat @returns {import("../text/inline.js").MentionLookup} */
export function mentionsIn(chat) {
  const handles = new Map([...chat.members.value.values()].map(({ handle, id }) => [handle, id]));
  return (handle) => {
    const id = handles.get(handle);
    return id && (id === chat.me.id ? "mention me" : "mention");
  };
}
