import type { Conversation } from "../domain/conversation.ts";
import { TYPING_INTERVAL_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import { type Sign, type SignFrames, signOf } from "./sign.ts";

/**
 * The typing sign of one answer. A thread's stands in its channel or direct conversation, and says which thread is meant.
 */
export function showTyping(context: AccountContext, workspaceId: string, conversation: Conversation): Sign {
  const payload = conversation.kind === "thread" ? { thread_root_id: conversation.rootId } : undefined;
  const frames: SignFrames = {
    up: () => ({ type: "typing.started", payload }),
    down: () => ({ type: "typing.stopped", payload }),
    intervalMs: TYPING_INTERVAL_MS,
    failed: "typing:failed",
  };
  return signOf(context, frames, (frame) => context.client.show(workspaceId, conversation, frame));
}
