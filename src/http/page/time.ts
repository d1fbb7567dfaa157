import { type Html, html } from "./html.ts";

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** How long something takes, in one unit: `3 min`; `0.8 s` below ten seconds. */
export function lasting(ms: number): string {
  const [unit, name] = UNITS.find(([unit]) => ms >= unit) ?? [1_000, "s"];
  const n = ms / unit;
  return `${n < 10 && name === "s" ? n.toFixed(1).replace(/\.0$/, "") : Math.floor(n)} ${name}`;
}

/**
 * When something was or will be, as people say it; the time itself is there for the script, which writes it as the
 * reader's clock has it.
 *
 * @param at Unix ms
 * @param now Unix ms
 */
export function moment(at: number, now: number): Html {
  const iso = new Date(at).toISOString();
  const away = wholeSeconds(at - now);
  // None below five: a page that is looked at shall not flicker.
  const text = away < 5_000 ? "just now" : at > now ? `in ${lasting(away)}` : `${lasting(away)} ago`;
  return html`<time datetime="${iso}" title="${utc(iso)}">${text}</time>`;
}

/** How long something has been so. @param since Unix ms @param now Unix ms */
export function period(since: number, now: number): Html {
  const iso = new Date(since).toISOString();
  return html`<time datetime="${iso}" title="since ${utc(iso)}">${lasting(wholeSeconds(now - since))}</time>`;
}

/** An hour of the day, in UTC; the script writes it as the reader's clock has it. */
export function hourOfDay(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" data-hour>${iso.slice(11, 16)}</time>`;
}

function wholeSeconds(ms: number): number {
  return Math.floor(Math.abs(ms) / 1_000) * 1_000;
}

function utc(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
