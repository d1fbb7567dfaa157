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
${
  rows.length === 0
    ? html`<p class="muted">None.</p>`
    : html`<div class="wide"><table><thead><tr><th scope="col">Why</th><th scope="col">Kind</th><th scope="col">Account</th><th scope="col">Times</th><th scope="col">Last</th></tr></thead>
<tbody>${each(rows, ({ id, kind, reason, count, lastAt }) => {
        const [words, mend] = refusal(reason);
        return html`<tr><td>${words}${mend && html`: <b>${mend}</b>`}</td><td>${kind}</td><td><code>${id}</code></td><td>${count}</td><td>${moment(lastAt, now)}</td></tr>`;
      })}</tbody></table></div>`
}
</section>`;
}
