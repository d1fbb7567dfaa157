import { byId } from "../dom.js";
import { icon } from "../icons.js";

/** On a narrow screen the lists are a drawer behind a button. @param {import("../model/chat.js").Chat} chat */
export function drawerView(chat) {
  const frame = byId("chat");
  const button = byId("menu");
  button.append(icon("menu"));
  const open = (/** @type {boolean} */ isOpen) => {
    frame.classList.toggle("drawer-open", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) byId("sidebar").querySelector("a")?.focus();
  };
  button.addEventListener("click", () => open(true));
  byId("scrim").addEventListener("click", () => open(false));
  window.addEventListener("hashchange", () => open(false));
  byId("sidebar").addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !frame.classList.contains("drawer-open")) return;
    open(false);
    button.focus();
  });
  // With the lists out of sight, the button has to tell that there is something new.
  const showUnread = () => {
    const all = [...chat.channels.value, ...chat.dms.value];
    const isUnread = all.some(({ id, unread_count }) => unread_count > 0 && id !== chat.place.value?.id);
    button.classList.toggle("unread", isUnread);
    button.setAttribute("aria-label", isUnread ? "Channels, with unread messages" : "Channels");
  };
  for (const one of [chat.channels, chat.dms, chat.place]) one.watch(showUnread);
}
