/** The events that are kept in the log, the only ones that can be subscribed to. */
export const DURABLE_EVENT_TYPES: readonly string[] = [
  "channel.created",
  "channel.read",
  "channel.updated",
  "dm.read",
  "member.moderation_updated",
  "message.created",
  "message.deleted",
  "message.updated",
  "pin.added",
  "pin.removed",
  "reaction.added",
  "reaction.removed",
  "thread.reply_created",
  "thread.state_updated",
  "workspace.ownership_transferred",
  "workspace.updated",
];
