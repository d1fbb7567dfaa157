import { empty, json } from "../pipeline/answer.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { botDeleted, membershipRemoved } from "../realtime/revocations.ts";
import { expandScopes } from "../rules/scopes.ts";
import { trimSpace } from "../rules/text.ts";
import { createBot, deleteBot, removeBot, workspaceBots } from "../store/bots.ts";
import { requireMember } from "../store/members.ts";
import { botTokensOf } from "../store/tokens.ts";
import { botTokenView } from "../wire/bot.ts";
import { userView } from "../wire/user.ts";

/** Bots, as people set them up and take them away. */
export const botRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id/bots",
    refuseBots: "bot tokens cannot manage bots",
    handle: ({ world, actor, params }) => {
      const workspaceId = params.workspace_id ?? "";
      requireMember(world.store, workspaceId, actor.user.id);
      const bots = workspaceBots(world.store, workspaceId).map((bot) => ({
        bot: userView(bot),
        tokens: botTokensOf(world.store, workspaceId, bot.id).map((token) => botTokenView(token)),
      }));
      return json(200, { bots });
    },
  }),
  route({
    method: "POST",
    path: "/api/workspaces/:workspace_id/bots",
    refuseBots: "bot tokens cannot create bots",
    body: {
      owner_user_id: "string",
      display_name: "string",
      handle: "string",
      avatar_url: "string",
      token_name: "string",
      scopes: "strings",
      initial_token: "bool?",
    },
    handle: ({ world, actor, params, body }) => {
      const workspaceId = params.workspace_id ?? "";
      const name = trimSpace(body.token_name) || "default";
      const scopes = expandScopes(body.scopes ?? []);
      const { bot, token } = createBot(world.store, workspaceId, actor.user.id, {
        displayName: body.display_name,
        handle: body.handle,
        avatarUrl: body.avatar_url,
        ownerUserId: body.owner_user_id,
        firstToken: body.initial_token === false ? undefined : { name, scopes },
      });
      return json(201, { bot: userView(bot), bot_token: token && botTokenView(token, token.token) });
    },
  }),
  route({
    method: "DELETE",
    path: "/api/workspaces/:workspace_id/bots/:bot_user_id/membership",
    refuseBots: "bot tokens cannot remove bots from workspaces",
    handle: ({ world, actor, params }) => {
      const workspaceId = params.workspace_id ?? "";
      const botUserId = params.bot_user_id ?? "";
      removeBot(world.store, workspaceId, botUserId, actor.user.id);
      world.hub.publish(membershipRemoved(world.store, workspaceId, botUserId));
      return empty(204);
    },
  }),
  route({
    method: "DELETE",
    path: "/api/bots/:bot_user_id",
    refuseBots: "bot tokens cannot delete bots",
    handle: ({ world, actor, params }) => {
      const { bot, workspaceIds } = deleteBot(world.store, params.bot_user_id ?? "", actor.user.id);
      const { id, display_name, former_handle, deleted_at } = bot;
      for (const workspaceId of workspaceIds) world.hub.publish(botDeleted(world.store, workspaceId, bot));
      return json(200, { deleted_bot: { id, display_name, former_handle, deleted_at } });
    },
  }),
];
