import type { AdmitReason } from "../domain/admission.ts";
import type { BotCommandName } from "../domain/bot-command.ts";
import { noticeNonce } from "../domain/nonce.ts";
import type { AccountContext } from "./context.ts";
import type { Road, Seen } from "./journal.ts";
import type { OutboxItem } from "./outbox.ts";
import type { Replies } from "./reply.ts";
import type { Turn, TurnState } from "./turn-row.ts";

/** Everything that is known of one message, for an operator. Plain data, because it crosses RPC; no message text. */
export interface Story {
  message: string;
  /** Id of its channel, its thread's root or its direct conversation. */
  conversation: string;
  /** `undecided` until it was read and admitted or dropped; a turn's state from then on. */
  state: "undecided" | "dropped" | TurnState;
  /** Why dropped, silent, cancelled or dead, as a word. */
  reason?: string;
  /** Why it is answered, as a word. */
  admittedAs?: AdmitReason;
  /** The setting that decided whether it is answered, as a path into the document. */
  setting?: string;
  /** The bot's own command that it is. */
  command?: BotCommandName;
  /** The last error, also of one that was answered in the end. */
  error?: string;
  /** What brought it, the first one first. */
  roads: Road[];
  cursor: string;
  correlationId?: string;
  /** Times are Unix ms. */
  seenAt: number;
  admittedAt?: number;
  settledAt?: number;
  /** Times that it could not be fetched. */
  fetchFailures: number;
  /** Times that it was begun, and how many of them reached the agent and failed there. */
  attempts: number;
  failedRuns: number;
  /** Agent mode: where the gateway keeps what became of the last run. */
  run?: { id: string; session: string };
  /** The parts of its answer. */
  replies: StoredReply[];
  /** What its author was told while no agent could be reached. */
  notice?: StoredReply;
}

export interface StoredReply {
  state: OutboxItem["state"];
  /** ClickClack's message, once it is posted. */
  message?: string;
  /** Posts that failed, and the last error. */
  attempts: number;
  error?: string;
  storedAt: number;
}

/** @returns undefined for a message that nobody told the bot of, or that is forgotten by now */
export function storyOf(context: AccountContext, replies: Replies, messageId: string): Story | undefined {
  const { journal, turns, outbox, account, facts } = context;
  const seen = journal.find(messageId);
  if (seen === undefined) return undefined;
  const turn = turns.find(messageId);
  const notice = outbox.find(noticeNonce(account.id, messageId));
  const { reason, error } = turn ?? seen;
  return {
    message: messageId,
    conversation: seen.conversation,
    state: turn?.state ?? (seen.state === "seen" ? "undecided" : seen.state),
    ...(reason !== undefined && { reason }),
    ...verdictOf(seen, turn),
    ...(error !== undefined && { error }),
    roads: roadsOf(seen, facts.get("cursor") ?? ""),
    cursor: seen.cursor,
    ...(seen.correlationId !== undefined && { correlationId: seen.correlationId }),
    seenAt: seen.seenAt,
    ...(turn !== undefined && { admittedAt: turn.admittedAt }),
    ...(turn?.settledAt !== undefined && { settledAt: turn.settledAt }),
    fetchFailures: seen.attempts,
    attempts: turn?.attempts ?? 0,
    failedRuns: turn?.runs ?? 0,
    ...(turn?.run !== undefined && { run: turn.run }),
    replies: replies.stored(messageId).map(storedReply),
    ...(notice !== undefined && { notice: storedReply(notice) }),
  };
}

function verdictOf(seen: Seen, turn: Turn | undefined): Pick<Story, "admittedAs" | "setting" | "command"> {
  const { as, setting = seen.setting, command } = turn?.admission ?? {};
  return {
    ...(as !== undefined && { admittedAs: as }),
    ...(setting !== undefined && { setting }),
    ...(command !== undefined && { command }),
  };
}

/**
 * The sweep reads everything up to the durable cursor, so a row need not be written to say so. Of what the lists brought
 * it may know nothing: that is why they were read.
 */
function roadsOf(seen: { road: Road; also: Road[]; cursor: string }, swept: string): Road[] {
  const roads = [seen.road, ...seen.also];
  const isPushed = seen.road === "realtime" || seen.road === "callback";
  return isPushed && seen.cursor <= swept ? [...roads, "sweep"] : roads;
}

function storedReply({ state, postedId, attempts, error, createdAt }: OutboxItem): StoredReply {
  return {
    state,
    ...(postedId !== undefined && { message: postedId }),
    attempts,
    ...(error !== undefined && { error }),
    storedAt: createdAt,
  };
}
