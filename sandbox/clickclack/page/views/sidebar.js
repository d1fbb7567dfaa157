import { byId, h, reconcile } from "../dom.js";
import { icon } from "../icons.js";
import { forget } from "../identity.js";
import { hrefTo, isSamePlace } from "../route.js";
import { avatar, botBadge } from "./avatar.js";
import { namesOf, peersOf } from "./names.js";
import { pickMember } from "./pick-member.js";

/** @typedef {import("../model/chat.js").Chat} Chat */

const LINK_WORDS = {
  connecting: "Connecting…",
  live: "Live",
  offline: "Reconnecting…",
  ended: "Disconnected",
};

/**
 * The lists at the side.
 *
 * @param {Chat} chat
 * @param {import("../observable.js").Observable<import("../live.js").LinkState>} link
 * @param {import("../identity.js").Person} person
 */
export function sidebarView(chat, link, person) {
  byId("workspace-name").textContent = chat.workspace.name;
  byId("me").replaceChildren(avatar(person), h("span", { class: "choice-name" }, person.display_name));
  byId("switch-person").addEventListener("click", forget);
  byId("new-dm").append(icon("plus"));
  byId("new-dm").addEventListener("click", async () => {
    const user = await pickMember([...chat.members.value.values()].filter(({ id }) => id !== chat.me.id));
    if (user !== undefined) location.hash = hrefTo(await chat.openDm(user.id));
  });
  link.watch((state) => {
    byId("link").dataset.state = state;
    byId("link").textContent = LINK_WORDS[state];
  });
  const show = () => showLists(chat);
  for (const one of [chat.channels, chat.dms, chat.place]) one.watch(show);
}

/** @param {Chat} chat */
function showLists(chat) {
  const channels = chat.channels.value.filter(({ archived_at }) => archived_at === undefined);
  reconcile(
    byId("channels"),
    channels.map((channel) =>
      entry(chat, channel, "channel", () => [
        icon("hash"),
        h("span", { class: "choice-name" }, channel.name),
      ]),
    ),
  );
  reconcile(
    byId("dms"),
    chat.dms.value.map((dm) => {
      const peers = peersOf(chat, dm);
      const [first] = peers;
      return entry(chat, dm, "dm", () => [
        first ? avatar(first) : "",
        h("span", { class: "choice-name" }, namesOf(peers)),
        peers.length === 1 && first !== undefined && botBadge(first),
      ]);
    }),
  );
}

/**
 * @param {Chat} chat
 * @param {import("../api.js").Counters & {id: string}} item
 * @param {"channel" | "dm"} kind
 * @param {() => (Node | string | false)[]} content
 * @returns {import("../dom.js").Row}
 */
function entry(chat, item, kind, content) {
  const place = { kind, id: item.id };
  const isOpen = isSamePlace(place, chat.place.value);
  const isUnread = item.unread_count > 0 && !isOpen;
  const render = () =>
    h(
      "li",
      {},
      h(
        "a",
        { class: isUnread ? "entry unread" : "entry", href: hrefTo(place), "aria-current": isOpen && "page" },
        ...content(),
        isUnread && h("span", { class: "unread-dot" }, h("span", { class: "sr-only" }, "unread")),
      ),
    );
  return { key: item.id, stamp: [isOpen, isUnread], render };
}
