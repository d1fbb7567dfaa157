import { type Conversation, channelIdOf, dmIdOf } from "../domain/conversation.ts";
import type { Remote } from "../remote/headers.ts";
import { request } from "./request.ts";
import { AnyAnswer } from "./wire.ts";

/** What those who look at a place are shown at this moment, and nobody afterwards. */
export interface Ephemeral {
  type: "typing.started" | "typing.stopped" | "agent.progress";
  payload?: object | undefined;
}

/**
 * Shows something that ClickClack keeps nowhere. A thread is no target of its own: what is meant for it is shown in its
 * channel or direct conversation.
 *
 * @throws {ClickClackError}
 */
export async function showEphemeral(
  remote: Remote,
  workspaceId: string,
  conversation: Conversation,
  { type, payload }: Ephemeral,
): Promise<void> {
  const dmId = dmIdOf(conversation);
  const target =
    dmId === undefined ? { channel_id: channelIdOf(conversation) } : { direct_conversation_id: dmId };
  await request(remote, {
    operation: type,
    method: "POST",
    path: "/api/realtime/ephemeral",
    body: { workspace_id: workspaceId, type, ...target, payload },
    answer: AnyAnswer,
  });
}
