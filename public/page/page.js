// Keeps the status page up to date: asks for the parts that change every few seconds while the page is seen, and swaps
// those that have become others. What has the focus, is selected or was opened stays so.

const EVERY_MS = 4_000;
const EVERY_MAX_MS = 60_000;

const freshness = document.getElementById("freshness");
/** The parts as the server sent them last, by id: what the script changes in them is no difference. */
const sent = new Map();
let failures = 0;
let timer;

for (const part of document.querySelectorAll("[data-live]")) sent.set(part.id, part.outerHTML);
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

/** Swaps the innermost part that differs. A set of parts that has changed, as an account more, wants the page anew. */
function swap(news) {
  for (const part of news.querySelectorAll("[data-live]")) {
    const old = document.getElementById(part.id);
    if (old === null) return location.reload();
    const html = part.outerHTML;
    if (sent.get(part.id) === html || part.querySelector("[data-live]") || isSelectedIn(old)) continue;
    sent.set(part.id, html);
    replace(old, part);
  }
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
  old.className = part.className;
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
