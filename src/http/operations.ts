import { type Context, Hono } from "hono";
import type { BotAccount } from "../account/bot-account.ts";
import type { DeadAction } from "../account/dead.ts";
import { readinessOf } from "../account/readiness.ts";
import { configOf } from "../config/current.ts";
import type { AppEnv } from "./app-env.ts";
import { requireAdminToken, requireApiToken } from "./auth.ts";
import { brokenConfig, type Problem, problem } from "./problem.ts";

const MESSAGE = "/v1/accounts/:id/messages/:messageId";
const DEAD = "/v1/accounts/:id/dead";

/** What an operator looks into and acts on: one message's story, and the messages that were given up. */
export const operations = new Hono<AppEnv>()
  .get(MESSAGE, requireApiToken, async (c) => {
    const account = usableAccount(c);
    if ("problem" in account) return problem(c, account.problem);
    const messageId = c.req.param("messageId");
    const story = await account.stub.story(messageId);
    return story === undefined ? problem(c, unknownMessage(messageId)) : c.json(story);
  })
  .get(DEAD, requireApiToken, async (c) => {
    const account = usableAccount(c);
    return "problem" in account
      ? problem(c, account.problem)
      : c.json({ dead: await account.stub.deadLetters() });
  })
  .post(`${DEAD}/:messageId/retry`, requireAdminToken, async (c) => {
    const account = usableAccount(c);
    if ("problem" in account) return problem(c, account.problem);
    const messageId = c.req.param("messageId");
    return answerTo(c, messageId, "waiting", await account.stub.retryDead(messageId));
  })
  .post(`${DEAD}/:messageId/discard`, requireAdminToken, async (c) => {
    const account = usableAccount(c);
    if ("problem" in account) return problem(c, account.problem);
    const messageId = c.req.param("messageId");
    return answerTo(c, messageId, "discarded", await account.stub.discardDead(messageId));
  });

function answerTo(c: Context<AppEnv>, message: string, state: string, action: DeadAction): Response {
  if (action.done) return c.json({ message, state });
  if (action.state === undefined) return problem(c, unknownMessage(message));
  return problem(c, { code: "not_dead", detail: `${message} is not dead, but ${action.state}` });
}

/** The account that a path names, if it can do anything. */
function usableAccount(c: Context<AppEnv>): { stub: DurableObjectStub<BotAccount> } | { problem: Problem } {
  const loaded = configOf(c.env);
  if (!loaded.ok) return { problem: brokenConfig(loaded.faults) };
  const id = c.req.param("id") ?? "";
  if (!loaded.config.accounts.has(id))
    return { problem: { code: "account_not_found", detail: `there is no account "${id}"` } };
  const readiness = readinessOf(loaded, id);
  if (!readiness.send)
    return { problem: { code: "not_configured", detail: readiness.reason, faults: readiness.faults } };
  return { stub: c.env.BOT_ACCOUNT.getByName(id) };
}

function unknownMessage(messageId: string): Problem {
  return { code: "message_not_found", detail: `this account has not been told of ${messageId}` };
}
