import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Hono } from "hono/tiny";
import { readinessOf } from "../../account/readiness.ts";
import { configOf } from "../../config/current.ts";
import { FORM_MAX_BYTES, WRONG_TOKEN_WAIT_MS } from "../../limits-page.ts";
import { countWrongToken, unheardFor } from "../attempts.ts";
import { equal } from "../auth.ts";
import { problem } from "../problem.ts";
import { askWhy } from "./ask-why.ts";
import { markCookie } from "./cookie.ts";
import { type Contents, fragment, statusPage } from "./document.ts";
import { fromThisPage, openPage, ownForm, type PageEnv, pageHeaders, sessionOf } from "./guard.ts";
import type { Session } from "./session.ts";
import { beginSession } from "./session.ts";
import { signInPage } from "./sign-in.ts";
import { viewAccounts } from "./views.ts";

/** What the page says after an action, by the word in its address. */
const DONE: Record<string, string> = {
  retry: "It is being tried again.",
  discard: "It was let go.",
  not_dead: "Nothing was done: that message is not given up any more.",
};

const smallForm = bodyLimit({
  maxSize: FORM_MAX_BYTES,
  onError: (c) => problem(c, { code: "too_large", detail: `a form may have ${FORM_MAX_BYTES} bytes` }),
});

/** The status page: for people with a browser and the admin token. Its style and script are static files in `public/`. */
export const page = new Hono<PageEnv>()
  .get(
    "/",
    pageHeaders,
    async (c, next) => {
      // Programs find no route here.
      if (!c.req.header("accept")?.includes("text/html")) return c.notFound();
      return next();
    },
    openPage,
    async (c) => {
      const written = (c.req.query("why") ?? "").trim();
      const session = await sessionOf(c);
      if (session === undefined) return c.html(signInPage(written));
      const contents = await contentsFor(c, session, true);
      const answer =
        written !== "" && contents.loaded.ok
          ? await askWhy(contents.loaded.config, c.env, written)
          : undefined;
      return c.html(
        statusPage({ ...contents, why: { written, answer }, done: DONE[c.req.query("done") ?? ""] }),
      );
    },
  )
  .get("/page/live", pageHeaders, openPage, async (c) => {
    const session = await sessionOf(c);
    if (session === undefined) return problem(c, { code: "refused", detail: "nobody is signed in" });
    return c.html(fragment(await contentsFor(c, session, false)));
  })
  .post("/page/login", pageHeaders, openPage, fromThisPage, smallForm, async (c) => {
    const { token, why } = await c.req.parseBody();
    const written = typeof why === "string" ? why : "";
    const waitMs = unheardFor(c);
    if (waitMs > 0) {
      c.header("retry-after", String(Math.ceil(waitMs / 1_000)));
      return c.html(signInPage(written, "Too many wrong tokens came from your address. Wait a minute."), 429);
    }
    if (typeof token !== "string" || !(await equal(token.trim(), c.var.adminToken))) {
      await countWrongToken(c);
      await scheduler.wait(WRONG_TOKEN_WAIT_MS);
      return c.html(signInPage(written, "That is not the admin token."), 403);
    }
    const { mark } = await beginSession(c.var.adminToken, Date.now());
    c.header("set-cookie", markCookie(mark, new URL(c.req.url)));
    return c.redirect(written === "" ? "/" : `/?why=${encodeURIComponent(written)}#why`, 303);
  })
  .post("/page/logout", pageHeaders, openPage, fromThisPage, smallForm, ownForm, (c) => {
    c.header("set-cookie", markCookie("", new URL(c.req.url)));
    return c.redirect("/", 303);
  })
  .post(
    "/page/dead/:action{retry|discard}",
    pageHeaders,
    openPage,
    fromThisPage,
    smallForm,
    ownForm,
    async (c) => {
      const { account, message } = await c.req.parseBody();
      if (
        typeof account !== "string" ||
        typeof message !== "string" ||
        !readinessOf(configOf(c.env), account).send
      )
        return problem(c, { code: "account_not_found", detail: "there is no such account" });
      const object = c.env.BOT_ACCOUNT.getByName(account);
      const action = c.req.param("action");
      const { done } =
        action === "retry" ? await object.retryDead(message) : await object.discardDead(message);
      return c.redirect(`/?done=${done ? action : "not_dead"}#dead`, 303);
    },
  );

async function contentsFor(c: Context<PageEnv>, { formToken }: Session, afresh: boolean): Promise<Contents> {
  const loaded = configOf(c.env);
  const isOn = loaded.ok && loaded.config.activation.on;
  const views = isOn ? await viewAccounts(loaded.config, c.env, afresh) : [];
  return { loaded, views, formToken, why: { written: "" }, now: Date.now() };
}
