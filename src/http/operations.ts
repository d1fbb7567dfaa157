import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { DeadAction } from "../account/dead.ts";
import { namedAccount, usableAccount } from "./account.ts";
import type { AppEnv } from "./app-env.ts";
import { requireAdminToken, requireApiToken } from "./auth.ts";
import { namedMessage, unknownMessage } from "./named-message.ts";
import { problem } from "./problem.ts";

const MESSAGE = "/v1/accounts/:id/messages/:messageId";
const DEAD = "/v1/accounts/:id/dead";

/** What an operator looks into and acts on: one message's story, and the messages that were given up. */
export const operations = new Hono<AppEnv>()
  .get(MESSAGE, requireApiToken, namedAccount, usableAccount, namedMessage, async (c) => {
    const { messageId } = c.var;
    const story = await c.var.account.stub.story(messageId);
    return story === undefined ? problem(c, unknownMessage(messageId)) : c.json(story);
  })
  .get(DEAD, requireApiToken, namedAccount, usableAccount, async (c) =>
    c.json({ dead: await c.var.account.stub.deadLetters() }),
  )
  .post(
    `${DEAD}/:messageId/retry`,
    requireAdminToken,
    namedAccount,
    usableAccount,
    namedMessage,
    async (c) => {
      const { messageId } = c.var;
      return answerTo(c, messageId, "waiting", await c.var.account.stub.retryDead(messageId));
    },
  )
  .post(
    `${DEAD}/:messageId/discard`,
    requireAdminToken,
    namedAccount,
    usableAccount,
    namedMessage,
    async (c) => {
      const { messageId } = c.var;
      return answerTo(c, messageId, "discarded", await c.var.account.stub.discardDead(messageId));
    },
  );

function answerTo(c: Context, message: string, state: string, action: DeadAction): Response {
  if (action.done) return c.json({ message, state });
  if (action.state === undefined) return problem(c, unknownMessage(message));
  return problem(c, { code: "not_dead", detail: `${message} is not dead, but ${action.state}` });
}
