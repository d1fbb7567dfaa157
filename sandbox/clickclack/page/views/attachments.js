import { h } from "../dom.js";

const IMAGE = /^image\/(?:png|jpeg|gif|webp)(?:;|$)/i;
const UNITS = ["B", "KB", "MB"];

/**
 * @typedef {import("../api.js").Upload} Upload
 * @typedef {import("../api.js").Api} Api
 */

/** Addresses of what was fetched, so that a message that is drawn anew does not fetch it again. @type {Map<string, Promise<string>>} */
const fetched = new Map();

/** Shows the files of a message: images as they are, and links to the others. @param {readonly Upload[]} uploads @param {Api} api */
export function attachmentsView(uploads, api) {
  if (uploads.length === 0) return false;
  const shown = uploads.map((one) =>
    h("li", {}, IMAGE.test(one.content_type) && image(one, api), link(one, api)),
  );
  return h("ul", { class: "attachments", "aria-label": "Attachments" }, ...shown);
}

/** @param {Upload} upload @param {Api} api */
function image(upload, api) {
  const element = h("img", { alt: upload.filename });
  void address(upload, api).then((url) => element.setAttribute("src", url));
  return element;
}

/** A link cannot bring a token, so what it leads to is fetched first. @param {Upload} upload @param {Api} api */
function link(upload, api) {
  const save = async () => h("a", { href: await address(upload, api), download: upload.filename }).click();
  const size = h("span", { class: "muted" }, sizeOf(upload.byte_size));
  return h("button", { type: "button", class: "attachment", onClick: save }, upload.filename, " ", size);
}

/** @param {Upload} upload @param {Api} api */
function address({ id }, api) {
  const known = fetched.get(id) ?? api.download(id);
  fetched.set(id, known);
  known.catch(() => fetched.delete(id));
  return known;
}

/** @param {number} bytes */
function sizeOf(bytes) {
  const unit = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  return `${Math.ceil(bytes / 1024 ** unit)} ${UNITS[unit]}`;
}
