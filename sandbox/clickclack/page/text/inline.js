import { h } from "../dom.js";

// Every repetition has a bound: a hostile body must cost no more than it is long.
const PATTERNS = [
  "(?<code>`[^`\\n]{1,2000}`)",
  "\\*\\*(?=\\S)(?<bold>[^\\n]{1,2000}?\\S?)\\*\\*",
  "(?<![\\w*])\\*(?=[^\\s*])(?<italic>[^*\\n]{1,2000})\\*(?![\\w*])",
  "(?<!\\w)_(?=[^\\s_])(?<slanted>[^_\\n]{1,2000})_(?!\\w)",
  "\\[(?<label>[^\\]\\n]{1,300})\\]\\((?<target>[^()\\s]{1,2000})\\)",
  "(?<bare>\\bhttps?://[^\\s<>\"']{1,2000})",
  "(?<![\\w@-])@(?<handle>[\\w-]{2,32})",
];
const INLINE = new RegExp(PATTERNS.join("|"), "g");

/**
 * Says who is meant by a handle, as a class for the mention; undefined if nobody is.
 *
 * @typedef {(handle: string) => string | undefined} MentionLookup
 */

/**
 * Returns the nodes of a line of text.
 *
 * @param {string} text
 * @param {MentionLookup} lookUp
 * @returns {(Node | string)[]}
 */
export function inlineNodes(text, lookUp) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(at, match.index), nodeOf(match, lookUp));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

/** Returns a text without its marks, on one line. @param {string} text */
export function plainText(text) {
  const unmarked = text.replace(/^\s*(?:#{1,6} |> ?|```\w*)/gm, "").replace(/\s+/g, " ");
  const nodes = inlineNodes(unmarked, () => undefined);
  return nodes.map((node) => (typeof node === "string" ? node : node.textContent)).join("");
}

/** @param {RegExpMatchArray} match @param {MentionLookup} lookUp */
function nodeOf(match, lookUp) {
  const [whole] = match;
  const { code, bold, italic, slanted, label, target, bare, handle } = match.groups ?? {};
  if (code) return h("code", {}, code.slice(1, -1));
  if (bold) return h("strong", {}, ...inlineNodes(bold, lookUp));
  if (italic || slanted) return h("em", {}, ...inlineNodes(italic || slanted, lookUp));
  if (label) return link(target, label) ?? whole;
  if (bare) return bareLink(bare);
  const meaning = lookUp(handle.toLowerCase());
  return meaning === undefined ? whole : h("span", { class: meaning }, whole);
}

/** A full stop after an address belongs to the sentence. @param {string} text */
function bareLink(text) {
  const address = text.replace(/[.,;:!?)\]]+$/, "");
  const made = link(address, address);
  if (made === undefined) return text;
  const both = document.createDocumentFragment();
  both.append(made, text.slice(address.length));
  return both;
}

/** Only web and mail addresses are links; `javascript:` and its like stay text. @param {string} target @param {string} label */
function link(target, label) {
  if (!URL.canParse(target)) return undefined;
  const { protocol, href } = new URL(target);
  if (!["https:", "http:", "mailto:"].includes(protocol)) return undefined;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
}
