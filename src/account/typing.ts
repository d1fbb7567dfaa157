import type { Conversation } from "../domain/conversation.ts";
import { TYPING_INTERVAL_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";

/** A typing sign, down at first. */
export interface TypingSign {
  /** Puts it up and keeps it up. Once is enough. */
  start(): void;
  /** Takes it down, after a sign that is still on its way up, so that it stays down. */
  end(): void;
}

/**
 * The typing sign of one answer. Best effort: the first sign that fails is logged, and nothing waits for one.
 */
export function showTyping(
  context: AccountContext,
  workspaceId: string,
  conversation: Conversation,
): TypingSign {
  let inFlight: Promise<void> | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let hasFailed = false;
  // The sign stands in the thread's channel or direct conversation, so that it says which thread is meant.
  const payload = conversation.kind === "thread" ? { thread_root_id: conversation.rootId } : undefined;
  const post = async (on: boolean): Promise<void> => {
    try {
      const type = on ? "typing.started" : "typing.stopped";
      await context.client.show(workspaceId, conversation, { type, payload });
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
  return {
    start: () => {
      if (timer !== undefined) return;
      renew();
      timer = setInterval(renew, TYPING_INTERVAL_MS);
    },
    end: () => {
      if (timer === undefined) return;
      clearInterval(timer);
      context.background(Promise.resolve(inFlight).then(() => post(false)));
    },
  };
}
