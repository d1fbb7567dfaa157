import { h } from "../dom.js";
import { avatar, botBadge } from "./avatar.js";

const MOST_SHOWN = 6;

let lists = 0;

/** Offers handles while an @ is being typed. The focus stays in the text; arrows, Enter or Tab choose, Escape closes. */
export class Completion {
  #textarea;
  #members;
  /** @type {import("../api.js").User[]} */
  #found = [];
  #chosen = 0;

  /**
   * @param {HTMLTextAreaElement} textarea
   * @param {() => Iterable<import("../api.js").User>} members
   */
  constructor(textarea, members) {
    this.#textarea = textarea;
    this.#members = members;
    const id = `completion-${++lists}`;
    this.element = h("ul", {
      class: "completion",
      role: "listbox",
      id,
      "aria-label": "People and bots",
      hidden: true,
    });
    textarea.setAttribute("aria-autocomplete", "list");
    textarea.setAttribute("aria-controls", id);
    textarea.addEventListener("input", () => this.#update());
    textarea.addEventListener("click", () => this.#update());
    textarea.addEventListener("blur", () => this.#close());
  }

  /** Tells whether it used the key. @param {KeyboardEvent} event */
  take(event) {
    if (this.element.hidden) return false;
    if (event.key === "ArrowDown") this.#move(1);
    else if (event.key === "ArrowUp") this.#move(-1);
    else if (event.key === "Enter" || event.key === "Tab") this.#accept(this.#chosen);
    else if (event.key === "Escape") this.#close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #update() {
    const typed = this.#typed();
    const fits = (/** @type {string} */ name) => name.toLowerCase().startsWith((typed ?? "").toLowerCase());
    const candidates = typed === undefined ? [] : [...this.#members()];
    this.#found = candidates
      .filter(({ handle, display_name }) => handle && (fits(handle) || fits(display_name)))
      .slice(0, MOST_SHOWN);
    this.#chosen = 0;
    this.#show();
  }

  /** Returns what stands between an @ and the caret; undefined when nobody is being named. */
  #typed() {
    const { value, selectionStart, selectionEnd } = this.#textarea;
    if (selectionStart !== selectionEnd) return undefined;
    return /(?<![\w@-])@([\w-]{0,32})$/.exec(value.slice(0, selectionStart))?.[1];
  }

  /** @param {number} step */
  #move(step) {
    this.#chosen = (this.#chosen + step + this.#found.length) % this.#found.length;
    this.#show();
  }

  #show() {
    const options = this.#found.map((user, at) => this.#option(user, at));
    this.element.replaceChildren(...options);
    this.element.hidden = options.length === 0;
    const active = options[this.#chosen];
    if (active) this.#textarea.setAttribute("aria-activedescendant", active.id);
    else this.#textarea.removeAttribute("aria-activedescendant");
  }

  /** @param {import("../api.js").User} user @param {number} at */
  #option(user, at) {
    const option = h(
      "li",
      { role: "option", id: `${this.element.id}-${at}`, "aria-selected": String(at === this.#chosen) },
      avatar(user),
      h("span", { class: "choice-name" }, user.display_name),
      botBadge(user),
      h("span", { class: "muted" }, `@${user.handle}`),
    );
    // On mousedown, because a click comes after the blur that closes the list.
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.#accept(at);
    });
    return option;
  }

  /** @param {number} at */
  #accept(at) {
    const user = this.#found[at];
    const typed = this.#typed();
    if (user !== undefined && typed !== undefined) {
      const end = this.#textarea.selectionStart;
      this.#textarea.setRangeText(`${user.handle} `, end - typed.length, end, "end");
      this.#textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.#close();
  }

  #close() {
    this.#found = [];
    this.#show();
  }
}
