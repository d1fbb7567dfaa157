import { badRequest, forbidden, noRows } from "../errors.ts";
import { type Answer, json } from "../pipeline/answer.ts";
import { type Actor, requireScope } from "../pipeline/auth.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { AGENT_ACTIVITY } from "../rules/scopes.ts";
import { trimSpace } from "../rules/text.ts";
import { type Post, type Posted, postToChannel, postToConversation } from "../store/posting.ts";
import type { MessageKind } from "../store/tables.ts";
import { eventView } from "../wire/event.ts";
import { messageView } from "../wire/message.ts";
import { publish } from "../world.ts";
import { channelFor, conversationFor } from "./access.ts";

const POST_BODY = {
  body: "string",
  quoted_message_id: "string",
  nonce: "string",
  kind: "string",
  turn_id: "string",
} as const;

/** New root messages. */
export const postingRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/api/channels/:channel_id/messages",
    scope: "messages:write",
    body: { ...POST_BODY, topic_id: "string" },
    handle: async (call) => {
      const post = postOf(call);
      const channel = channelFor(call.world.store, call.actor, call.params.channel_id ?? "");
      // The stand-in has no topics, so every topic is an unknown one.
      if (trimSpace(call.body.topic_id) !== "") throw noRows();
      return answerPosted(call, postToChannel(call.world.store, channel, post));
    },
  }),
  route({
    method: "POST",
    path: "/api/dms/:conversation_id/messages",
    scope: "dms:write",
    bodyBeforeScope: true,
    body: POST_BODY,
    handle: async (call) => {
      const post = postOf(call);
      const conversation = conversationFor(call.world.store, call.actor, call.params.conversation_id ?? "");
      return answerPosted(call, postToConversation(call.world.store, conversation, post));
    },
  }),
];

/** A replayed nonce is answered 200 and without an event; that is how a client tells it from a new message. */
async function answerPosted(
  { world, signal }: Pick<Call, "world" | "signal">,
  { message, event }: Posted,
): Promise<Answer> {
  if (event === undefined) return json(200, { message: messageView(world.store, message) });
  await publish(world, signal, event);
  return json(201, { event: eventView(event), message: messageView(world.store, message) });
}

function postOf({ actor, body, correlationId }: Call<typeof POST_BODY>): Post {
  const kind = kindOf(body.kind);
  requireMayUseKind(actor, kind, body.turn_id);
  return {
    authorId: actor.user.id,
    body: body.body,
    quotedMessageId: trimSpace(body.quoted_message_id),
    nonce: body.nonce,
    kind,
    turnId: body.turn_id,
    correlationId,
  };
}

function kindOf(value: string): MessageKind {
  if (value === "" || value === "message") return "message";
  if (value === "agent_commentary" || value === "agent_tool") return value;
  throw badRequest("invalid message kind");
}

/** Activity rows are for bots with a scope that no bundle holds; only they may name a turn. */
function requireMayUseKind(actor: Actor, kind: MessageKind, turnId: string): void {
  if (kind === "message") {
    if (turnId !== "") throw badRequest("turn_id is only valid for agent activity messages");
    return;
  }
  if (actor.token === undefined) throw forbidden("agent activity messages require a bot token");
  requireScope(actor, AGENT_ACTIVITY);
}
