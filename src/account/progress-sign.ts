import type { Ephemeral } from "../clickclack/ephemerals.ts";
import type { Conversation } from "../domain/conversation.ts";
import { PROGRESS_INTERVAL_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import { type Sign, type SignFrames, signOf } from "./sign.ts";

/**
 * A line that says who is responding, in the frames of OpenClaw's plugin (`nativeProgress`), in place of the typing sign.
 * The line is the turn's; of what the agent does meanwhile, its gateway tells nothing over HTTP.
 *
 * @param turnId the message that is answered
 */
export function showProgress(
  context: AccountContext,
  identity: Identity,
  conversation: Conversation,
  turnId: string,
): Sign {
  const { account, client } = context;
  const who = account.name || identity.handle || account.agentId || account.id;
  const line = { id: "turn", kind: "commentary", text: `${who} is responding`, status: "running" };
  let seq = 0;
  const frame = (step: object): Ephemeral => {
    seq++;
    return { type: "agent.progress", payload: { turn_id: turnId, seq, ...step } };
  };
  const frames: SignFrames = {
    // A renewal is a whole line as well: whoever has come since has not seen the first.
    up: () => frame({ op: seq === 0 ? "append" : "update", line }),
    down: () => frame({ op: "clear" }),
    intervalMs: PROGRESS_INTERVAL_MS,
    failed: "progress:failed",
  };
  return signOf(context, frames, (shown) => client.show(identity.workspaceId, conversation, shown));
}
