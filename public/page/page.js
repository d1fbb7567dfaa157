// Keeps the status page up to date: asks for the parts that change every few seconds while the page is seen, and swaps
// those that have become others. What has the focus, is selected or was opened stays so.

const EVERY_MS = 4_000;
const EVERY_MAX_MS = 60_000;

const freshness = document.getElementById("freshness");
/** The parts as the server sent them last, by id, their times aside. What happens to them here is no difference. */
const sent = new Map();
let failures = 0;
let timer;

for (const part of document.querySelectorAll("[data-live]")) sent.set(part.id, shapeOf(part));
localise(document);
say("Up to date by itself.");
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
plan();

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, Math.min(EVERY_MS * 2 ** failures, EVERY_MAX_MS));
}

async function refresh() {
  clearTimeout(timer);
  try {
    const answer = await fetch("/page/live", {
      headers: { accept: "text/html" },
      signal: AbortSignal.timeout(20_000),
    });
    if (answer.status === 403) return say("You are signed out.", "Sign in");
    if (!answer.ok) throw new Error(`the page answered ${answer.status}`);
    swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (failures > 0) say("Up to date by itself.");
    failures = 0;
  } catch {
    failures++;
    say("Not up to date: the Worker does not answer.", "Look again");
  }
  plan();
}

/** Swaps the innermost parts that differ. Another set of parts, as an account more, wants the page anew. */
function swap(news) {
  const parts = [...news.querySelectorAll("[data-live]")];
  const ids = new Set(parts.map(({ id }) => id));
  if (ids.size !== sent.size || parts.some(({ id }) => !sent.has(id))) return location.reload();
  for (const part of parts) {
    const old = document.getElementById(part.id);
    old.className = part.className;
    if (part.querySelector("[data-live]") || isSelectedIn(old)) continue;
    const shape = shapeOf(part);
    if (sent.get(part.id) === shape) tellTimes(old, part);
    else replace(old, part);
    sent.set(part.id, shape);
  }
}

/** What a part is, whatever the time: "5 s ago" becomes "9 s ago" without a new part, which would disturb its reader. */
function shapeOf(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = "";
  return copy.outerHTML;
}

function tellTimes(old, part) {
  const times = part.querySelectorAll("time");
  old.querySelectorAll("time").forEach((time, index) => {
    if (!("hour" in time.dataset) && time.textContent !== times[index].textContent)
      time.textContent = times[index].textContent;
  });
}

/** Copying something out of a part shall not be disturbed; it is swapped the next time. */
function isSelectedIn(part) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(part, true);
}

function replace(old, part) {
  for (const { id } of old.querySelectorAll("details[open][id]"))
    part.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  const focused = old.contains(document.activeElement) ? placeOf(old, document.activeElement) : undefined;
  localise(part);
  old.replaceChildren(...part.childNodes);
  if (focused !== undefined) findPlace(old, focused)?.focus({ preventScroll: true });
}

const FOCUSABLE = "a[href], button, summary, input";

/** What tells something that can have the focus: what it says, and which of those that say so. */
function placeOf(part, element) {
  const name = nameOf(element);
  return { name, index: named(part, name).indexOf(element) };
}

function findPlace(part, { name, index }) {
  return named(part, name)[index];
}

function named(part, name) {
  return [...part.querySelectorAll(FOCUSABLE)].filter((element) => nameOf(element) === name);
}

function nameOf(element) {
  return `${element.tagName} ${element.textContent}`;
}

/** Hours as the reader's clock has them, and whole times for whoever points at one. */
function localise(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    if ("hour" in time.dataset)
      time.textContent = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    else time.title = at.toLocaleString();
  }
}

/** Says how fresh the page is. It is no live region: what has happened is said by the summary. */
function say(words, link) {
  const parts = [words];
  if (link !== undefined)
    parts.push(" ", Object.assign(document.createElement("a"), { href: "/", textContent: link }));
  freshness.replaceChildren(...parts);
}
