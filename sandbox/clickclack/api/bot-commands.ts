import { badRequest, forbidden } from "../errors.ts";
import { json } from "../pipeline/answer.ts";
import { requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { ephemeral } from "../realtime/ephemeral.ts";
import { setBotCommands, workspaceBotCommands } from "../store/bot-commands.ts";
import { findMember } from "../store/members.ts";
import { workspaceBotCommandView } from "../wire/bot.ts";

/** The menus of bots: hints for people who write, nothing more. */
export const botCommandRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id/bot-commands",
    scope: "workspaces:read",
    handle: ({ world, actor, params }) => {
      const workspaceId = params.workspace_id ?? "";
      requireWorkspace(actor, workspaceId);
      if (findMember(world.store, workspaceId, actor.user.id) === undefined) {
        throw forbidden("workspace membership required");
      }
      const rows = workspaceBotCommands(world.store, workspaceId);
      return json(200, { bot_commands: rows.map((row) => workspaceBotCommandView(world.store, row)) });
    },
  }),
  route({
    method: "PUT",
    path: "/api/bots/self/commands",
    refusePeople: "bot token required",
    scope: "commands:write",
    body: {
      commands: {
        go: "BotCommandInput",
        list: true,
        fields: { command: "string", description: "string", args_hint: "string" },
      },
    },
    handle: ({ world, actor, body }) => {
      if (body.commands === undefined) throw badRequest("commands is required");
      const workspaceId = actor.token?.workspace_id ?? "";
      const rows = setBotCommands(world.store, workspaceId, actor.user.id, body.commands);
      const payload = { workspace_id: workspaceId, bot_user_id: actor.user.id };
      world.hub.publish(ephemeral(world.store, { type: "bot_command.updated", workspaceId, payload }));
      return json(200, { bot_commands: rows });
    },
  }),
];
