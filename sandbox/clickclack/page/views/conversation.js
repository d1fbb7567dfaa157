import { byId, h } from "../dom.js";
import { icon } from "../icons.js";
import { botBadge } from "./avatar.js";
import { desk, focusUnlessTouch } from "./desk.js";
import { peersOf, placeName } from "./names.js";
import { noticeView } from "./notice.js";

/** @typedef {import("../model/chat.js").Chat} Chat */

/** Shows the open channel or direct conversation. @param {Chat} chat @param {import("../model/activity.js").Activity} activity */
export function conversationView(chat, activity) {
  const { list, composer, elements } = desk(chat, activity, { label: "Messages", isThread: false });
  byId("conversation").append(...elements);
  list.element.after(noticeView(chat));

  const showName = () => {
    const name = placeName(chat, chat.place.value);
    byId("place-name").replaceChildren(...title(chat, name));
    composer.turnTo(chat.place.value?.id ?? "", `Message ${name}`);
    document.title = name ? `${name} · ${chat.workspace.name}` : chat.workspace.name;
  };
  for (const one of [chat.channels, chat.dms, chat.place]) one.watch(showName);
  chat.place.watch((place) => {
    list.toEnd();
    if (place !== undefined) focusUnlessTouch(composer);
  });
  chat.timeline.watch(({ messages, hasOlder, isLoading }) => {
    list.show(messages, { isLoading });
    if (isLoading) list.top.replaceChildren();
    else list.top.replaceChildren(hasOlder ? olderButton(chat, list) : beginning(chat));
  });
}

/** @param {Chat} chat @param {string} name */
function title(chat, name) {
  if (chat.place.value?.kind === "channel") return [icon("hash"), name.replace(/^#/, "")];
  const dm = chat.dms.value.find(({ id }) => id === chat.place.value?.id);
  const peers = dm ? peersOf(chat, dm) : [];
  const badge = peers.length === 1 && peers[0] !== undefined && botBadge(peers[0]);
  return [name, ...(badge ? [badge] : [])];
}

/** @param {Chat} chat @param {import("./message-list.js").MessageList} list */
function olderButton(chat, list) {
  const button = h("button", { class: "older", type: "button" }, "Show older messages");
  button.addEventListener("click", () => list.keepView(() => chat.loadOlder()));
  return button;
}

/** Stands where a conversation begins, and tells a newcomer what to do. @param {Chat} chat */
function beginning(chat) {
  const name = placeName(chat, chat.place.value);
  return h(
    "div",
    { class: "beginning" },
    h("h2", {}, name),
    h("p", { class: "muted" }, "This is where it begins.", advice(chat)),
  );
}

/** @param {Chat} chat */
function advice(chat) {
  const isBot = (/** @type {import("../api.js").User} */ { kind, handle }) => kind === "bot" && handle !== "";
  if (chat.place.value?.kind === "channel") {
    const handles = [...chat.members.value.values()].filter(isBot).map(({ handle }) => `@${handle}`);
    return handles.length > 0 && ` Mention ${handles.join(" or ")}, and you get an answer.`;
  }
  const dm = chat.dms.value.find(({ id }) => id === chat.place.value?.id);
  return dm?.members.some(isBot) && " Here a bot answers without being mentioned.";
}
