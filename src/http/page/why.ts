import type { Story } from "../../account/story.ts";
import type { WhyAnswer } from "./ask-why.ts";
import { each, type Html, html } from "./html.ts";
import { lasting, moment } from "./time.ts";
import { ADMITTED_WORDS, plainly, STORY_WORDS } from "./words.ts";

/**
 * The question why a message got no answer, and what there is to say.
 *
 * @param written what was asked about; "" for nothing yet
 * @param now Unix ms
 */
export function whyBox(written: string, answer: WhyAnswer | undefined, now: number): Html {
  return html`<section class="card" id="why" aria-labelledby="why-title">
<h2 id="why-title">Why no reply?</h2>
<form class="ask" action="/#why"><label for="why-message">A message’s link or id</label>
<div class="row"><input id="why-message" name="why" value="${written}" required maxlength="500" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="https://chat.example.com/app/T…/M…"><button>Find out</button></div></form>
${answer && html`<div class="answer">${said(answer, now)}</div>`}
</section>`;
}

function said(answer: WhyAnswer, now: number): Html {
  switch (answer.kind) {
    case "unreadable":
      return html`<p>That is neither a message’s id (<code>msg_…</code>) nor a link to a message. In ClickClack, open the message’s menu and choose “Copy link”.</p>`;
    case "unseen":
      return html`<h3>No bot sees a message behind this link</h3>
<p>Add the bot to the channel, or see that the link is to this ClickClack and that the message is still there.</p>${each(answer.errors, (error) => html`<p class="error"><bdi>${error}</bdi></p>`)}`;
    case "untold":
      return html`<h3>No account was told of <code>${answer.id}</code></h3>
<p>One of these is so:</p>
<ul class="causes"><li>The bot wrote it itself: no bot hears itself.</li>
<li>The bot is not a member of that workspace, or may not see that channel: add it there.</li>
<li>It was said before the account’s first start, and those messages are left alone: ask again.</li>
<li>The account was not connected, or is connected to another server: see below how it does.</li>
<li>It is more than a week old, and forgotten.</li></ul>`;
    case "known":
      return html`${each(answer.stories, ({ account, story }) => verdict(account, story, now))}`;
  }
}

function verdict(account: string, story: Story, now: number): Html {
  const { state, reason, admittedAs, setting, error } = story;
  const [words, mend] = reason === undefined ? [] : plainly(reason);
  return html`<article class="verdict"><h3>${STORY_WORDS[state]}${words && html`: ${words}`}</h3>
<p class="muted">account <code>${account}</code>, <code>${story.message}</code></p>
${setting && html`<p><b>Decided by:</b> <code>${setting}</code>${admittedAs && html`: ${ADMITTED_WORDS[admittedAs]}`}</p>`}
${mend && state !== "answered" && html`<p><b>To mend it:</b> ${mend}.</p>`}
${state === "dead" && html`<p>It can be tried again under <a href="#dead">Given up</a>.</p>`}
${story.notice?.state === "sent" && html`<p>Its author was told that no agent could be reached.</p>`}
${error && html`<p class="error"><bdi>${error}</bdi></p>`}
<dl class="facts">${each(steps(story, now), ([name, what]) => html`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl></article>`;
}

function steps(story: Story, now: number): [string, Html][] {
  const { admittedAt, settledAt, attempts, fetchFailures, replies } = story;
  const posted = replies.filter(({ state }) => state === "sent").length;
  const rows: [string, Html | false][] = [
    ["Heard of", html`${moment(story.seenAt, now)}, by ${story.roads.join(", ")}`],
    ["Admitted", admittedAt !== undefined && moment(admittedAt, now)],
    [
      "Settled",
      settledAt !== undefined &&
        html`${moment(settledAt, now)}${admittedAt !== undefined && html`, after ${lasting(settledAt - admittedAt)}`}`,
    ],
    [
      "Tries",
      attempts > 0 &&
        html`${attempts}${story.failedRuns > 0 && html`, ${story.failedRuns} of them failed at the agent`}`,
    ],
    ["Failed reads", fetchFailures > 0 && html`${fetchFailures}`],
    [
      "Answer",
      replies.length > 0 &&
        html`${posted} of ${replies.length} ${replies.length === 1 ? "part" : "parts"} posted`,
    ],
    ["Correlation id", story.correlationId !== undefined && html`<code>${story.correlationId}</code>`],
  ];
  return rows.flatMap(([name, what]): [string, Html][] => (what === false ? [] : [[name, what]]));
}
