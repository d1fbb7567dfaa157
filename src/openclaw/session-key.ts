import type { DmScope } from "../config/types.ts";

/** Whose talk a session holds. A thread shares its channel's session, as in OpenClaw's own plugin. */
export type SessionPlace =
  | { kind: "channel"; channelId: string }
  | { kind: "dm"; accountId: string; userId: string }
  | { kind: "group"; dmId: string };

/**
 * The session that OpenClaw's own ClickClack plugin would use for the same place, so that a talk goes on when a bot
 * moves from the plugin to here. OpenClaw lower-cases keys; the agent within the key decides which agent runs.
 *
 * @param agentId normalised agent id
 * A direct conversation of several people has a session of its own, whatever `dmScope` says: what is said among several
 * must not land in the session of one. (The plugin answers those in a conversation with the author alone.)
 *
 * @param dmScope OpenClaw's `session.dmScope`
 */
export function sessionKey(agentId: string, place: SessionPlace, dmScope: DmScope): string {
  // The plugin's peer id is the whole target string, hence the doubled word.
  if (place.kind === "channel")
    return `agent:${agentId}:clickclack:channel:channel:${place.channelId}`.toLowerCase();
  if (place.kind === "group") return `agent:${agentId}:clickclack:direct:${place.dmId}`.toLowerCase();
  const peer = `direct:dm:${place.userId}`;
  switch (dmScope) {
    case "main":
      return `agent:${agentId}:main`.toLowerCase();
    case "per-peer":
      return `agent:${agentId}:${peer}`.toLowerCase();
    case "per-channel-peer":
      return `agent:${agentId}:clickclack:${peer}`.toLowerCase();
    case "per-account-channel-peer":
      return `agent:${agentId}:clickclack:${place.accountId}:${peer}`.toLowerCase();
  }
}
