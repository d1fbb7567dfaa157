import type { Config, Fault, Loaded } from "../../config/types.ts";
import { accountCard, nameOf, stateOf } from "./account-card.ts";
import type { WhyAnswer } from "./ask-why.ts";
import { deadLetters } from "./dead.ts";
import { faultList } from "./faults.ts";
import { each, type Html, html } from "./html.ts";
import { refusedCallbacks } from "./refused.ts";
import type { AccountView } from "./views.ts";
import { whyBox } from "./why.ts";

/** Everything on the page but its frame. */
export interface Contents {
  loaded: Loaded;
  views: readonly AccountView[];
  formToken: string;
  /** What was asked about, "" for nothing, and what there is to say. */
  why: { written: string; answer?: WhyAnswer | undefined };
  /** What was done just now, in a sentence. */
  done?: string | undefined;
  /** Unix ms. */
  now: number;
}

/** A whole document. @param main what it shows @param signedIn the token of the form that signs out */
export function document(main: Html, signedIn?: string): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>clickclack-edge</title>
<link rel="icon" href="/page/icon.svg">
<link rel="stylesheet" href="/page/style.css">
${signedIn !== undefined && html`<script src="/page/page.js" defer></script>`}
</head>
<body>
<header class="top"><p class="brand">clickclack<span>edge</span></p>
${signedIn !== undefined && html`<p id="freshness" class="muted"><a href="/">Look again</a></p><form method="post" action="/page/logout"><input type="hidden" name="form" value="${signedIn}"><button class="quiet">Sign out</button></form>`}
</header>
<main>${main}</main>
</body>
</html>`;
}

/** The status page of somebody who is signed in. */
export function statusPage(contents: Contents): Html {
  const { done, why, now } = contents;
  const main = html`${done && html`<p class="done" role="status">${done}</p>`}
<div class="lead">${summary(contents)}${whyBox(why.written, why.answer, now)}</div>
${changing(contents)}`;
  return document(main, contents.formToken);
}

/** The parts that change by themselves, for the script to swap. */
export function fragment(contents: Contents): Html {
  return html`${summary(contents)}${changing(contents)}`;
}

function changing(contents: Contents): Html {
  return html`${faults(contents.loaded)}${accounts(contents)}${rest(contents)}`;
}

/** In a sentence, which a screen reader says again only when it has become another. */
function summary({ loaded, views }: Contents): Html {
  const [words, mood] = summed(loaded, views);
  return html`<section id="summary" class="summary card ${mood}" aria-labelledby="summary-title" data-live><h1 id="summary-title">Status</h1><p class="summary-words" aria-live="polite" id="summary-words" data-live>${words}</p></section>`;
}

function summed(loaded: Loaded, views: readonly AccountView[]): [string, string] {
  if (!loaded.ok) return ["The configuration is broken: nobody is answered.", "bad"];
  const { activation } = loaded.config;
  if (!activation.on) return [`The channel is switched off: ${activation.reason}.`, "bad"];
  if (views.length === 0) return ["No account is set up.", "bad"];
  const troubled = views.filter((view) => !["good", "off"].includes(stateOf(view).mood));
  const dead = views.reduce((sum, { overview }) => sum + (overview?.dead.length ?? 0), 0);
  const given = dead === 0 ? "" : ` ${dead === 1 ? "One message was" : `${dead} messages were`} given up.`;
  const words = troubled.map((view) => `${nameOf(view)}: ${stateOf(view).words}.`);
  const isBad = troubled.some((view) => stateOf(view).mood === "bad");
  if (troubled.length > 0) return [words.join(" ") + given, isBad ? "bad" : "waiting"];
  return dead === 0 ? ["All is well.", "good"] : [`Every bot is up.${given}`, "waiting"];
}

function accounts({ views, now }: Contents): Html {
  if (views.length === 0) return html``;
  return html`<section id="accounts" aria-labelledby="accounts-title"><h2 id="accounts-title">Accounts</h2>${each(views, (view) => accountCard(view, now))}</section>`;
}

function rest({ loaded, views, formToken, now }: Contents): Html {
  return loaded.ok ? html`${deadLetters(views, formToken, now)}${refusedCallbacks(views, now)}` : html``;
}

/** Of the document as a whole; what is an account's own stands with it. */
function faults(loaded: Loaded): Html {
  const [wrong, passedOver] = loaded.ok ? general(loaded.config) : [loaded.faults, []];
  return html`<div id="faults" data-live>${faultsUnder("Faults in the configuration", wrong)}${faultsUnder("Passed over in the configuration", passedOver)}</div>`;
}

function faultsUnder(title: string, faults: readonly Fault[]): Html | undefined {
  if (faults.length === 0) return undefined;
  return html`<section aria-label="${title}"><h2>${title}</h2>${faultList(faults)}</section>`;
}

function general({ faults, warnings, accounts }: Config): [readonly Fault[], readonly Fault[]] {
  const own = new Set(
    [...accounts.values()]
      .flatMap(({ faults, callbacks }) => [...faults, ...callbacks.faults])
      .map(({ path }) => path),
  );
  return [faults.filter(({ path }) => !own.has(path)), warnings];
}
