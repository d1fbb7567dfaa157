import { h } from "../dom.js";
import { icon } from "../icons.js";
import { placeOf } from "../model/messages.js";
import { hrefTo } from "../route.js";
import { fullTimeOf, timeOf } from "../text/dates.js";
import { plainText } from "../text/inline.js";
import { markdownNodes } from "../text/markdown.js";
import { attachmentsView } from "./attachments.js";
import { avatar, botBadge } from "./avatar.js";
import { mentionsIn } from "./names.js";

/**
 * What a list does with its messages.
 *
 * @typedef {import("../api.js").Message} Message
 * @typedef {{
 *   chat: import("../model/chat.js").Chat, isThread: boolean,
 *   onQuote: (message: Message) => void, onEdit: (message: Message) => void, onSeek: (id: string) => void,
 * }} MessageUse
 */

/** @param {Message} message @param {boolean} isContinued @param {MessageUse} use */
export function messageView(message, isContinued, use) {
  const classes = ["message", isContinued && "continued", message.kind !== "message" && "activity"];
  const gutter = isContinued ? clock(message) : avatar(message.author);
  return h(
    "li",
    { class: classes.filter(Boolean).join(" "), "data-id": message.id },
    h("div", { class: "gutter" }, gutter),
    h(
      "article",
      { class: "content", "aria-label": `${message.author.display_name}, ${timeOf(message.created_at)}` },
      !isContinued && heading(message),
      message.quoted_message_id !== undefined && quote(message, use),
      body(message, use),
      attachmentsView(message.attachments ?? [], use.chat.api),
      reactions(message),
      !use.isThread && threadLink(message, use),
    ),
    message.deleted_at === undefined && tools(message, use),
  );
}

/** @param {Message} message */
function heading(message) {
  const { author } = message;
  return h(
    "header",
    {},
    h("strong", { class: "author" }, author.display_name),
    botBadge(author),
    clock(message),
  );
}

/** @param {Message} message */
function clock({ created_at }) {
  return h("time", { datetime: created_at, title: fullTimeOf(created_at) }, timeOf(created_at));
}

/** What was quoted, as it was then: ClickClack keeps a copy. @param {Message} message @param {MessageUse} use */
function quote({ quoted_message_id: id = "", quoted_author, quoted_body_snapshot = "" }, use) {
  const author = quoted_author?.display_name ?? "somebody";
  return h(
    "button",
    { class: "quote", type: "button", title: "Show this message", onClick: () => use.onSeek(id) },
    h("span", { class: "sr-only" }, "In reply to "),
    h("strong", {}, author),
    h("span", {}, plainText(quoted_body_snapshot)),
  );
}

/** @param {Message} message @param {MessageUse} use */
function body({ body: text, deleted_at, edited_at }, { chat }) {
  if (deleted_at !== undefined) return h("div", { class: "body deleted" }, "This message was deleted.");
  const nodes = markdownNodes(text, mentionsIn(chat));
  const mark = edited_at && h("span", { class: "edited", title: fullTimeOf(edited_at) }, "(edited)");
  const last = nodes.at(-1);
  if (mark && last instanceof HTMLParagraphElement) last.append(" ", mark);
  else if (mark) nodes.push(mark);
  return h("div", { class: "body" }, ...nodes);
}

/** @param {Message} message */
function reactions({ reactions: all = [] }) {
  if (all.length === 0) return false;
  const chips = all.map(({ emoji, count }) => h("li", { class: "reaction" }, `${emoji} ${count}`));
  return h("ul", { class: "reactions", "aria-label": "Reactions" }, ...chips);
}

/** @param {Message} message @param {MessageUse} use */
function threadLink(message, { chat }) {
  const { reply_count: count = 0, last_reply_at, last_reply_author_ids = [] } = message.thread_state ?? {};
  if (count === 0) return false;
  // Newest first on the wire; read from left to right they are nicer oldest first.
  const repliers = last_reply_author_ids.toReversed().flatMap((id) => chat.members.value.get(id) ?? []);
  return h(
    "a",
    { class: "thread-link", href: hrefTo(placeOf(message), message.id) },
    ...repliers.map(avatar),
    h("span", {}, count === 1 ? "1 reply" : `${count} replies`),
    last_reply_at && h("span", { class: "muted" }, `last at ${timeOf(last_reply_at)}`),
  );
}

/** @param {Message} message @param {MessageUse} use */
function tools(message, { chat, isThread, onQuote, onEdit }) {
  const isMine = message.author_id === chat.me.id;
  const remove = () => confirm("Delete this message?") && void chat.remove(message.id);
  return h(
    "div",
    { class: "tools", role: "group", "aria-label": "Message actions" },
    !isThread &&
      h("a", { ...labelled("Reply in thread"), href: hrefTo(placeOf(message), message.id) }, icon("thread")),
    tool("Quote", "quote", () => onQuote(message)),
    isMine && tool("Edit", "edit", () => onEdit(message)),
    isMine && tool("Delete", "trash", remove),
  );
}

/** @param {string} label @param {Parameters<typeof icon>[0]} image @param {() => void} onClick */
const tool = (label, image, onClick) =>
  h("button", { ...labelled(label), type: "button", onClick }, icon(image));

/** @param {string} label */
const labelled = (label) => ({ class: "icon-button", "aria-label": label, title: label });
