import type { AccountSettings } from "./document.ts";

type Groups = NonNullable<AccountSettings["groups"]>;

/**
 * Lays an account's own settings over those of the channel, by OpenClaw's rules: texts, numbers and whole lists replace,
 * `botLoopProtection` and `discussions` merge key by key, `groups` channel by channel and key by key.
 *
 * An empty text replaces too, which is how an account takes an inherited setting away.
 *
 * @param channel the settings at `channels.clickclack`
 * @param own the settings of one account
 */
export function mergeSettings(channel: AccountSettings, own: AccountSettings): AccountSettings {
  const merged = {
    ...channel,
    ...own,
    botLoopProtection: mergeObjects(channel.botLoopProtection, own.botLoopProtection),
    discussions: mergeObjects(channel.discussions, own.discussions),
    groups: mergeGroups(channel.groups, own.groups),
  };
  // Of one level a file goes before a token; an account's token goes before the channel's file.
  if (!own.tokenFile?.trim() && isConfigured(own.token)) merged.tokenFile = undefined;
  return merged;
}

/** Whether a token or file is more than an empty text. */
export function isConfigured(value: AccountSettings["token"]): boolean {
  return typeof value === "string" ? value.trim() !== "" : value !== undefined;
}

function mergeObjects<T extends object>(channel: T | undefined, own: T | undefined): T | undefined {
  return channel === undefined || own === undefined ? (own ?? channel) : { ...channel, ...own };
}

function mergeGroups(channel: Groups | undefined, own: Groups | undefined): Groups | undefined {
  if (channel === undefined && own === undefined) return undefined;
  const merged = new Map<string, Groups[string]>();
  for (const [name, group] of [...Object.entries(channel ?? {}), ...Object.entries(own ?? {})]) {
    const before = merged.get(name.trim());
    const botLoopProtection = mergeObjects(before?.botLoopProtection, group.botLoopProtection);
    merged.set(name.trim(), { ...before, ...group, botLoopProtection });
  }
  return Object.fromEntries(merged);
}
