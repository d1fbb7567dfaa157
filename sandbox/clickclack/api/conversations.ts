import { json } from "../pipeline/answer.ts";
import { requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { listConversations, openConversation } from "../store/conversations.ts";
import { markRead } from "../store/reads.ts";
import type { ChannelRow, ConversationRow } from "../store/tables.ts";
import { conversationView } from "../wire/place.ts";
import { publish } from "../world.ts";
import { channelFor, conversationFor } from "./access.ts";

/** Direct conversations, and how far people have read in them and in channels. */
export const conversationRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/dms",
    scope: "dms:read",
    handle: ({ world, actor, query }) => {
      const workspaceId = query.get("workspace_id") ?? "";
      requireWorkspace(actor, workspaceId);
      const conversations = listConversations(world.store, workspaceId, actor.user.id);
      const shown = conversations.map((conversation) =>
        conversationView(world.store, conversation, actor.user.id),
      );
      return json(200, { conversations: shown });
    },
  }),
  route({
    method: "POST",
    path: "/api/dms",
    scope: "dms:write",
    bodyBeforeScope: true,
    body: { workspace_id: "string", member_ids: "strings" },
    handle: ({ world, actor, body }) => {
      requireWorkspace(actor, body.workspace_id);
      const conversation = openConversation(
        world.store,
        body.workspace_id,
        actor.user.id,
        body.member_ids ?? [],
      );
      return json(201, { conversation: conversationView(world.store, conversation, actor.user.id) });
    },
  }),
  route({
    method: "GET",
    path: "/api/dms/:conversation_id",
    scope: "dms:read",
    handle: ({ world, actor, params }) => {
      const conversation = conversationFor(world.store, actor, params.conversation_id ?? "");
      return json(200, { conversation: conversationView(world.store, conversation, actor.user.id) });
    },
  }),
  route({
    method: "POST",
    path: "/api/dms/:conversation_id/read",
    scope: "dms:read",
    bodyBeforeScope: true,
    body: { seq: "int64" },
    handle: (call) => {
      const conversation = conversationFor(call.world.store, call.actor, call.params.conversation_id ?? "");
      return answerRead(call, conversation, call.body.seq);
    },
  }),
  route({
    method: "POST",
    path: "/api/channels/:channel_id/read",
    scope: "messages:read",
    bodyBeforeScope: true,
    body: { seq: "int64" },
    handle: (call) => {
      const channel = channelFor(call.world.store, call.actor, call.params.channel_id ?? "");
      return answerRead(call, channel, call.body.seq);
    },
  }),
];

async function answerRead(
  { world, actor, signal }: Pick<Call, "world" | "actor" | "signal">,
  place: ChannelRow | ConversationRow,
  seq: number,
) {
  const { receipt, event } = markRead(world.store, place, actor.user.id, seq);
  await publish(world, signal, event);
  return json(200, { receipt });
}
