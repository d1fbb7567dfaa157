import type { RefusalCount } from "../../account/refusals.ts";
import { each, type Html, html } from "./html.ts";
import { moment } from "./time.ts";
import type { AccountView } from "./views.ts";
import { refusal } from "./words.ts";

/** How many are listed, the latest first. */
const LISTED_MAX = 20;

/** Callbacks that were refused. Absent as long as there is none. @param now Unix ms */
export function refusedCallbacks(views: readonly AccountView[], now: number): Html {
  const rows = views
    .flatMap(({ account: { id }, overview }) => (overview?.refused ?? []).map((row) => ({ id, ...row })))
    .sort((a, b) => b.lastAt - a.lastAt)
    .slice(0, LISTED_MAX);
  return html`<section id="refused" aria-labelledby="refused-title" data-live>
<h2 id="refused-title">Refused callbacks</h2>
${rows.length === 0 ? html`<p class="muted">None.</p>` : html`<ul class="rows">${each(rows, (row) => refusedRow(row, now))}</ul>`}
</section>`;
}

function refusedRow({ id, kind, reason, count, lastAt }: RefusalCount & { id: string }, now: number): Html {
  const [words, mend] = refusal(reason);
  return html`<li>${words}${mend && html`: <b>${mend}</b>`} <span class="muted">${kind} of account <code>${id}</code>, ${count === 1 ? "once" : `${count} times`}, ${count === 1 ? "" : "last "}${moment(lastAt, now)}</span></li>`;
}
