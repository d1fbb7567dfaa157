/**
 * What a command answered for the one who asked alone.
 *
 * @typedef {{place: import("../api.js").Place, command: string, text: string, botUserId: string}} Notice
 */

/**
 * Invokes a slash command, if that is what was written. ClickClack has them in channels only, and none that quote.
 *
 * Nothing tells of new commands, so the list is fetched anew for everything that looks like one.
 *
 * @param {import("./chat.js").Chat} chat
 * @param {import("../api.js").Post} post
 * @param {import("../api.js").Place} place
 * @returns {Promise<boolean>} false when it is an ordinary message, which is still to be sent
 */
export async function invokeCommand(chat, post, place) {
  if (place.kind !== "channel" || !post.body.startsWith("/") || post.quoted_message_id) return false;
  const [word = ""] = post.body.split(/\s/, 1);
  const commands = await chat.api.slashCommands(chat.workspace.id);
  const found = commands.find(({ command }) => command === word.toLowerCase());
  if (found === undefined) return false;
  const { message, text } = await chat.api.invoke(place.id, word, post.body.slice(word.length));
  // Where nothing was said, ClickClack sends a message that is empty through and through.
  if (message.id !== "") chat.put(message);
  else if (text !== "") {
    chat.notice.set({ place, command: found.command, text, botUserId: found.bot_user_id });
  }
  return true;
}
