import type { Conversation } from "../domain/conversation.ts";
import { TYPING_INTERVAL_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";

/**
 * Shows the typing sign until told otherwise. Best effort: the first sign that fails is logged, and nothing waits for
 * one.
 *
 * @returns ends the sign; it is taken down after one that is still on its way up, so that it stays down
 */
export function showTyping(
  context: AccountContext,
  workspaceId: string,
  conversation: Conversation,
): () => void {
  let inFlight: Promise<void> | undefined;
  let hasFailed = false;
  const post = async (on: boolean): Promise<void> => {
    try {
      await context.client.typing(workspaceId, conversation, on);
    } catch (error) {
      if (!hasFailed) context.log({ event: "typing:failed", error: errorText(error) });
      hasFailed = true;
    }
  };
  const renew = () => {
    // A server that takes longer than the interval gets no queue of them.
    inFlight ??= post(true).finally(() => {
      inFlight = undefined;
    });
  };
  renew();
  const timer = setInterval(renew, TYPING_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    context.background(Promise.resolve(inFlight).then(() => post(false)));
  };
}
