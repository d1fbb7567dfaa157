import type { LoopPolicy } from "../domain/loop-guard.ts";
import type { Setting } from "../domain/setting.ts";

/** What of the loop guard is set in one place. */
export type LoopSettings = Partial<LoopPolicy>;

/** Settings of one channel that go over the account's. */
export interface GroupPolicy {
  requireMention?: Setting<boolean>;
  mentionPatterns?: Setting<readonly RegExp[]>;
  allowBots?: Setting<boolean | "mentions">;
  botLoopProtection?: Setting<LoopSettings>;
}

/** Which messages an account answers, as far as it is the same in every conversation. */
export interface AdmissionSettings {
  /** User ids, or `*`; an empty list admits nobody. */
  allowFrom: Setting<readonly string[]>;
  allowBots: Setting<boolean | "mentions">;
  /** Whether a channel's messages are answered only when they mention the bot. */
  requireMention: Setting<boolean>;
  /** The account's own patterns that count as a mention, compiled; none has the flag `g`. */
  mentionPatterns: Setting<readonly RegExp[]>;
  /** Patterns that the document has for the account's agent or for everybody; they count beside the account's own. */
  sharedMentionPatterns: Setting<readonly RegExp[]>;
  botLoopProtection: Setting<LoopPolicy>;
}

/** An account's admission: what holds everywhere, and what holds for single channels. */
export interface AccountAdmission extends AdmissionSettings {
  /** By channel id, or for all channels by `*`. */
  groups: Readonly<Record<string, GroupPolicy>>;
}

/**
 * What holds in one conversation: field by field the channel's own entry of `groups`, else that of `*`, else the account's.
 * The loop guard's fields are merged from the account's to the channel's; its path is the narrowest place that sets one.
 *
 * @param admission the account's
 * @param channelId undefined in a direct conversation, which belongs to no group
 */
export function settingsAt(admission: AccountAdmission, channelId: string | undefined): AdmissionSettings {
  const { groups, ...account } = admission;
  if (channelId === undefined) return account;
  const ofAll = groups["*"];
  const ofChannel = groups[channelId];
  return {
    ...account,
    requireMention: ofChannel?.requireMention ?? ofAll?.requireMention ?? account.requireMention,
    mentionPatterns: ofChannel?.mentionPatterns ?? ofAll?.mentionPatterns ?? account.mentionPatterns,
    allowBots: ofChannel?.allowBots ?? ofAll?.allowBots ?? account.allowBots,
    botLoopProtection: narrowed(
      narrowed(account.botLoopProtection, ofAll?.botLoopProtection),
      ofChannel?.botLoopProtection,
    ),
  };
}

function narrowed(wide: Setting<LoopPolicy>, narrow: Setting<LoopSettings> | undefined): Setting<LoopPolicy> {
  if (narrow === undefined) return wide;
  return { value: { ...wide.value, ...narrow.value }, path: narrow.path };
}
