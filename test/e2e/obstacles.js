// Run within a page: looks for what keeps people from using it. Answers one line for each obstacle.
// What has no name, headings out of order, text that can hardly be read, and what does not fit the width.

/** The least contrast of text that WCAG AA asks for, large text aside. */
const CONTRAST_MIN = 4.5;

[...unnamed(), ...disorder(), ...paleText(), ...tooWide()];

function unnamed() {
  const found = [];
  for (const input of document.querySelectorAll("input:not([type=hidden])"))
    if (input.labels.length !== 1) found.push(`no label: ${input.outerHTML}`);
  for (const control of document.querySelectorAll("button, a, summary"))
    if (control.textContent.trim() === "") found.push(`no name: ${control.outerHTML}`);
  for (const part of document.querySelectorAll("section, article[id]"))
    if (!part.ariaLabel && !document.getElementById(part.getAttribute("aria-labelledby")))
      found.push(`no heading: ${part.id}`);
  for (const table of document.querySelectorAll("table"))
    if (!table.querySelector("thead th[scope=col]")) found.push("a table without headings");
  const acts = [...document.querySelectorAll("#dead button, #dead summary")].map((one) => one.textContent);
  if (new Set(acts).size !== acts.length) found.push("two actions of one name");
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  if (new Set(ids).size !== ids.length) found.push("an id that is there twice");
  for (const selector of ["main", "h1", "html[lang]", "body > header", "title"])
    if (document.querySelectorAll(selector).length !== 1) found.push(`not one ${selector}`);
  return found;
}

function disorder() {
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map(({ tagName }) => Number(tagName[1]));
  return levels.flatMap((level, at) =>
    level > (levels[at - 1] ?? 0) + 1
      ? [`a heading of level ${level} behind ${levels[at - 1] ?? "none"}`]
      : [],
  );
}

function tooWide() {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : [];
}

function paleText() {
  const found = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.textContent.trim() !== "",
    );
    if (!hasText || !element.checkVisibility()) continue;
    const [a, b] = [luminance(painted(getComputedStyle(element).color)), luminance(groundOf(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < CONTRAST_MIN)
      found.add(
        `contrast ${contrast.toFixed(2)}: ${element.tagName}.${element.className} ${element.textContent}`,
      );
  }
  return found;
}

function groundOf(element) {
  for (let at = element; at !== null; at = at.parentElement) {
    const colour = painted(getComputedStyle(at).backgroundColor);
    if (colour[3] === 255) return colour;
  }
  return painted("white");
}

/** A colour as it comes out, whatever way it is written. */
function painted(colour) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
}

function luminance([r, g, b]) {
  const [x, y, z] = [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}
