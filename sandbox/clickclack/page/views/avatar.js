import { h } from "../dom.js";

const COLOURS = 8;

/**
 * Returns a person's initials on a colour of their own. People are round, bots are square.
 *
 * @param {{display_name: string, kind?: string}} user
 */
export function avatar({ display_name, kind }) {
  const shape = kind === "bot" ? "avatar bot" : "avatar";
  return h(
    "span",
    { class: shape, "data-colour": colourOf(display_name), "aria-hidden": "true" },
    initials(display_name),
  );
}

/** A small sign, since a bot's name may sound like a person's. @param {{kind?: string}} user */
export function botBadge({ kind }) {
  return kind === "bot" && h("span", { class: "badge" }, "bot");
}

/** @param {string} name */
function initials(name) {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    letters
      .map((word) => [...(word ?? "")][0] ?? "")
      .join("")
      .toUpperCase() || "?"
  );
}

/** By the name, because ids are new at every start and people should look the same. @param {string} name */
function colourOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 17 + letter.charCodeAt(0)) % 9_973;
  return sum % COLOURS;
}
