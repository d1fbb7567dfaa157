import { badRequest } from "../errors.ts";
import { json } from "../pipeline/answer.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { trimSpace } from "../rules/text.ts";
import { readThread, reply } from "../store/threads.ts";
import { eventView } from "../wire/event.ts";
import { messageView, threadView } from "../wire/message.ts";
import { publish } from "../world.ts";
import { messageFor } from "./access.ts";
import { limitOf } from "./query.ts";

/** Threads. */
export const threadRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/messages/:message_id/thread",
    scope: "threads:read",
    handle: ({ world, actor, params, query }) => {
      const { id } = messageFor(world.store, actor, params.message_id ?? "", "dms:read");
      const latest = trimSpace(query.get("latest") ?? "");
      if (!["", "true", "false"].includes(latest)) throw badRequest("latest must be true or false");
      const page = readThread(world.store, id, actor.user.id, limitOf(query, 100, 200), latest === "true");
      const shown = { hydratedFor: actor.user.id };
      return json(200, {
        replies: page.replies.map((message) => messageView(world.store, message, shown)),
        root: messageView(world.store, page.root, shown),
        thread_state: threadView(page.thread),
      });
    },
  }),
  route({
    method: "POST",
    path: "/api/messages/:message_id/thread/replies",
    scope: "threads:write",
    body: { body: "string", quoted_message_id: "string", nonce: "string" },
    handle: async ({ world, actor, params, body, correlationId, signal }) => {
      const { id } = messageFor(world.store, actor, params.message_id ?? "", "dms:write");
      const { message, thread, events } = reply(world.store, id, {
        authorId: actor.user.id,
        body: body.body,
        quotedMessageId: trimSpace(body.quoted_message_id),
        nonce: body.nonce,
        correlationId,
      });
      await publish(world, signal, ...events);
      const isReplay = events.length === 0;
      return json(isReplay ? 200 : 201, {
        events: isReplay ? null : events.map(eventView),
        message: messageView(world.store, message),
        thread_state: threadView(thread),
      });
    },
  }),
];
