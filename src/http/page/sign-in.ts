import { document } from "./document.ts";
import { type Html, html } from "./html.ts";

/** The form that opens the page. @param why a question to come back to @param problem why it did not open */
export function signInPage(why: string, problem?: string): Html {
  return document(html`<section class="sign-in card" aria-labelledby="sign-in-title">
<h1 id="sign-in-title">Sign in</h1>
<form class="sign-in-form" method="post" action="/page/login">
<label for="token">Admin token</label>
<input id="token" name="token" type="password" required autocomplete="current-password" maxlength="1000" autofocus${problem ? html` aria-invalid="true" aria-describedby="problem"` : ""}>
${problem && html`<p id="problem" class="trouble" role="alert">${problem}</p>`}
${why && html`<input type="hidden" name="why" value="${why}">`}
<button>Open the status page</button>
</form>
<p class="muted">It is the Worker’s <code>EDGE_ADMIN_TOKEN</code>.</p>
</section>`);
}

/** What is shown as long as there is no token that could open the page. */
export function closedPage(): Html {
  return document(html`<section class="sign-in card" aria-labelledby="closed-title">
<h1 id="closed-title">This page is closed</h1>
<p>It opens with an admin token, and none is set. Make a long one and give it to the Worker:</p>
<pre><code>openssl rand -base64 32
npx wrangler secret put EDGE_ADMIN_TOKEN</code></pre>
<p class="muted">In development, put <code>EDGE_ADMIN_TOKEN=…</code> into <code>.dev.vars</code>.</p>
</section>`);
}

/** What is shown over a connection that others may read. */
export function unsafePage(): Html {
  return document(html`<section class="sign-in card" aria-labelledby="unsafe-title">
<h1 id="unsafe-title">Open this page over https</h1>
<p>Over plain http, others could read the admin token and the session. Only <code>localhost</code> is exempt.</p>
</section>`);
}
