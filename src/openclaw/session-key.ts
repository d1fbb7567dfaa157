import type { DmScope, GroupScope } from "../config/types.ts";

/** Whose talk a session holds. */
export type SessionPlace =
  | { kind: "channel"; channelId: string; threadRootId?: string | undefined }
  | { kind: "dm"; accountId: string; userId: string; threadRootId?: string | undefined }
  | { kind: "group"; dmId: string; threadRootId?: string | undefined };

/** OpenClaw's `session.dmScope` and `session.groupScope`. */
export interface SessionScopes {
  dm: DmScope;
  group: GroupScope;
}

/**
 * What the session of a place is called, without its agent: as OpenClaw's own ClickClack plugin calls it, so that a talk
 * goes on when a bot moves from the plugin to here. OpenClaw lower-cases keys.
 *
 * A direct conversation of several people has a session of its own, whatever `dmScope` says: what is said among several
 * must not land in the session of one. (The plugin answers those in a conversation with the author alone.)
 *
 * @param place `threadRootId` only for a thread that has a session of its own; the suffix is OpenClaw's for such ones
 */
export function sessionName(place: SessionPlace, scopes: SessionScopes): string {
  const thread = place.threadRootId === undefined ? "" : `:thread:${place.threadRootId}`;
  return `${rootName(place, scopes)}${thread}`.toLowerCase();
}

function rootName(place: SessionPlace, scopes: SessionScopes): string {
  // The plugin's peer id is the whole target string, hence the doubled word.
  if (place.kind === "channel")
    return scopes.group === "main" ? "main" : `clickclack:channel:channel:${place.channelId}`;
  if (place.kind === "group") return `clickclack:direct:${place.dmId}`;
  const peer = `direct:dm:${place.userId}`;
  switch (scopes.dm) {
    case "main":
      return "main";
    case "per-peer":
      return peer;
    case "per-channel-peer":
      return `clickclack:${peer}`;
    case "per-account-channel-peer":
      return `clickclack:${place.accountId}:${peer}`;
  }
}

/**
 * The key of a session. The agent within it decides which agent runs.
 *
 * @param agentId normalised agent id
 * @param name of {@link sessionName}
 * @param begunWith the message that asked for a new session here, if one did: its id makes a name that no session had
 */
export function sessionKey(agentId: string, name: string, begunWith: string | undefined): string {
  const fresh = begunWith === undefined ? "" : `:new:${begunWith}`;
  return `agent:${agentId}:${name}${fresh}`.toLowerCase();
}
