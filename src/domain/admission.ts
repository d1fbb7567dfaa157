import type { Setting } from "./setting.ts";

/** Why a message gets no answer. Operators read these words. */
export type DropReason =
  | "gone"
  | "own"
  | "deleted"
  | "activity"
  | "bot_author"
  | "not_allowed"
  | "not_mentioned"
  | "stale"
  | "bot_loop"
  | "overflow"
  | "discarded";

/**
 * Why a message is answered: it is in a direct conversation, names the bot's handle, fits a mention pattern, is one of the
 * bot's own commands, or is in a place where nobody needs to be mentioned.
 */
export type AdmitReason = "direct" | "mention" | "pattern" | "command" | "open";

/** What was decided, and the setting that decided it, as a path into the document: what an operator changes to have it otherwise. */
export type Verdict =
  | { admitted: true; as: AdmitReason; setting: string }
  /** No setting answers the bot's own messages, deleted ones or activity rows. */
  | { admitted: false; reason: DropReason; setting?: string };

/** What admission needs to know of a message. */
export interface Candidate {
  authorId: string;
  /** An author without a kind is human. */
  authorIsBot: boolean;
  deleted: boolean;
  /** `message`, or one of ClickClack's agent activity kinds. */
  kind: string;
  /** In a direct conversation: everything there is meant for the bot. */
  direct: boolean;
  /** Names the bot's handle. */
  mentionsBot: boolean;
  /** The setting with a mention pattern that it fits, if it fits one. */
  pattern?: string | undefined;
  /** One of the commands that the bot carries out itself. */
  isCommand: boolean;
  /** Since it was written, milliseconds; below 0 when the two clocks differ. */
  ageMs: number;
}

export interface AdmissionPolicy {
  botUserId: string;
  allowFrom: Setting<readonly string[]>;
  allowBots: Setting<boolean | "mentions">;
  /** Of channels only. */
  requireMention: Setting<boolean>;
  /** Milliseconds. */
  maxAge: Setting<number>;
}

/**
 * Decides whether a message is answered. Pure; the first rule that refuses wins, in OpenClaw's order: own, deleted,
 * activity, bot author, `allowFrom`, mention; then age, which is ours. The loop guard, which remembers, comes after it.
 *
 * A bot author needs `allowBots` and an entry of its own in `allowFrom`; `*` admits people only. `allowBots: "mentions"`
 * admits bots that address ours. A command passes without a mention: who picks one from the bot's menu writes none.
 */
export function admit(message: Candidate, policy: AdmissionPolicy): Verdict {
  const { allowFrom, allowBots, maxAge } = policy;
  if (message.authorId === policy.botUserId) return refuse("own");
  if (message.deleted) return refuse("deleted");
  if (message.kind !== "message") return refuse("activity");
  if (message.authorIsBot && !botsAllowed(message, allowBots.value)) return refuse("bot_author", allowBots);
  if (!allows(allowFrom.value, message)) return refuse("not_allowed", allowFrom);
  const verdict = asAddressed(message, policy);
  return verdict.admitted && message.ageMs > maxAge.value ? refuse("stale", maxAge) : verdict;
}

function asAddressed(message: Candidate, { allowFrom, requireMention }: AdmissionPolicy): Verdict {
  if (message.direct) return { admitted: true, as: "direct", setting: allowFrom.path };
  if (message.mentionsBot) return { admitted: true, as: "mention", setting: requireMention.path };
  if (message.pattern !== undefined) return { admitted: true, as: "pattern", setting: message.pattern };
  if (message.isCommand) return { admitted: true, as: "command", setting: requireMention.path };
  if (!requireMention.value) return { admitted: true, as: "open", setting: requireMention.path };
  return refuse("not_mentioned", requireMention);
}

function botsAllowed(message: Candidate, allowBots: boolean | "mentions"): boolean {
  if (allowBots !== "mentions") return allowBots;
  return message.direct || message.mentionsBot || message.pattern !== undefined;
}

function allows(allowFrom: readonly string[], message: Pick<Candidate, "authorId" | "authorIsBot">): boolean {
  const subject = bareId(message.authorId);
  return allowFrom.map(bareId).some((entry) => (entry === "*" ? !message.authorIsBot : entry === subject));
}

/**
 * Whether somebody of whom only the id is known may be answered: a person may, if this says so; a bot needs more.
 *
 * @param allowFrom the account's
 */
export function mayBeAllowed(allowFrom: readonly string[], authorId: string): boolean {
  return allows(allowFrom, { authorId, authorIsBot: false });
}

/** Entries may carry `clickclack:` or `cc:`, then `dm:`, in any case; OpenClaw compares what is left. */
function bareId(entry: string): string {
  return entry
    .trim()
    .replace(/^(?:clickclack|cc):\s*/i, "")
    .replace(/^dm:\s*/i, "");
}

function refuse(reason: DropReason, setting?: Setting<unknown>): Verdict {
  return { admitted: false, reason, ...(setting !== undefined && { setting: setting.path }) };
}
