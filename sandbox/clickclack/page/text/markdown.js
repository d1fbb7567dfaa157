import { h } from "../dom.js";
import { inlineNodes } from "./inline.js";

/** @typedef {import("./inline.js").MentionLookup} MentionLookup */

const FENCE = /^\s{0,3}```/;
const HEADING = /^#{1,6}\s+/;
const QUOTE = /^>\s?/;
const BULLET = /^\s*[-*+]\s+/;
const NUMBER = /^\s*\d{1,9}[.)]\s+/;

/**
 * Returns a body as nodes: paragraphs, code blocks, lists, quotes, headings, and what {@link inlineNodes} knows.
 *
 * This is the little of Markdown that people and bots use in a chat. Whatever it does not know stays as it was typed.
 *
 * @param {string} body
 * @param {MentionLookup} lookUp
 * @returns {Node[]}
 */
export function markdownNodes(body, lookUp) {
  const lines = body.split("\n");
  const nodes = [];
  while (lines.length > 0) {
    const [line = ""] = lines;
    if (line.trim() === "") lines.shift();
    else if (FENCE.test(line)) nodes.push(codeBlock(lines));
    else if (HEADING.test(line)) nodes.push(heading(lines, lookUp));
    else if (QUOTE.test(line)) nodes.push(quote(lines, lookUp));
    else if (BULLET.test(line)) nodes.push(list("ul", BULLET, lines, lookUp));
    else if (NUMBER.test(line)) nodes.push(list("ol", NUMBER, lines, lookUp));
    else nodes.push(paragraph(lines, lookUp));
  }
  return nodes;
}

/** Takes lines from the front for as long as they fit. @param {string[]} lines @param {(line: string) => boolean} fits */
function take(lines, fits) {
  const end = lines.findIndex((line) => !fits(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}

/** A fence that is never closed runs to the end, as while a bot is still writing it. @param {string[]} lines */
function codeBlock(lines) {
  lines.shift();
  const code = take(lines, (line) => !FENCE.test(line));
  lines.shift();
  return h("pre", { tabindex: "0" }, h("code", {}, code.join("\n")));
}

/** A heading in a chat is a bold line: the page's own headings keep their order. @param {string[]} lines @param {MentionLookup} lookUp */
function heading(lines, lookUp) {
  const text = (lines.shift() ?? "").replace(HEADING, "");
  return h("p", { class: "heading" }, ...inlineNodes(text, lookUp));
}

/** @param {string[]} lines @param {MentionLookup} lookUp */
function quote(lines, lookUp) {
  const quoted = take(lines, (line) => QUOTE.test(line)).map((line) => line.replace(QUOTE, ""));
  return h("blockquote", {}, ...inlineNodes(quoted.join("\n"), lookUp));
}

/** @param {"ul" | "ol"} tag @param {RegExp} mark @param {string[]} lines @param {MentionLookup} lookUp */
function list(tag, mark, lines, lookUp) {
  const start = Number.parseInt(lines[0] ?? "", 10);
  const items = take(lines, (line) => mark.test(line)).map((line) =>
    h("li", {}, ...inlineNodes(line.replace(mark, ""), lookUp)),
  );
  return h(tag, { start: start > 1 && start }, ...items);
}

/** @param {string[]} lines @param {MentionLookup} lookUp */
function paragraph(lines, lookUp) {
  const isText = (/** @type {string} */ line) =>
    line.trim() !== "" && ![FENCE, HEADING, QUOTE, BULLET, NUMBER].some((mark) => mark.test(line));
  return h("p", {}, ...inlineNodes(take(lines, isText).join("\n"), lookUp));
}
