import { byId } from "../dom.js";
import { icon } from "../icons.js";
import { hrefTo } from "../route.js";
import { desk, focusUnlessTouch } from "./desk.js";
import { placeName } from "./names.js";

/** Shows the open thread at the side. @param {import("../model/chat.js").Chat} chat @param {import("../model/activity.js").Activity} activity */
export function threadView(chat, activity) {
  const panel = byId("thread");
  const close = byId("close-thread");
  const { list, composer, elements } = desk(chat, activity, { label: "Replies", isThread: true });
  close.append(icon("close"));
  close.addEventListener("click", () => {
    if (chat.place.value) location.hash = hrefTo(chat.place.value);
  });
  panel.append(...elements);
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && close.click());

  let openId = "";
  chat.thread.watch((thread) => {
    panel.hidden = thread === undefined;
    list.show(thread?.root ? [thread.root, ...thread.replies] : [], { isLoading: !thread?.root });
    const id = thread?.rootId ?? "";
    if (id === openId) return;
    composer.turnTo(id, "Reply in this thread");
    list.toEnd();
    if (thread !== undefined) focusUnlessTouch(composer);
    else giveFocusBack(openId);
    openId = id;
  });
  const showName = () => byId("thread-place").replaceChildren(placeName(chat, chat.place.value));
  for (const one of [chat.place, chat.channels, chat.dms]) one.watch(showName);
}

/** Whoever closes a thread goes on where they opened it. @param {string} rootId */
function giveFocusBack(rootId) {
  const root = byId("conversation").querySelector(`[data-id="${CSS.escape(rootId)}"]`);
  const link = root?.querySelector(".thread-link") ?? byId("conversation").querySelector("textarea");
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
}
