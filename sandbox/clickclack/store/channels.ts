import { badRequest, noRows } from "../errors.ts";
import { newRouteId } from "../rules/ids.ts";
import { byCodePoint, firstRunes, slug, trimSpace } from "../rules/text.ts";
import { appendEvent } from "./events.ts";
import { requireMember, requireNotModerated, requireWriter } from "./members.ts";
import { pairKey, type Store } from "./store.ts";
import type { ChannelRow, EventRow } from "./tables.ts";

const TITLE_MAX_RUNES = 200;

/** What a channel is made of; everything is optional. */
export interface ChannelFields {
  readonly name: string;
  readonly display_title: string;
  readonly kind: string;
  readonly external_managed: boolean;
  readonly external_ref: string;
  readonly external_url: string;
  readonly sidebar_section: string;
}

/** What of a channel is to change; an empty name or kind and an absent field leave it as it is. */
export interface ChannelChange {
  readonly name: string;
  readonly kind: string;
  readonly archived: boolean | undefined;
  readonly display_title: string | undefined;
  readonly external_managed: boolean | undefined;
  readonly external_ref: string | undefined;
  readonly external_url: string | undefined;
  readonly sidebar_section: string | undefined;
}

/**
 * Creates a channel for a member and tells of it.
 *
 * @throws ApiError 400 when the name is reserved or taken, 403 when the member is moderated
 */
export function createChannel(
  store: Store,
  workspaceId: string,
  userId: string,
  fields: ChannelFields,
): { channel: ChannelRow; event: EventRow } {
  requireWriter(store, workspaceId, userId);
  const channel = insertChannel(store, workspaceId, fields);
  const event = appendEvent(store, {
    type: "channel.created",
    workspaceId,
    channelId: channel.id,
    payload: { channel_id: channel.id },
  });
  return { channel, event };
}

/**
 * Adds a channel; its name is made a slug, `general` if nothing is left of it.
 *
 * @throws ApiError 400 when the name is reserved, or taken (in the words of the database)
 */
export function insertChannel(store: Store, workspaceId: string, fields: Partial<ChannelFields>): ChannelRow {
  const name = slug(fields.name ?? "") || "general";
  if (name === "guest") throw badRequest("guest channel name is reserved");
  requireFreeName(store, workspaceId, name, "");
  const channel: ChannelRow = {
    id: store.newId("chn"),
    route_id: newRouteId("C"),
    workspace_id: workspaceId,
    name,
    display_title: displayTitle(fields.display_title ?? ""),
    kind: fields.kind || "public",
    created_at: store.now(),
    archived_at: "",
    external_managed: fields.external_managed ?? false,
    external_ref: trimSpace(fields.external_ref ?? ""),
    external_url: trimSpace(fields.external_url ?? ""),
    sidebar_section: trimSpace(fields.sidebar_section ?? ""),
  };
  store.channels.set(channel.id, channel);
  return channel;
}

/**
 * Changes a channel. `channel.updated` is told even if nothing changed.
 *
 * @throws ApiError 400 when the caller is neither owner nor bot or the name is taken, 403 when moderated
 */
export function updateChannel(
  store: Store,
  channelId: string,
  userId: string,
  change: ChannelChange,
): { channel: ChannelRow; event: EventRow } {
  const channel = store.channels.get(channelId);
  if (channel === undefined) throw noRows();
  requireNotModerated(store, channel.workspace_id, userId);
  const { role } = requireMember(store, channel.workspace_id, userId);
  if (role !== "owner" && role !== "bot") throw noRows();
  const name = slug(change.name) || channel.name;
  if (name !== channel.name && name === "guest") throw badRequest("guest channel name is reserved");
  requireFreeName(store, channel.workspace_id, name, channel.id);
  channel.name = name;
  channel.kind = trimSpace(change.kind) || channel.kind;
  if (change.display_title !== undefined) channel.display_title = displayTitle(change.display_title);
  if (change.archived !== undefined) channel.archived_at = change.archived ? store.now() : "";
  if (change.external_managed !== undefined) channel.external_managed = change.external_managed;
  if (change.external_ref !== undefined) channel.external_ref = trimSpace(change.external_ref);
  if (change.external_url !== undefined) channel.external_url = trimSpace(change.external_url);
  if (change.sidebar_section !== undefined) channel.sidebar_section = trimSpace(change.sidebar_section);
  const event = appendEvent(store, {
    type: "channel.updated",
    workspaceId: channel.workspace_id,
    channelId: channel.id,
    payload: { channel_id: channel.id, archived: channel.archived_at !== "" },
  });
  return { channel, event };
}

/**
 * Returns a channel of a workspace that the user is a member of: every member sees every channel.
 *
 * @throws ApiError 400 when there is none
 */
export function getChannel(store: Store, channelId: string, userId: string): ChannelRow {
  const channel = store.channels.get(channelId);
  if (channel === undefined) throw noRows();
  requireMember(store, channel.workspace_id, userId);
  return channel;
}

/**
 * Returns a workspace's channels by name, archived ones as well.
 *
 * @throws ApiError 400 when the user is no member
 */
export function listChannels(store: Store, workspaceId: string, userId: string): ChannelRow[] {
  requireMember(store, workspaceId, userId);
  return [...store.channels.values()]
    .filter((channel) => channel.workspace_id === workspaceId)
    .sort((a, b) => byCodePoint(a.name, b.name));
}

/** The three numbers that a channel or conversation shows a reader. */
export interface Counters {
  readonly last_seq: number;
  readonly last_read_seq: number;
  readonly unread_count: number;
}

/** Returns the counters of a channel or conversation: others' ordinary root messages after the read mark are unread. */
export function countersOf(store: Store, scopeId: string, readerId: string): Counters {
  const roots = store.roots.get(scopeId) ?? [];
  const read = store.reads.get(pairKey(scopeId, readerId))?.last_read_seq ?? 0;
  const unread = roots.filter(
    (root) => root.author_id !== readerId && root.kind === "message" && (root.channel_seq ?? 0) > read,
  );
  return { last_seq: roots.at(-1)?.channel_seq ?? 0, last_read_seq: read, unread_count: unread.length };
}

function displayTitle(value: string): string {
  return trimSpace(firstRunes(trimSpace(value), TITLE_MAX_RUNES));
}

function requireFreeName(store: Store, workspaceId: string, name: string, exceptId: string): void {
  for (const channel of store.channels.values()) {
    if (channel.workspace_id === workspaceId && channel.name === name && channel.id !== exceptId) {
      throw badRequest(
        "constraint failed: UNIQUE constraint failed: channels.workspace_id, channels.name (2067)",
      );
    }
  }
}
