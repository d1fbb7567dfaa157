import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { equal } from "../auth.ts";
import { problem } from "../problem.ts";
import { isSafePlace, markIn } from "./cookie.ts";
import { readSession, type Session } from "./session.ts";
import { closedPage, unsafePage } from "./sign-in.ts";

/** What the page's routes know beside the bindings. */
export type PageEnv = AppEnv & { Variables: { adminToken: string; session: Session } };

const HEADERS = {
  // Nothing but what is the page's own, nothing inline, and in nobody's frame.
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // Not `no-referrer`: with it browsers hide a form's origin from its own site.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** What every answer of the page bears. A browser's own request for one is never kept and never shown elsewhere. */
export const pageHeaders = createMiddleware<PageEnv>(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
});

/** Closed while no admin token is set, and where others could read one. */
export const openPage = createMiddleware<PageEnv>(async (c, next) => {
  if (!isSafePlace(new URL(c.req.url))) return c.html(unsafePage(), 403);
  const adminToken = c.env.EDGE_ADMIN_TOKEN;
  if (!adminToken) return c.html(closedPage(), 403);
  c.set("adminToken", adminToken);
  return next();
});

/** A form comes from the page itself. Every browser says where one comes from, and what is none has no cookie to abuse. */
export const fromThisPage = createMiddleware<PageEnv>(async (c, next) => {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site") ?? "same-origin";
  if (origin === new URL(c.req.url).origin && site === "same-origin") return next();
  return problem(c, {
    code: "refused",
    detail: "this form was not sent by the page itself; open the page and try again",
  });
});

/** Who is signed in, if somebody is. */
export async function sessionOf(c: Context<PageEnv>): Promise<Session | undefined> {
  const mark = markIn(c.req.header("cookie"), new URL(c.req.url));
  return mark === undefined ? undefined : readSession(c.var.adminToken, mark, Date.now());
}

/** A form of somebody who is signed in, with the token that no other site can know. Others are sent to sign in. */
export const ownForm = createMiddleware<PageEnv>(async (c, next) => {
  const session = await sessionOf(c);
  if (session === undefined) return c.redirect("/", 303);
  const { form } = await c.req.parseBody();
  if (typeof form !== "string" || !(await equal(form, session.formToken)))
    return problem(c, {
      code: "refused",
      detail: "this form is not of this session; open the page and try again",
    });
  c.set("session", session);
  return next();
});
