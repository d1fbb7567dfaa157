import { json } from "../pipeline/answer.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { revokeOwner, rotateSecret } from "../store/callback-owners.ts";
import { createSlashCommand, listSlashCommands } from "../store/slash-commands.ts";
import { slashCommandView } from "../wire/callback.ts";

/** Slash commands, as managers register them; every member may look at them. */
export const slashCommandRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id/slash-commands",
    refuseBots: "bot tokens cannot manage slash commands",
    handle: ({ world, actor, params }) => {
      const rows = listSlashCommands(world.store, params.workspace_id ?? "", actor.user.id);
      return json(200, { slash_commands: rows.map((row) => slashCommandView(row)) });
    },
  }),
  route({
    method: "POST",
    path: "/api/workspaces/:workspace_id/slash-commands",
    refuseBots: "bot tokens cannot create slash commands",
    body: {
      app_installation_id: "string",
      command: "string",
      description: "string",
      callback_url: "string",
      bot_user_id: "string",
    },
    handle: ({ world, actor, params, body }) => {
      const row = createSlashCommand(world.store, params.workspace_id ?? "", actor.user.id, {
        command: body.command,
        description: body.description,
        callbackUrl: body.callback_url,
        botUserId: body.bot_user_id,
        appInstallationId: body.app_installation_id,
      });
      return json(201, { slash_command: slashCommandView(row, row.signing_secret) });
    },
  }),
  route({
    method: "POST",
    path: "/api/slash-commands/:command_id/revoke",
    refuseBots: "bot tokens cannot revoke slash commands",
    handle: ({ world: { store }, actor, params }) => {
      const row = revokeOwner(store, store.slashCommands, params.command_id ?? "", actor.user.id);
      return json(200, { slash_command: slashCommandView(row) });
    },
  }),
  route({
    method: "POST",
    path: "/api/slash-commands/:command_id/rotate-secret",
    refuseBots: "bot tokens cannot rotate slash command secrets",
    handle: ({ world: { store }, actor, params }) => {
      const id = params.command_id ?? "";
      const row = rotateSecret(store, store.slashCommands, id, actor.user.id, "slash command");
      return json(200, { slash_command: slashCommandView(row, row.signing_secret) });
    },
  }),
];
