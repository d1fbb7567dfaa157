import { h } from "../dom.js";
import { icon } from "../icons.js";
import { plainText } from "../text/inline.js";
import { Completion } from "./completion.js";

/**
 * @typedef {import("../api.js").Message} Message
 * @typedef {import("../api.js").Post} Post
 * @typedef {{kind: "quote" | "edit", message: Message}} Context
 * @typedef {{
 *   members: () => Iterable<import("../api.js").User>,
 *   onSend: (post: Post) => Promise<void>, onEdit: (id: string, body: string) => Promise<void>,
 *   onWrite: () => void, onStop: () => void,
 * }} ComposerParts
 */

/** Where a person writes: a new message, one that quotes another, or a new wording of an old one. */
export class Composer {
  #parts;
  #completion;
  /** @type {Context | undefined} */
  #context;
  #contextBar = h("div", { class: "context", hidden: true });
  #key = "";
  /** What was written elsewhere and not sent yet. @type {Map<string, string>} */
  #drafts = new Map();
  /** What could not be sent. Sent again unchanged it keeps its nonce, so it can never be there twice. @type {Post | undefined} */
  #failed;

  /** @param {ComposerParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.textarea = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: "1" }));
    this.#completion = new Completion(this.textarea, parts.members);
    const send = h(
      "button",
      { class: "send", type: "submit", "aria-label": "Send", title: "Send" },
      icon("send"),
    );
    const field = h("div", { class: "field" }, this.textarea, send);
    this.element = h("form", { class: "composer" }, this.#completion.element, this.#contextBar, field);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.textarea.addEventListener("keydown", (event) => this.#take(event));
    this.textarea.addEventListener("input", () => {
      this.element.classList.toggle("filled", this.textarea.value.trim() !== "");
      if (this.textarea.value !== "") parts.onWrite();
    });
  }

  /** Turns to another place; what is written stays behind as a draft. @param {string} key @param {string} label */
  turnTo(key, label) {
    this.textarea.placeholder = label;
    this.textarea.setAttribute("aria-label", label);
    if (key === this.#key) return;
    this.#parts.onStop();
    if (this.#context?.kind !== "edit") this.#drafts.set(this.#key, this.textarea.value);
    this.#key = key;
    this.#setContext(undefined);
    this.#setText(this.#drafts.get(key) ?? "");
  }

  /** @param {Message} message */
  quote(message) {
    this.#setContext({ kind: "quote", message });
    this.textarea.focus();
  }

  /** @param {Message} message */
  edit(message) {
    this.#setContext({ kind: "edit", message });
    this.#setText(message.body);
    this.textarea.focus();
  }

  /** @param {KeyboardEvent} event */
  #take(event) {
    // An input method uses Enter and the arrows for itself.
    if (event.isComposing || this.#completion.take(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void this.#submit();
    } else if (event.key === "Escape" && this.#context !== undefined) {
      event.stopPropagation();
      this.#cancel();
    }
  }

  async #submit() {
    const body = this.textarea.value.trim();
    if (body === "") return;
    const context = this.#context;
    const key = this.#key;
    this.#setContext(undefined);
    this.#setText("");
    this.#parts.onStop();
    try {
      if (context?.kind === "edit") await this.#parts.onEdit(context.message.id, body);
      else await this.#send(body, context?.message.id);
    } catch (error) {
      if (key === this.#key && this.textarea.value === "") {
        this.#setContext(context);
        this.#setText(body);
      } else this.#drafts.set(key, body);
      throw error;
    }
  }

  /** @param {string} body @param {string} [quotedId] */
  async #send(body, quotedId) {
    const isRepeat = this.#failed?.body === body && this.#failed.quoted_message_id === quotedId;
    const nonce = isRepeat && this.#failed ? this.#failed.nonce : crypto.randomUUID();
    const post = { body, nonce, ...(quotedId && { quoted_message_id: quotedId }) };
    this.#failed = post;
    await this.#parts.onSend(post);
    this.#failed = undefined;
  }

  #cancel() {
    if (this.#context?.kind === "edit") this.#setText("");
    this.#setContext(undefined);
  }

  /** @param {Context | undefined} context */
  #setContext(context) {
    this.#context = context;
    this.#contextBar.hidden = context === undefined;
    if (context === undefined) return this.#contextBar.replaceChildren();
    const { kind, message } = context;
    const what = kind === "edit" ? "Editing your message" : `Replying to ${message.author.display_name}`;
    const cancel = h(
      "button",
      { class: "icon-button", type: "button", "aria-label": "Cancel" },
      icon("close"),
    );
    cancel.addEventListener("click", () => this.#cancel());
    const excerpt = h("span", { class: "excerpt" }, plainText(message.body.slice(0, 200)));
    this.#contextBar.replaceChildren(icon(kind), h("strong", {}, what), excerpt, cancel);
  }

  /** @param {string} text */
  #setText(text) {
    this.textarea.value = text;
    this.element.classList.toggle("filled", text.trim() !== "");
  }
}
