import { json } from "../pipeline/answer.ts";
import { requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { countersOf, createChannel, listChannels, updateChannel } from "../store/channels.ts";
import { eventView } from "../wire/event.ts";
import { channelView } from "../wire/place.ts";
import { publish } from "../world.ts";
import { channelFor } from "./access.ts";

/** Channels. */
export const channelRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id/channels",
    scope: "channels:read",
    handle: ({ world, actor, params }) => {
      const workspaceId = params.workspace_id ?? "";
      requireWorkspace(actor, workspaceId);
      const channels = listChannels(world.store, workspaceId, actor.user.id);
      const shown = channels.map((channel) =>
        channelView(channel, countersOf(world.store, channel.id, actor.user.id)),
      );
      return json(200, { channels: shown });
    },
  }),
  route({
    method: "POST",
    path: "/api/workspaces/:workspace_id/channels",
    scope: "channels:write",
    body: {
      name: "string",
      display_title: "string",
      kind: "string",
      external_managed: "bool",
      external_ref: "string",
      external_url: "string",
      sidebar_section: "string",
    },
    handle: async ({ world, actor, params, body, signal }) => {
      const workspaceId = params.workspace_id ?? "";
      requireWorkspace(actor, workspaceId);
      const { channel, event } = createChannel(world.store, workspaceId, actor.user.id, body);
      await publish(world, signal, event);
      return json(201, { channel: channelView(channel), event: eventView(event) });
    },
  }),
  route({
    method: "PATCH",
    path: "/api/channels/:channel_id",
    scope: "channels:write",
    body: {
      name: "string",
      display_title: "string?",
      kind: "string",
      archived: "bool?",
      external_managed: "bool?",
      external_ref: "string?",
      external_url: "string?",
      sidebar_section: "string?",
    },
    handle: async ({ world, actor, params, body, signal }) => {
      const channelId = params.channel_id ?? "";
      if (actor.token !== undefined) channelFor(world.store, actor, channelId);
      const { channel, event } = updateChannel(world.store, channelId, actor.user.id, body);
      await publish(world, signal, event);
      return json(200, { channel: channelView(channel), event: eventView(event) });
    },
  }),
];
