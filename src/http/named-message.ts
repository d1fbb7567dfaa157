import { createMiddleware } from "hono/factory";
import { ClickClackError } from "../clickclack/errors.ts";
import { messageAtRoute } from "../clickclack/message-route.ts";
import { type NamedMessage, readMessageLink } from "../domain/message-link.ts";
import type { NamedAccount } from "./account.ts";
import type { AppEnv } from "./app-env.ts";
import { type Problem, problem } from "./problem.ts";

/** Finds the message that `:messageId` names, by its id or by a link to it. Behind `usableAccount`. */
export const namedMessage = createMiddleware<
  AppEnv & { Variables: { account: NamedAccount; messageId: string } }
>(async (c, next) => {
  const written = c.req.param("messageId") ?? "";
  const named = readMessageLink(written) ?? { id: written };
  const { readiness } = c.var.account;
  try {
    const id = "id" in named ? named.id : readiness.send && (await seenBy(readiness, named));
    if (!id) return problem(c, unknownMessage(written));
    c.set("messageId", id);
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    return problem(c, { code: "clickclack_unavailable", detail: error.message });
  }
  return next();
});

export function unknownMessage(messageId: string): Problem {
  return { code: "message_not_found", detail: `this account has not been told of ${messageId}` };
}

/**
 * The message that a link leads to, as an account's bot sees it.
 *
 * @returns undefined for one that it may not see
 * @throws {ClickClackError}
 */
export function seenBy(
  { account, config }: Extract<NamedAccount["readiness"], { send: true }>,
  named: Exclude<NamedMessage, { id: string }>,
): Promise<string | undefined> {
  const remote = { url: account.apiBaseUrl, token: account.token, access: config.access.clickclack };
  return messageAtRoute(remote, named);
}
