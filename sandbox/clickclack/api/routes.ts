import type { AnyRoute } from "../pipeline/route.ts";
import { attachmentRoutes } from "./attachments.ts";
import { botCommandRoutes } from "./bot-commands.ts";
import { botTokenRoutes } from "./bot-tokens.ts";
import { botRoutes } from "./bots.ts";
import { channelRoutes } from "./channels.ts";
import { conversationRoutes } from "./conversations.ts";
import { ephemeralRoutes } from "./ephemerals.ts";
import { eventSubscriptionRoutes } from "./event-subscriptions.ts";
import { healthRoutes } from "./health.ts";
import { managementRoutes } from "./management.ts";
import { meRoutes } from "./me.ts";
import { messageListRoutes } from "./message-lists.ts";
import { messageRoutes } from "./messages.ts";
import { moderationRoutes } from "./moderation.ts";
import { postingRoutes } from "./posting.ts";
import { publicRoutes } from "./public-routes.ts";
import { realtimeRoutes } from "./realtime.ts";
import { setupCodeRoutes } from "./setup-codes.ts";
import { slashCommandRoutes } from "./slash-commands.ts";
import { slashHookRoutes } from "./slash-hook.ts";
import { threadRoutes } from "./threads.ts";
import { uploadRoutes } from "./uploads.ts";
import { workspaceRoutes } from "./workspaces.ts";

/** Every endpoint of the stand-in. */
export const routes: readonly AnyRoute[] = [
  ...healthRoutes,
  ...meRoutes,
  ...workspaceRoutes,
  ...channelRoutes,
  ...messageListRoutes,
  ...postingRoutes,
  ...messageRoutes,
  ...threadRoutes,
  ...publicRoutes,
  ...uploadRoutes,
  ...attachmentRoutes,
  ...conversationRoutes,
  ...realtimeRoutes,
  ...ephemeralRoutes,
  ...botRoutes,
  ...botTokenRoutes,
  ...botCommandRoutes,
  ...setupCodeRoutes,
  ...moderationRoutes,
  ...eventSubscriptionRoutes,
  ...slashCommandRoutes,
  ...slashHookRoutes,
  ...managementRoutes,
];
