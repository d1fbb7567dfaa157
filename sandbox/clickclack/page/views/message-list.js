import { byId, h, reconcile } from "../dom.js";
import { icon } from "../icons.js";
import { isContinued } from "../model/messages.js";
import { dayOf } from "../text/dates.js";
import { messageView } from "./message.js";
import { showError } from "./toast.js";

const NEAR_END_PX = 60;
const FLASH_MS = 1_600;

/**
 * @typedef {import("../api.js").Message} Message
 * @typedef {import("../dom.js").Row} Row
 */

/** A list of messages that stays at its end while the reader is there, and leaves them alone while they read further up. */
export class MessageList {
  #use;
  #list = h("ol", { class: "messages" });
  #isAtEnd = true;
  #jump = h("button", { class: "jump", type: "button", hidden: true }, icon("down"), "New messages");

  /**
   * @param {string} label
   * @param {Omit<import("./message.js").MessageUse, "onSeek">} use
   */
  constructor(label, use) {
    this.#use = { ...use, onSeek: (/** @type {string} */ id) => this.#seek(id) };
    this.top = h("div", { class: "top" });
    this.log = h("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-label": label,
      tabindex: "0",
    });
    this.log.append(this.top, this.#list);
    this.element = h("div", { class: "log-frame" }, this.log, this.#jump);
    this.log.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    this.#jump.addEventListener("click", () => this.toEnd());
    // A window that shrinks, or a progress panel that grows, must not push the newest message out of sight.
    const resized = new ResizeObserver(() => this.#isAtEnd && this.toEnd());
    for (const element of [this.log, this.#list]) resized.observe(element);
  }

  /** @param {readonly Message[]} messages @param {{isLoading?: boolean}} [options] */
  show(messages, { isLoading = false } = {}) {
    const before = this.#list.lastElementChild;
    // A screen reader shall not read out a whole channel when it is opened.
    this.log.setAttribute("aria-busy", String(isLoading || messages.length === 0));
    reconcile(this.#list, this.#rows(messages));
    const isNewAtEnd = before !== null && before !== this.#list.lastElementChild;
    const isMine = messages.at(-1)?.author_id === this.#use.chat.me.id;
    if (this.#isAtEnd || (isNewAtEnd && isMine)) this.toEnd();
    else if (isNewAtEnd) this.#jump.hidden = false;
  }

  toEnd() {
    this.#isAtEnd = true;
    this.#jump.hidden = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** Holds what the reader looks at in its place while messages are added above. @param {() => Promise<void>} change */
  async keepView(change) {
    const fromEnd = this.log.scrollHeight - this.log.scrollTop;
    await change();
    this.log.scrollTop = this.log.scrollHeight - fromEnd;
  }

  #noteScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#isAtEnd) this.#jump.hidden = true;
  }

  /** @param {readonly Message[]} messages @returns {Row[]} */
  #rows(messages) {
    return messages.flatMap((message, at) => {
      const divider = this.#use.isThread ? threadDivider(messages, at) : dayDivider(messages, at);
      const joined = divider === undefined && isContinued(message, messages[at - 1]);
      const render = () => messageView(message, joined, this.#use);
      const row = { key: message.id, stamp: [message, joined], render };
      return divider === undefined ? [row] : [dividerRow(divider), row];
    });
  }

  /** @param {string} id */
  #seek(id) {
    const selector = `[data-id="${CSS.escape(id)}"]`;
    // The root of a thread may quote what stands outside of it.
    const found = this.#list.querySelector(selector) ?? byId("conversation").querySelector(selector);
    if (found === null) return showError("That message is further up than what is loaded.");
    found.scrollIntoView({ block: "center" });
    found.classList.add("flash");
    setTimeout(() => found.classList.remove("flash"), FLASH_MS);
  }
}

/** Names the day where a new one begins. @param {readonly Message[]} messages @param {number} at */
function dayDivider(messages, at) {
  const [day, dayBefore] = [messages[at], messages[at - 1]].map(
    (message) => message && dayOf(message.created_at),
  );
  return day === dayBefore ? undefined : day;
}

/** Parts the replies from what they reply to. @param {readonly Message[]} messages @param {number} at */
function threadDivider(messages, at) {
  if (at !== 1) return undefined;
  return messages.length === 2 ? "1 reply" : `${messages.length - 1} replies`;
}

/** @param {string} text @returns {Row} */
function dividerRow(text) {
  return {
    key: `divider ${text}`,
    stamp: [],
    render: () => h("li", { class: "divider" }, h("span", {}, text)),
  };
}
