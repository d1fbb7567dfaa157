import type { Overview, Running } from "../../account/watch.ts";
import { ASLEEP_VIEW_MAX_AGE_MS, GAP_SHOWN_MS } from "../../limits-page.ts";
import { dayCharts } from "./chart.ts";
import { faultList } from "./faults.ts";
import { each, type Html, html } from "./html.ts";
import { lasting, moment, period } from "./time.ts";
import type { AccountView } from "./views.ts";
import { LINK_WORDS, linkReason, type Mood, plainly } from "./words.ts";

/** What is older than this is said to be of then, milliseconds. */
const STALE_MS = 10_000;

/** How an account does, at a glance. */
export function stateOf({ account, reason, overview, isMute }: AccountView): { words: string; mood: Mood } {
  if (!account.enabled) return { words: "disabled", mood: "off" };
  if (isMute) return { words: "does not say how it is", mood: "bad" };
  if (reason !== undefined || overview === undefined) return { words: "not set up", mood: "bad" };
  const link = LINK_WORDS[overview.link.state];
  if (link.mood !== "good") return link;
  if (!overview.gateway.reachable) return { words: "its agent cannot be reached", mood: "bad" };
  if (overview.troubled === undefined) return link;
  const [, mend] = plainly(overview.troubled.reason);
  // What passes by itself is only waited for.
  return { words: "has trouble with a message", mood: mend === undefined ? "waiting" : "bad" };
}

/** What an account is called: as the document has it, else as ClickClack does. */
export function nameOf({ account, overview }: AccountView): string {
  return account.name ?? overview?.identity?.displayName ?? account.id;
}

/** One account: who it is, how it does, what it is doing, and its last day. @param now Unix ms */
export function accountCard(view: AccountView, now: number): Html {
  const { account, overview, reason, faults, isMute } = view;
  const { words, mood } = stateOf(view);
  return html`<article class="account card" id="account-${account.id}" aria-labelledby="name-${account.id}" data-live>
<header class="who"><h3 id="name-${account.id}"><bdi>${nameOf(view)}</bdi></h3><span class="state ${mood}">${words}</span>${identity(view)}</header>
${reason !== undefined && account.enabled && html`<p class="trouble">${reason}</p>`}
${isMute && html`<p class="trouble">The account's object has not answered; the log says why (<code>account:failed</code>).</p>`}
${faults.length > 0 && faultList(faults)}
${overview && html`${reason === undefined && html`${facts(overview, now)}${troubles(overview, now)}`}${busy(overview, now)}${dayCharts(account.id, overview.day)}`}
</article>`;
}

function identity({ account, overview }: AccountView): Html {
  const of = overview?.identity;
  if (of === undefined) return html`<p class="who-is muted">account <code>${account.id}</code></p>`;
  const owner = of.owner && html`, <bdi>${of.owner.name ?? of.owner.id}</bdi>’s bot`;
  return html`<p class="who-is muted"><bdi>@${of.handle}</bdi> in <bdi>${of.workspaceName}</bdi>${owner}, account <code>${account.id}</code></p>`;
}

function facts({ at, link, readAt, agent, gateway, waiting }: Overview, now: number): Html {
  return html`<dl class="facts">
<div><dt>Messages</dt><dd>${LINK_WORDS[link.state].words} for ${period(link.since, now)}${readAt !== undefined && html`, event log checked ${moment(readAt, now)}`}</dd></div>
<div><dt>Agent</dt><dd><bdi>${agent ?? "not known yet"}</bdi>, gateway ${gateway.reachable ? "reachable" : "not reachable"}${gateway.since !== undefined && html` for ${period(gateway.since, now)}`}</dd></div>
<div><dt>Waiting</dt><dd>${waiting === 0 ? "nothing" : `${waiting} ${waiting === 1 ? "message" : "messages"}`}</dd></div>
${now - at > STALE_MS && html`<div><dt>As of</dt><dd>${moment(at, now)}: it sleeps between messages, and is woken every ${lasting(ASLEEP_VIEW_MAX_AGE_MS)}</dd></div>`}
</dl>`;
}

function troubles({ link, gateway, troubled, gap }: Overview, now: number): Html {
  return html`${link.reason && trouble("ClickClack", linkReason(link.reason), link, now)}
${!gateway.reachable && trouble("OpenClaw", plainly(gateway.reason ?? "unreachable"), gateway, now)}
${gateway.reachable && troubled && html`${trouble("A message that is tried again", plainly(troubled.reason), troubled, now)}<p><a href="/?why=${troubled.message}#why">What happened to it</a></p>`}
${gap && gap.uncovered.length > 0 && now - gap.at < GAP_SHOWN_MS && html`<p class="trouble">Up to ${moment(gap.at, now)}, messages may have been missed: ClickClack no longer had their events (<code>gap</code> at <code>/v1/accounts</code> says where).</p>`}`;
}

function trouble(
  who: string,
  [words, mend]: readonly [string, string?],
  { error, retryAt }: { error?: string; retryAt?: number },
  now: number,
): Html {
  return html`<div class="trouble"><p class="trouble-words"><b>${who}:</b> ${words}${retryAt !== undefined && html`; tried again ${moment(retryAt, now)}`}.</p>
${mend && html`<p><b>To mend it:</b> ${mend}.</p>`}${error && html`<p class="error"><bdi>${error}</bdi></p>`}</div>`;
}

function busy({ running }: Overview, now: number): Html {
  if (running.length === 0) return html``;
  return html`<h4>Being answered now</h4><ul class="rows">${each(running, (one) => html`<li>${place(one)} <span class="muted">${one.author && html`<bdi>${one.author}</bdi>, `}asked ${moment(one.since, now)}</span> <a href="/?why=${one.message}#why">what happened<span class="hidden"> to ${one.message}</span></a></li>`)}</ul>`;
}

function place({ conversation, channel }: Running): Html {
  if (conversation.startsWith("dm_")) return html`a direct conversation`;
  const where = channel !== undefined && html`<bdi>#${channel}</bdi>`;
  if (conversation.startsWith("msg_")) return html`a thread${where && html` in ${where}`}`;
  return where || html`<code>${conversation}</code>`;
}
