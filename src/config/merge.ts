import type { AccountSettings } from "./document.ts";

/**
 * Lays an account's own settings over those of the channel, by OpenClaw's rules: texts, numbers and whole lists replace,
 * `discussions` merges key by key. So do `botLoopProtection` and `groups`, which `account-admission.ts` reads layer by layer.
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
    discussions: mergeObjects(channel.discussions, own.discussions),
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
