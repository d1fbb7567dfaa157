import { ApiError, asForbidden, badRequest, NO_ROWS, orUndefined } from "../errors.ts";
import { json } from "../pipeline/answer.ts";
import { requireScope, requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { normalizeNonce } from "../rules/nonce.ts";
import { trimSpace } from "../rules/text.ts";
import { deleteMessage, editMessage, findByNonce } from "../store/messages.ts";
import { nonceConflict } from "../store/posting.ts";
import { react, reactionSummaries } from "../store/reactions.ts";
import { ensureRouteId } from "../store/threads.ts";
import { getWorkspace } from "../store/workspaces.ts";
import { eventView, ZERO_EVENT } from "../wire/event.ts";
import { messageView } from "../wire/message.ts";
import { publish } from "../world.ts";
import { messageFor } from "./access.ts";

/** One message: reading, finding, editing, deleting it, and reacting to it. */
export const messageRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/messages/by-nonce",
    scope: "messages:write",
    headers: { "X-Clickclack-Message-Nonce": "supported" },
    handle: byNonce,
  }),
  route({
    method: "GET",
    path: "/api/messages/:message_id",
    scope: "messages:read",
    handle: ({ world, actor, params }) => {
      const message = messageFor(world.store, actor, params.message_id ?? "", "dms:read");
      return json(200, { message: messageView(world.store, message, { hydratedFor: actor.user.id }) });
    },
  }),
  route({
    method: "PATCH",
    path: "/api/messages/:message_id",
    scope: "messages:write",
    body: { body: "string" },
    handle: async ({ world, actor, params, body, signal }) => {
      const { id } = messageFor(world.store, actor, params.message_id ?? "", "dms:write");
      const { message, event } = editMessage(world.store, id, actor.user.id, body.body);
      await publish(world, signal, event);
      return json(200, { event: eventView(event), message: messageView(world.store, message) });
    },
  }),
  route({
    method: "DELETE",
    path: "/api/messages/:message_id",
    scope: "messages:write",
    handle: async ({ world, actor, params, signal }) => {
      const { id } = messageFor(world.store, actor, params.message_id ?? "", "dms:write");
      const { message, event } = deleteMessage(world.store, id, actor.user.id);
      await publish(world, signal, event);
      const shown = messageView(world.store, message);
      return json(200, { event: event === undefined ? ZERO_EVENT : eventView(event), message: shown });
    },
  }),
  route({
    method: "POST",
    path: "/api/messages/:message_id/route",
    scope: "threads:read",
    handle: routeMessage,
  }),
  route({
    method: "POST",
    path: "/api/messages/:message_id/reactions",
    scope: "messages:write",
    body: { emoji: "string" },
    handle: (call) => answerReaction(call, call.body.emoji, true),
  }),
  route({
    method: "DELETE",
    path: "/api/messages/:message_id/reactions/:emoji",
    scope: "messages:write",
    handle: (call) => answerReaction(call, emojiOf(call.params.emoji ?? ""), false),
  }),
];

/** Finds what the caller sent under a nonce; a miss is a real 404, and the header tells it from a server without this. */
function byNonce({ world, actor, query }: Call) {
  const workspaceId = trimSpace(query.get("workspace_id") ?? "");
  if (workspaceId === "") throw badRequest("workspace_id is required");
  const nonce = normalizeNonce(query.get("nonce") ?? "");
  if (nonce === "") throw badRequest("nonce is required");
  requireWorkspace(actor, workspaceId);
  asForbidden(() => getWorkspace(world.store, workspaceId, actor.user.id));
  const message = findByNonce(world.store, actor.user.id, nonce);
  if (message === undefined) throw new ApiError(404, NO_ROWS);
  if (message.workspace_id !== workspaceId) throw nonceConflict();
  if (message.direct_conversation_id !== "") requireScope(actor, "dms:write");
  return json(200, { message: messageView(world.store, message, { hydratedFor: actor.user.id }) });
}

/** Gives a root message of a channel the id of its public URL. What a person cannot see is a real 404 here. */
function routeMessage({ world, actor, params }: Call) {
  const lookup = () => messageFor(world.store, actor, params.message_id ?? "", "dms:read");
  const message = actor.token === undefined ? orUndefined(lookup) : lookup();
  if (message === undefined || message.channel_id === "" || message.parent_message_id !== "") {
    throw new ApiError(404, "message not found");
  }
  ensureRouteId(message);
  return json(200, { message: messageView(world.store, message) });
}

/**
 * Returns the emoji of a path. Go's router decodes a segment unless a slash is encoded in it, and then ClickClack decodes
 * it once more.
 */
function emojiOf(segment: string): string {
  return unescapePath(/%2f/i.test(segment) ? segment : unescapePath(segment));
}

function unescapePath(text: string): string {
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(text)?.[0];
  if (bad !== undefined) throw badRequest(`invalid URL escape "${bad}"`);
  return decodeURIComponent(text);
}

async function answerReaction(
  { world, actor, params, signal }: Pick<Call, "world" | "actor" | "params" | "signal">,
  emoji: string,
  add: boolean,
) {
  const message = messageFor(world.store, actor, params.message_id ?? "", "dms:write");
  const event = react(world.store, message.id, actor.user.id, emoji, add);
  await publish(world, signal, event);
  return json(add && event !== undefined ? 201 : 200, {
    event: event === undefined ? ZERO_EVENT : eventView(event),
    reactions: reactionSummaries(message, actor.user.id),
  });
}
