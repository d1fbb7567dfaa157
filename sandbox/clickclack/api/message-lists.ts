import { json } from "../pipeline/answer.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { trimSpace } from "../rules/text.ts";
import { messagePage, type PageRequest } from "../store/message-pages.ts";
import { threadOf } from "../store/threads.ts";
import { messageView } from "../wire/message.ts";
import { channelFor, conversationFor } from "./access.ts";
import { invalidPage, pageOf } from "./query.ts";

/** The root messages of a channel or conversation, in pages. */
export const messageListRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/channels/:channel_id/messages",
    scope: "messages:read",
    handle: (call) => {
      const page = pageOf(call.query);
      const topic = call.query.get("topic_id");
      if (topic !== null && trimSpace(topic) === "") throw invalidPage("topic_id is required");
      const channel = channelFor(call.world.store, call.actor, call.params.channel_id ?? "");
      if (topic !== null) throw invalidPage("topic is unavailable");
      return answerPage(call, channel.id, page);
    },
  }),
  route({
    method: "GET",
    path: "/api/dms/:conversation_id/messages",
    scope: "dms:read",
    handle: (call) => {
      const page = pageOf(call.query);
      const conversation = conversationFor(call.world.store, call.actor, call.params.conversation_id ?? "");
      return answerPage(call, conversation.id, page);
    },
  }),
];

function answerPage({ world, actor }: Call, scopeId: string, request: PageRequest) {
  const { messages, ...bounds } = messagePage(world.store, scopeId, request);
  const shown = messages.map((message) =>
    messageView(world.store, message, {
      hydratedFor: actor.user.id,
      thread: threadOf(world.store, message),
    }),
  );
  return json(200, { messages: shown, ...bounds });
}
