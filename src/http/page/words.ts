import type { LinkReason, LinkState } from "../../account/link-state.ts";
import type { Story } from "../../account/story.ts";
import type { Overview } from "../../account/watch.ts";
import { type ReasonWords, reasonWords } from "../../domain/reasons.ts";

/** How something does: the colour and the sign that go before it. */
export type Mood = "good" | "waiting" | "bad" | "off";

/** What the states of a link are called. */
export const LINK_WORDS: Record<LinkState, { words: string; mood: Mood }> = {
  down: { words: "about to start", mood: "waiting" },
  connecting: { words: "connecting", mood: "waiting" },
  linked: { words: "connected", mood: "good" },
  sweeping: { words: "listening for callbacks", mood: "good" },
  reconnecting: { words: "reconnecting", mood: "waiting" },
  refused: { words: "refused", mood: "bad" },
};

/** Those that mean something else of a link than of a message, or are of a link only. */
const LINK_REASONS: Partial<Record<LinkReason, ReasonWords>> = {
  workspace_not_found: [
    "the token belongs to another workspace than the configured one",
    "set workspace to the id, slug or name of the token's",
  ],
  closed: ["ClickClack closed the connection"],
  resync: ["ClickClack's event log no longer reaches back to where the bot was"],
  overflow: ["more came at once than ClickClack buffers"],
  revoked: [
    "the bot is no longer a member of the workspace",
    "make it a member again, or give the account another token",
  ],
  owner_left: ["the bot's owner has left the workspace"],
  bot_removed: ["the bot was removed from the workspace"],
  token_revoked: ["the bot's token was revoked"],
  not_found: ["ClickClack does not have what the bot asks for", "check baseUrl and workspace"],
};

/** Why a link is not up. */
export function linkReason(reason: LinkReason): ReasonWords {
  return LINK_REASONS[reason] ?? plainly(reason);
}

/** Every reason has words; one that a newer version of the object says is shown as it is. */
export function plainly(reason: string): ReasonWords {
  return reasonWords(reason) ?? [reason.replaceAll("_", " ")];
}

const REFUSALS: Record<string, ReasonWords> = {
  no_secret: ["no signing secret is set", "wrangler secret put"],
  bad_signature: ["signed with another secret, or altered", "after a rotation, put the new secret"],
  too_old: ["the clocks differ, or it is a recording"],
  too_new: ["the clocks differ"],
  malformed_timestamp: ["not from ClickClack"],
  malformed_signature: ["not from ClickClack"],
  replayed: ["the same request came before"],
  wrong_workspace: ["the subscription belongs to another workspace"],
  wrong_bot: ["the command belongs to another bot"],
  not_wanted: ["the account's inbound is realtime", "revoke the subscription"],
  not_started: ["the account has never been up"],
  not_configured: ["the account is disabled or has faults"],
  unknown_account: ["there is no account of that name", "correct the callback's address"],
};

/** Why a callback was refused. */
export function refusal(reason: string): ReasonWords {
  return REFUSALS[reason] ?? [reason.replaceAll("_", " ")];
}

/** What became of a message, as the beginning of a sentence. */
export const STORY_WORDS: Record<Story["state"], string> = {
  undecided: "Not decided yet",
  waiting: "Waits to be answered",
  running: "Is being answered",
  answered: "Answered",
  silent: "No answer",
  cancelled: "No answer",
  dropped: "No answer",
  dead: "Given up",
};

export const STAGE_WORDS: Record<Overview["dead"][number]["stage"], string> = {
  read: "The message could not be read",
  ask: "The agent gave no answer",
  post: "The answer could not be posted",
};

/** Why a message is answered. */
export const ADMITTED_WORDS: Record<NonNullable<Story["admittedAs"]>, string> = {
  direct: "it is in a direct conversation",
  mention: "it mentions the bot",
  pattern: "it fits a mention pattern",
  command: "it is one of the bot's commands",
  open: "nobody has to mention the bot there",
};
