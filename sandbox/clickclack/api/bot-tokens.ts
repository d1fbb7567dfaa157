import { json } from "../pipeline/answer.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { expandScopes } from "../rules/scopes.ts";
import { trimSpace } from "../rules/text.ts";
import { getWorkspaceBot, onlyWorkspaceOf, requireTokenManager } from "../store/bots.ts";
import { requireMember } from "../store/members.ts";
import { botTokensOf, getBotTokenById, insertBotToken, revokeBotToken } from "../store/tokens.ts";
import { botTokenView } from "../wire/bot.ts";

const TOKEN_BODY = { name: "string", scopes: "strings" } as const;
const MANAGE = "bot tokens cannot manage bot tokens";
const CREATE = "bot tokens cannot create bot tokens";

/** The tokens of bots, each bound to one workspace. */
export const botTokenRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id/bots/:bot_user_id/tokens",
    refuseBots: MANAGE,
    handle: ({ world, actor, params }) => {
      const workspaceId = params.workspace_id ?? "";
      const bot = getWorkspaceBot(world.store, workspaceId, params.bot_user_id ?? "");
      requireMember(world.store, workspaceId, actor.user.id);
      const tokens = botTokensOf(world.store, workspaceId, bot.id);
      return json(200, { bot_tokens: tokens.map((token) => botTokenView(token)) });
    },
  }),
  route({
    method: "POST",
    path: "/api/workspaces/:workspace_id/bots/:bot_user_id/tokens",
    refuseBots: CREATE,
    body: TOKEN_BODY,
    handle: (call) => createToken(call, call.params.workspace_id ?? ""),
  }),
  route({
    method: "POST",
    path: "/api/bots/:bot_user_id/tokens",
    refuseBots: CREATE,
    body: TOKEN_BODY,
    handle: (call) => createToken(call, onlyWorkspaceOf(call.world.store, call.params.bot_user_id ?? "")),
  }),
  route({
    method: "POST",
    path: "/api/bot-tokens/:token_id/revoke",
    refuseBots: "bot tokens cannot revoke bot tokens",
    handle: ({ world, actor, params }) => {
      const token = getBotTokenById(world.store, params.token_id ?? "");
      const bot = getWorkspaceBot(world.store, token.workspace_id, token.bot_user_id);
      requireTokenManager(world.store, token.workspace_id, bot, actor.user.id);
      revokeBotToken(world.store, token);
      return json(200, { bot_token: botTokenView(token) });
    },
  }),
];

function createToken({ world, actor, params, body }: Call<typeof TOKEN_BODY>, workspaceId: string) {
  const scopes = expandScopes(body.scopes ?? []);
  const bot = getWorkspaceBot(world.store, workspaceId, params.bot_user_id ?? "");
  requireTokenManager(world.store, workspaceId, bot, actor.user.id);
  const name = trimSpace(body.name) || "default";
  const token = insertBotToken(world.store, { bot, workspaceId, name, scopes, createdBy: actor.user.id });
  return json(201, { bot_token: botTokenView(token, token.token) });
}
