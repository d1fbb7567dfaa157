import type { DeadItem } from "../../account/dead.ts";
import { each, type Html, html } from "./html.ts";
import { moment } from "./time.ts";
import type { AccountView } from "./views.ts";
import { plainly, STAGE_WORDS } from "./words.ts";

/** Messages that were given up, with what can be done about each. @param formToken goes along in the forms @param now Unix ms */
export function deadLetters(views: readonly AccountView[], formToken: string, now: number): Html {
  const letters = views
    .flatMap(({ account: { id }, overview }) => (overview?.dead ?? []).map((item) => ({ id, item })))
    .sort((a, b) => b.item.since - a.item.since);
  return html`<section id="dead" aria-labelledby="dead-title" data-live>
<h2 id="dead-title">Given up ${letters.length > 0 && html`<span class="count">${letters.length}</span>`}</h2>
${letters.length === 0 ? html`<p class="muted">Nothing. What cannot be done in the end is kept here until you decide.</p>` : html`<ul class="letters">${each(letters, ({ id, item }) => letter(id, item, formToken, now))}</ul>`}
</section>`;
}

function letter(account: string, item: DeadItem, formToken: string, now: number): Html {
  const [words, mend] = plainly(item.reason);
  const { message } = item;
  const form = (action: string, button: Html) =>
    html`<form method="post" action="/page/dead/${action}"><input type="hidden" name="form" value="${formToken}"><input type="hidden" name="account" value="${account}"><input type="hidden" name="message" value="${message}">${button}</form>`;
  return html`<li class="letter card">
<p><b>${STAGE_WORDS[item.stage]}</b>: ${words}${mend && html`. <b>To mend it:</b> ${mend}`}.</p>
<p class="muted">account <code>${account}</code>, ${moment(item.since, now)}, ${item.attempts} ${item.attempts === 1 ? "try" : "tries"}, <a href="/?why=${message}#why"><code>${message}</code></a></p>
${item.error && html`<p class="error"><bdi>${item.error}</bdi></p>`}
<div class="actions">${form("retry", html`<button>Try again<span class="hidden"> ${message}</span></button>`)}
<details id="discard-${message}"><summary class="button quiet">Discard<span class="hidden"> ${message}</span>…</summary><p>It will not be answered, and an answer that was made is deleted.</p>${form("discard", html`<button class="danger">Discard it<span class="hidden"> ${message}</span></button>`)}</details></div>
</li>`;
}
