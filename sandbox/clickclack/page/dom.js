/**
 * Makes an element. Text children become text nodes, so nothing that a person wrote is ever read as HTML.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] attributes; functions under `on…` listen, `false` and `undefined` are left out
 * @param {...(Node | string | false | undefined)} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") {
      element.addEventListener(name.slice(2).toLowerCase(), /** @type {EventListener} */ (value));
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * A child of a list: `key` says which one, `stamp` what it was made of, `render` makes it.
 *
 * @typedef {{key: string, stamp: readonly unknown[], render: () => Element}} Row
 */

/** @type {WeakMap<Element, Map<string, {stamp: readonly unknown[], node: Element}>>} */
const rendered = new WeakMap();

/**
 * Makes the children of an element match the rows and touches only those that differ. Focus, selection and scroll
 * position survive, and a screen reader announces what was added instead of the whole list.
 *
 * @param {Element} parent
 * @param {readonly Row[]} rows
 */
export function reconcile(parent, rows) {
  const before = rendered.get(parent) ?? new Map();
  const after = new Map();
  /** @type {Element | null} */
  let next = parent.firstElementChild;
  for (const row of rows) {
    const old = before.get(row.key);
    const isSame = old !== undefined && row.stamp.every((part, at) => part === old.stamp[at]);
    const node = isSame ? old.node : row.render();
    if (old !== undefined && !isSame) {
      if (next === old.node) next = node;
      old.node.replaceWith(node);
    }
    if (node === next) next = node.nextElementSibling;
    else parent.insertBefore(node, next);
    after.set(row.key, { stamp: row.stamp, node });
  }
  for (const [key, { node }] of before) if (!after.has(key)) node.remove();
  rendered.set(parent, after);
}
