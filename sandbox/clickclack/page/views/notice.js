import { h } from "../dom.js";
import { icon } from "../icons.js";
import { isSamePlace } from "../route.js";
import { markdownNodes } from "../text/markdown.js";
import { avatar, botBadge } from "./avatar.js";
import { mentionsIn } from "./names.js";

/** Shows what a slash command answered for this person alone, where it was asked, until it is put away. @param {import("../model/chat.js").Chat} chat */
export function noticeView(chat) {
  const area = h("div", { class: "notice-area", role: "status" });
  const show = () => {
    const notice = chat.notice.value;
    const isHere = notice !== undefined && isSamePlace(notice.place, chat.place.value);
    area.replaceChildren(...(isHere ? [panel(notice, chat)] : []));
  };
  for (const one of [chat.notice, chat.place]) one.watch(show);
  return area;
}

/** @param {import("../model/slash.js").Notice} notice @param {import("../model/chat.js").Chat} chat */
function panel({ command, text, botUserId }, chat) {
  const bot = chat.members.value.get(botUserId);
  const dismiss = h(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Dismiss", title: "Dismiss" },
    icon("close"),
  );
  dismiss.addEventListener("click", () => chat.notice.set(undefined));
  return h(
    "section",
    { class: "notice", "aria-label": `Answer to ${command}, for you only` },
    bot && avatar(bot),
    h(
      "div",
      { class: "notice-content" },
      h(
        "header",
        {},
        bot && h("strong", { class: "author" }, bot.display_name),
        bot && botBadge(bot),
        h("span", { class: "muted" }, `${command} · only you see this`),
      ),
      h("div", { class: "body" }, ...markdownNodes(text, mentionsIn(chat))),
    ),
    dismiss,
  );
}
