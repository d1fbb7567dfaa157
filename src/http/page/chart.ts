import type { Day, Hour } from "../../account/last-day.ts";
import { each, type Html, html } from "./html.ts";
import { hourOfDay, lasting } from "./time.ts";
import { plainly } from "./words.ts";

/** Of a drawing, in its own units; the style sheet gives it its size. */
const HEIGHT = 100;
const SLOT = 10;
const BAR = 7;
/** Reasons with a colour of their own; the rest share one. */
const COLOURS = 4;

/** The last day of one account, in three small charts and once more as a table. @param id of the account */
export function dayCharts(id: string, { hours, answers }: Day): Html {
  const reasons = reasonsOf(hours);
  if (answers.answered === 0 && reasons.length === 0)
    return html`<p class="quiet-day muted">Nothing was asked in the last day.</p>`;
  const dropped = reasons.reduce((sum, [, n]) => sum + n, 0);
  return html`<div class="charts">
${chart("Answers", `${answers.answered}`, hours, answerBars(hours))}
${chart("Time to answer", answers.medianMs === undefined ? "–" : lasting(answers.medianMs), hours, timeBars(hours), times(answers))}
${chart("Not answered", `${dropped}`, hours, dropBars(hours, reasons), legend(reasons))}
</div>
<details class="table" id="day-${id}"><summary class="table-summary">These charts as a table</summary>${table(hours)}</details>`;
}

/** What is drawn, and what its highest bar stands for. */
interface Drawing {
  bars: Html[];
  most: string;
}

function chart(
  title: string,
  figure: string,
  hours: readonly Hour[],
  { bars, most }: Drawing,
  legend?: Html,
): Html {
  const [from, to] = [hours[0]?.from ?? 0, hours.at(-1)?.from ?? 0];
  return html`<figure>
<figcaption>${title} <b>${figure}</b></figcaption>
<svg viewBox="0 0 ${hours.length * SLOT} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${bars}</svg>
<p class="axis" aria-hidden="true"><span>${hourOfDay(from)}</span><span>${most}</span><span>${hourOfDay(to)}</span></p>
${legend}</figure>`;
}

function times({ medianMs = 0, p95Ms = 0 }: Day["answers"]): Html | undefined {
  if (p95Ms === 0) return undefined;
  return html`<ul class="legend"><li><span class="swatch s-median"></span>half within <b>${lasting(medianMs)}</b></li><li><span class="swatch s-p95"></span>19 of 20 within <b>${lasting(p95Ms)}</b></li></ul>`;
}

function answerBars(hours: readonly Hour[]): Drawing {
  const most = Math.max(...hours.map(({ answered }) => answered), 1);
  const bars = each(hours, ({ answered }, at) => bar(at, 0, answered / most, "s-answer"));
  return { bars, most: `up to ${most} an hour` };
}

/** Up to where 19 of 20 are, and in it up to where half of them are. */
function timeBars(hours: readonly Hour[]): Drawing {
  const most = Math.max(...hours.map(({ p95Ms }) => p95Ms ?? 0), 1);
  const bars = each(
    hours,
    ({ medianMs = 0, p95Ms = 0 }, at) =>
      html`${bar(at, 0, p95Ms / most, "s-p95")}${bar(at, 0, medianMs / most, "s-median")}`,
  );
  return { bars, most: `up to ${lasting(most)}` };
}

function dropBars(hours: readonly Hour[], reasons: readonly [string, number][]): Drawing {
  const total = (hour: Hour) => Object.values(hour.dropped).reduce((sum, n) => sum + n, 0);
  const most = Math.max(...hours.map(total), 1);
  const bars = each(hours, ({ dropped }, at) => {
    let base = 0;
    const parts = each(reasons, ([reason], index) => {
      const share = (dropped[reason] ?? 0) / most;
      base += share;
      return bar(at, base - share, share, colourOf(index));
    });
    return html`${parts}`;
  });
  return { bars, most: `up to ${most} an hour` };
}

/** @param base where it stands, and `share` how high it is, of the whole height */
function bar(slot: number, base: number, share: number, colour: string): Html {
  if (share === 0) return html``;
  const height = Math.max(share * HEIGHT, 1.5);
  const top = HEIGHT - base * HEIGHT - height;
  return html`<rect class="${colour}" x="${slot * SLOT}" y="${top.toFixed(1)}" width="${BAR}" height="${height.toFixed(1)}"/>`;
}

/** The most frequent first. */
function reasonsOf(hours: readonly Hour[]): [string, number][] {
  const sums: Record<string, number> = {};
  for (const { dropped } of hours)
    for (const [reason, n] of Object.entries(dropped)) sums[reason] = (sums[reason] ?? 0) + n;
  return Object.entries(sums).sort(([, a], [, b]) => b - a);
}

function colourOf(index: number): string {
  return `s-drop${Math.min(index, COLOURS)}`;
}

function legend(reasons: readonly [string, number][]): Html | undefined {
  if (reasons.length === 0) return undefined;
  const items = each(
    reasons,
    ([reason, n], index) =>
      html`<li><span class="swatch ${colourOf(index)}"></span>${plainly(reason)[0]} <b>${n}</b></li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

/** Hours in which nothing happened are left out. */
function table(hours: readonly Hour[]): Html {
  const busy = hours.filter(({ answered, dropped }) => answered > 0 || Object.keys(dropped).length > 0);
  return html`<table>
<thead><tr><th scope="col">Hour</th><th scope="col">Answers</th><th scope="col">Half within</th><th scope="col">19 of 20 within</th><th scope="col">Not answered</th></tr></thead>
<tbody>${each(busy.reverse(), row)}</tbody></table>`;
}

function row({ from, answered, medianMs, p95Ms, dropped }: Hour): Html {
  const why = Object.entries(dropped).map(([reason, n]) => `${n}: ${plainly(reason)[0]}`);
  return html`<tr><th scope="row">${hourOfDay(from)}</th><td>${answered}</td>
<td>${medianMs === undefined ? "–" : lasting(medianMs)}</td><td>${p95Ms === undefined ? "–" : lasting(p95Ms)}</td>
<td>${why.join("; ") || "–"}</td></tr>`;
}
