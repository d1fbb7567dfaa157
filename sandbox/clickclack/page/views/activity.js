import { h, reconcile } from "../dom.js";
import { isHere } from "../model/activity.js";
import { avatar } from "./avatar.js";

/**
 * @typedef {import("../model/activity.js").Progress} Progress
 * @typedef {import("../model/activity.js").Line} Line
 * @typedef {import("../model/chat.js").Chat} Chat
 */

/**
 * Shows under a list of messages what bots are busy with and who is typing.
 *
 * @param {Chat} chat
 * @param {import("../model/activity.js").Activity} activity
 * @param {boolean} isThread
 */
export function activityView(chat, activity, isThread) {
  const panels = h("div", { class: "progress" });
  const typing = h("p", { class: "typing", role: "status" });
  const show = () => {
    const rootId = isThread ? chat.thread.value?.rootId : undefined;
    const here = (/** @type {any} */ one) => isHere(one, chat.place.value, rootId);
    const busy = [...activity.progress.value.values()].filter(here);
    reconcile(
      panels,
      busy.map((one) => ({ key: one.key, stamp: [one], render: () => progressPanel(one, chat) })),
    );
    showTyping(typing, [...activity.typing.value.values()].filter(here), chat, isThread);
  };
  for (const one of [activity.progress, activity.typing, chat.place, chat.thread]) one.watch(show);
  return h("div", { class: "activity-area" }, panels, typing);
}

/** @param {Progress} progress @param {Chat} chat */
function progressPanel({ userId, lines }, chat) {
  const user = chat.members.value.get(userId);
  const name = user?.display_name ?? "Somebody";
  return h(
    "section",
    { class: "panel", "aria-label": `What ${name} is doing` },
    user && avatar(user),
    h("ul", {}, ...lines.map(progressLine)),
  );
}

/** @param {Line} line */
function progressLine({ kind, title, text, tool_name, status }) {
  const label = title || tool_name;
  return h(
    "li",
    { "data-kind": kind },
    label && h("span", { class: "line-title" }, label),
    text && h("span", { class: "line-text" }, text),
    status && h("span", { class: "line-status" }, status),
  );
}

/**
 * @param {Element} element
 * @param {readonly import("../model/activity.js").Where[]} typists
 * @param {Chat} chat
 * @param {boolean} isThread
 */
function showTyping(element, typists, chat, isThread) {
  const names = new Set(
    typists.map(({ userId }) => chat.members.value.get(userId)?.display_name ?? "Somebody"),
  );
  const who = [...names].join(" and ");
  const where =
    !isThread && typists.length > 0 && typists.every(({ rootId }) => rootId) ? " in a thread" : "";
  const text = who && `${who} ${names.size > 1 ? "are" : "is"} typing${where}…`;
  // Renewals come every few seconds; the same text must not be announced again.
  if (element.textContent === text) return;
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  element.replaceChildren(...(text ? [dots, text] : []));
}
