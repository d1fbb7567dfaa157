import { asForbidden, badRequest, forbidden } from "../errors.ts";
import { json } from "../pipeline/answer.ts";
import { type Actor, requireScope, requireWorkspace } from "../pipeline/auth.ts";
import type { Json } from "../pipeline/go-json.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { ephemeral } from "../realtime/ephemeral.ts";
import { trimSpace } from "../rules/text.ts";
import { ephemeralId } from "../rules/time.ts";
import { getChannel } from "../store/channels.ts";
import { getConversation } from "../store/conversations.ts";
import { requireMember, requireNotModerated } from "../store/members.ts";
import type { Store } from "../store/store.ts";
import { getWorkspace } from "../store/workspaces.ts";
import { eventView } from "../wire/event.ts";

const TYPES = new Set(["typing.started", "typing.stopped", "presence.changed", "agent.progress"]);

const BODY = {
  workspace_id: "string",
  channel_id: "string",
  direct_conversation_id: "string",
  type: "string",
  payload: "map",
} as const;

/** Typing, presence and progress: told to those who listen, and forgotten. */
export const ephemeralRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/api/realtime/ephemeral",
    scope: "messages:write",
    body: BODY,
    handle: publishEphemeral,
  }),
];

function publishEphemeral({ world, actor, body }: Call<typeof BODY>) {
  const { store } = world;
  if (!TYPES.has(body.type)) throw badRequest("unsupported ephemeral event type");
  if (body.type === "agent.progress" && actor.token === undefined) {
    throw forbidden("agent.progress requires a bot token");
  }
  requireWorkspace(actor, body.workspace_id);
  asForbidden(() => getWorkspace(store, body.workspace_id, actor.user.id));
  const target = targetOf(store, actor, body);
  requireMember(store, body.workspace_id, actor.user.id);
  requireNotModerated(store, body.workspace_id, actor.user.id);
  const event = ephemeral(store, {
    id: ephemeralId(store.clock()),
    type: body.type,
    workspaceId: body.workspace_id,
    channelId: target.channelId,
    payload: payloadFor(body.payload ?? {}, target, actor),
    recipients: target.recipients,
  });
  world.hub.publish(event);
  return json(202, { event: eventView(event) });
}

interface Target {
  readonly channelId: string;
  readonly conversationId: string;
  /** Empty for everybody. */
  readonly recipients: readonly string[];
}

function targetOf(store: Store, actor: Actor, body: Call<typeof BODY>["body"]): Target {
  const channelId = trimSpace(body.channel_id);
  const conversationId = trimSpace(body.direct_conversation_id);
  if (channelId === "" && conversationId === "") {
    if (body.type !== "presence.changed")
      throw badRequest(`${subjectOf(body.type)} channel_id or direct_conversation_id`);
    return { channelId, conversationId, recipients: [] };
  }
  if (conversationId === "") {
    const channel = asForbidden(() => getChannel(store, channelId, actor.user.id));
    if (channel.workspace_id !== body.workspace_id) throw forbidden("channel is not in this workspace");
    return { channelId, conversationId, recipients: [] };
  }
  if (channelId !== "") throw badRequest("channel_id and direct_conversation_id are mutually exclusive");
  const conversation = asForbidden(() => getConversation(store, conversationId, actor.user.id));
  if (conversation.workspace_id !== body.workspace_id)
    throw forbidden("direct conversation is not in this workspace");
  requireScope(actor, "dms:write");
  return { channelId, conversationId, recipients: conversation.member_ids };
}

function subjectOf(type: string): string {
  return type === "agent.progress" ? "agent.progress requires" : "typing events require";
}

/** Returns the caller's payload with the target and the caller set by the server; other keys pass unread. */
function payloadFor(given: Record<string, Json>, { channelId, conversationId }: Target, actor: Actor) {
  const { channel_id: _channel, direct_conversation_id: _conversation, ...rest } = given;
  return {
    ...rest,
    channel_id: channelId || undefined,
    direct_conversation_id: conversationId || undefined,
    user_id: actor.user.id,
  };
}
