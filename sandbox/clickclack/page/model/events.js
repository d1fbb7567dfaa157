import { isSamePlace } from "../route.js";
import { countMessage, noteRead } from "./unread.js";

/**
 * @typedef {import("./chat.js").Chat} Chat
 * @typedef {import("./activity.js").Activity} Activity
 * @typedef {import("../api.js").Place} Place
 * @typedef {{type: string, channel_id?: string, seq?: number, payload: Record<string, any>}} Event
 * @typedef {(event: Event, chat: Chat, activity: Activity) => any} Handler
 */

/** What each event means for the page. Those that are not here mean nothing to it. @type {Record<string, Handler>} */
const HANDLERS = {
  "message.created": created,
  "message.updated": changed,
  "message.deleted": changed,
  "reaction.added": changed,
  "reaction.removed": changed,
  "thread.reply_created": replied,
  "thread.state_updated": ({ payload }, chat) => chat.refreshThreadState(payload.root_message_id),
  "channel.created": (_event, chat) => chat.loadChannels(),
  "channel.updated": (_event, chat) => chat.loadChannels(),
  "channel.read": (event, chat) => noteRead(chat, placeOf(event), event.seq ?? 0),
  "dm.read": (event, chat) => noteRead(chat, placeOf(event), event.seq ?? 0),
  "typing.started": (event, chat, activity) => isMine(event, chat) || activity.startTyping(whereOf(event)),
  "typing.stopped": (event, _chat, activity) => activity.stopTyping(whereOf(event)),
  "agent.progress": (event, _chat, activity) => activity.takeProgress(whereOf(event), event.payload),
  "bot.deleted": (_event, chat) => chat.loadMembers(),
  "bot.membership_removed": (_event, chat) => chat.loadMembers(),
};

/**
 * Takes in what the realtime socket says.
 *
 * Events carry ids and no text: whatever is to be shown is fetched. That also makes it harmless to get one twice.
 *
 * @param {Event} event
 * @param {Chat} chat
 * @param {Activity} activity
 */
export async function takeEvent(event, chat, activity) {
  if (Object.hasOwn(HANDLERS, event.type)) await HANDLERS[event.type]?.(event, chat, activity);
}

/** @type {Handler} */
async function created({ payload, seq = 0, ...event }, chat, activity) {
  const place = placeOf({ payload, ...event });
  const isKnown = place.kind === "channel" || chat.dms.value.some(({ id }) => id === place.id);
  // Nothing announces a new direct conversation but its first message.
  if (!isKnown) await chat.loadDms();
  else if (!payload.kind) countMessage(chat, place, { seq, isMine: payload.author_id === chat.me.id });
  if (isSamePlace(place, chat.place.value)) await chat.fetch(payload.message_id);
  activity.stopTyping({ userId: payload.author_id, place });
}

/** @type {Handler} */
async function changed({ payload }, chat) {
  const shown = [...chat.timeline.value.messages, ...(chat.thread.value?.replies ?? [])];
  const isShown = shown.some(({ id }) => id === payload.message_id);
  if (isShown || chat.thread.value?.rootId === payload.message_id) await chat.fetch(payload.message_id);
}

/** @type {Handler} */
async function replied(event, chat, activity) {
  const { message_id, root_message_id: rootId } = event.payload;
  if (!isSamePlace(placeOf(event), chat.place.value)) return;
  // The event does not name the author, who is needed to end their typing sign.
  const reply = await chat.fetch(message_id);
  if (reply) activity.stopTyping({ userId: reply.author_id, place: placeOf(event), rootId });
}

/** @param {Event} event @param {Chat} chat */
const isMine = (event, chat) => event.payload.user_id === chat.me.id;

/** @param {Event} event @returns {Place} */
function placeOf({ channel_id, payload }) {
  return payload.direct_conversation_id
    ? { kind: "dm", id: payload.direct_conversation_id }
    : { kind: "channel", id: channel_id ?? payload.channel_id };
}

/** @param {Event} event */
const whereOf = (event) => ({
  userId: event.payload.user_id,
  place: placeOf(event),
  rootId: event.payload.thread_root_id || undefined,
});
