import type { Conversation } from "../domain/conversation.ts";
import { TYPING_INTERVAL_MS } from "../limits.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";

/**
 * Shows the typing sign until told otherwise. Best effort: a sign that fails is only logged, and nothing waits for one.
 *
 * @returns ends the sign; it is taken down after those that are still on their way up, so that it stays down
 */
export function showTyping(
  context: AccountContext,
  workspaceId: string,
  conversation: Conversation,
): () => void {
  let posts = Promise.resolve();
  const post = (on: boolean): void => {
    posts = posts
      .then(() => context.client.typing(workspaceId, conversation, on))
      .catch((error: unknown) =>
        log({ event: "typing:failed", account: context.account.id, error: errorText(error) }),
      );
  };
  post(true);
  const timer = setInterval(() => post(true), TYPING_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    post(false);
    context.background(posts);
  };
}
