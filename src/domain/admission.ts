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
  | "overflow"
  | "discarded";

export type Verdict = { admitted: true } | { admitted: false; reason: DropReason };

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
  /** Since it was written, milliseconds; below 0 when the two clocks differ. */
  ageMs: number;
}

export interface AdmissionPolicy {
  botUserId: string;
  allowFrom: readonly string[];
  allowBots: boolean | "mentions";
  /** Of channels only. */
  requireMention: boolean;
  /** Milliseconds. */
  maxAgeMs: number;
}

/**
 * Decides whether a message is answered. Pure; the first rule that refuses wins, in OpenClaw's order: own, deleted,
 * activity, bot author, `allowFrom`, mention; then age, which is ours.
 *
 * A bot author needs `allowBots` and an entry of its own in `allowFrom`; `*` admits people only. `allowBots: "mentions"`
 * admits bots that address ours.
 */
export function admit(message: Candidate, policy: AdmissionPolicy): Verdict {
  if (message.authorId === policy.botUserId) return refuse("own");
  if (message.deleted) return refuse("deleted");
  if (message.kind !== "message") return refuse("activity");
  if (message.authorIsBot && !botsAllowed(message, policy)) return refuse("bot_author");
  if (!allows(policy.allowFrom, message)) return refuse("not_allowed");
  if (policy.requireMention && !addressesBot(message)) return refuse("not_mentioned");
  if (message.ageMs > policy.maxAgeMs) return refuse("stale");
  return { admitted: true };
}

function addressesBot(message: Candidate): boolean {
  return message.direct || message.mentionsBot;
}

function botsAllowed(message: Candidate, policy: AdmissionPolicy): boolean {
  return policy.allowBots === "mentions" ? addressesBot(message) : policy.allowBots;
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

function refuse(reason: DropReason): Verdict {
  return { admitted: false, reason };
}
