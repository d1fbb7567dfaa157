/**
 * @typedef {import("./chat.js").Chat} Chat
 * @typedef {import("../api.js").Counters & {id: string}} Counted
 * @typedef {import("../api.js").Place} Place
 */

/**
 * Counts a new message. Events may come twice, so one that is not beyond the last counts for nothing.
 *
 * @param {Chat} chat
 * @param {Place} place
 * @param {{seq: number, isMine: boolean}} news
 */
export function countMessage(chat, place, { seq, isMine }) {
  change(chat, place, (old) => {
    if (seq <= old.last_seq) return old;
    return { ...old, last_seq: seq, unread_count: old.unread_count + (isMine ? 0 : 1) };
  });
}

/** Notes how far the person has read, here or in another tab. @param {Chat} chat @param {Place} place @param {number} seq */
export function noteRead(chat, place, seq) {
  change(chat, place, (old) => {
    if (seq <= old.last_read_seq) return old;
    return { ...old, last_read_seq: seq, unread_count: seq >= old.last_seq ? 0 : old.unread_count };
  });
}

/** Whoever has a place open in front of them has read it. @param {Chat} chat */
export function keepRead(chat) {
  const markRead = async () => {
    const place = chat.place.value;
    if (place === undefined || chat.timeline.value.isLoading || document.visibilityState !== "visible")
      return;
    const found = listOf(chat, place).value.find((/** @type {Counted} */ { id }) => id === place.id);
    if (found === undefined || found.last_read_seq >= found.last_seq) return;
    noteRead(chat, place, found.last_seq);
    await chat.api.markRead(place, found.last_seq);
  };
  for (const observable of [chat.timeline, chat.channels, chat.dms]) observable.watch(() => void markRead());
  document.addEventListener("visibilitychange", markRead);
}

/** @param {Chat} chat @param {Place} place @param {(old: any) => any} edit */
function change(chat, place, edit) {
  listOf(chat, place).update((/** @type {any[]} */ list) => {
    const next = list.map((entry) => (entry.id === place.id ? edit(entry) : entry));
    return next.every((entry, at) => entry === list[at]) ? list : next;
  });
}

/** @param {Chat} chat @param {Place} place @returns {any} */
function listOf(chat, place) {
  return place.kind === "dm" ? chat.dms : chat.channels;
}
