import * as z from "zod";

/* What is read of ClickClack's management answers; everything else may come and go. */

/** A workspace as its member sees it. */
export const ManagedWorkspace = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  /** The caller's. */
  role: z.string().optional(),
});
export type ManagedWorkspace = z.infer<typeof ManagedWorkspace>;

export const Subscription = z.object({
  id: z.string(),
  callback_url: z.string(),
  event_types: z.array(z.string()),
});
export type Subscription = z.infer<typeof Subscription>;

export const SlashCommand = z.object({
  id: z.string(),
  callback_url: z.string(),
  command: z.string(),
  bot_user_id: z.string(),
});
export type SlashCommand = z.infer<typeof SlashCommand>;

const Signing = z.object({ signing_secret: z.string().min(1) });

export const WorkspacesAnswer = z.object({ workspaces: z.array(ManagedWorkspace) });
export const SubscriptionsAnswer = z.object({ event_subscriptions: z.array(Subscription) });
export const SubscriptionAnswer = z.object({ event_subscription: Subscription });
export const SlashCommandsAnswer = z.object({ slash_commands: z.array(SlashCommand) });
export const SlashCommandAnswer = z.object({ slash_command: SlashCommand });
/** The secret stands under the name of what it belongs to. */
export const RotatedAnswer = z.union([
  z.object({ event_subscription: Signing }).transform((answer) => answer.event_subscription.signing_secret),
  z.object({ slash_command: Signing }).transform((answer) => answer.slash_command.signing_secret),
]);
/** A page of what ClickClack has called, the last call first. */
export const DeliveriesAnswer = z.object({ deliveries: z.array(z.object({ response_status: z.number() })) });
