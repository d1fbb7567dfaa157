/** Where an outbound send goes. */
export type Target =
  | { kind: "channel"; channel: string }
  | { kind: "dm"; userId: string }
  | { kind: "dm_handle"; handle: string }
  | { kind: "thread"; messageId: string };

export type ParsedTarget = { ok: true; target: Target } | { ok: false; problem: string };

const HANDLE = /^[a-z0-9][a-z0-9_-]{1,31}$/;

/**
 * Reads a send target: `channel:<name or id>`, `dm:<user id>`, `dm:@<handle>` or `thread:<message id>`, each with an
 * optional `clickclack:` or `cc:` before it; a bare word is a channel.
 *
 * The kinds are OpenClaw's and case-sensitive like there. `dm:@handle` is ours; an empty `dm:` is an error here, while
 * OpenClaw's plugin takes it for a channel of that name.
 *
 * @param raw what the caller or the configuration gave
 * @returns the target, or what is wrong with it and what would be right
 */
export function parseTarget(raw: string): ParsedTarget {
  const text = raw.trim().replace(/^(?:clickclack|cc):\s*/, "");
  if (text === "") return problem("ClickClack target is required, as in channel:general");
  const colon = text.indexOf(":");
  if (colon < 0) return parseChannel(text);

  const kind = text.slice(0, colon);
  const rest = text.slice(colon + 1).trim();
  switch (kind) {
    case "channel":
      return parseChannel(rest);
    case "dm":
      return parsePerson(rest);
    case "thread":
      if (!/^msg_\w+$/.test(rest)) return problem("thread: needs a message id, as in thread:msg_…");
      return { ok: true, target: { kind: "thread", messageId: rest } };
    default:
      return problem(`Unsupported ClickClack target: ${raw}. Use channel:, dm: or thread:`);
  }
}

/** A target as text, in its one canonical form. */
export function formatTarget(target: Target): string {
  switch (target.kind) {
    case "channel":
      return `channel:${target.channel}`;
    case "dm":
      return `dm:${target.userId}`;
    case "dm_handle":
      return `dm:@${target.handle}`;
    case "thread":
      return `thread:${target.messageId}`;
  }
}

/** What kind of place a target leads to. */
export function placeKind(target: Target): "channel" | "dm" | "thread" {
  return target.kind === "dm_handle" ? "dm" : target.kind;
}

function parseChannel(channel: string): ParsedTarget {
  const isId = channel.startsWith("chn_");
  if (channel === "" || (isId && !/^chn_\w+$/.test(channel)))
    return problem("channel: needs a channel name or id, as in channel:general");
  return { ok: true, target: { kind: "channel", channel } };
}

function parsePerson(rest: string): ParsedTarget {
  if (/^usr_\w+$/.test(rest)) return { ok: true, target: { kind: "dm", userId: rest } };
  const handle = rest.replace(/^@/, "").toLowerCase();
  if (rest.startsWith("@") && HANDLE.test(handle)) return { ok: true, target: { kind: "dm_handle", handle } };
  return problem("dm: needs a user id or a handle, as in dm:usr_… or dm:@ada");
}

function problem(text: string): ParsedTarget {
  return { ok: false, problem: text };
}
