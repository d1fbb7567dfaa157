import { ClickClackError } from "../clickclack/errors.ts";
import type { Message } from "../clickclack/wire.ts";
import { settingsAt } from "../config/admission.ts";
import { admit, type DropReason, type Verdict } from "../domain/admission.ts";
import { isCommandId } from "../domain/command.ts";
import { mentionsHandle } from "../domain/mention.ts";
import { ATTEMPTS_MAX } from "../limits.ts";
import type { AskedReader } from "./asked.ts";
import { causeOf } from "./cause.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import type { AdmitResult } from "./lane.ts";
import { retryAt } from "./retry.ts";

/** Reads what was asked and decides whether it is answered. Events carry no text and not always an author. */
export async function admitMessage(
  context: AccountContext,
  asked: AskedReader,
  identity: Identity,
  work: Work,
): Promise<AdmitResult<Message>> {
  let message: Message;
  try {
    message = await asked.read(identity, work);
  } catch (error) {
    return fetchFailed(context, work, error);
  }
  const verdict = judge(context, identity, message, context.edge.maxMessageAgeMs);
  if (verdict.admitted || (verdict.reason === "stale" && wasRetried(context, work)))
    return { kind: "admitted", message };
  return drop(context, work, verdict.reason);
}

/** What an operator has had read again is answered at any age, which is the last that is asked of a message. */
function wasRetried({ journal }: AccountContext, { messageId }: Work): boolean {
  return journal.find(messageId)?.retriedAt !== undefined;
}

/**
 * Puts the account's policy and the message to the pure rules.
 *
 * @param maxAgeMs how old it may be; a message that was admitted once does not grow too old while it waits its turn
 */
export function judge(
  context: AccountContext,
  identity: Identity,
  message: Message,
  maxAgeMs = Number.POSITIVE_INFINITY,
): Verdict {
  const { allowFrom, allowBots, requireMention } = settingsAt(context.account.admission, message.channel_id);
  return admit(
    {
      authorId: message.author_id,
      authorIsBot: message.author?.kind === "bot",
      deleted: message.deleted_at !== undefined,
      kind: message.kind,
      direct: message.direct_conversation_id !== undefined,
      // A slash command is the bot's own: whoever gives it speaks to the bot.
      mentionsBot: isCommandId(message.id) || mentionsHandle(message.body, identity.handle),
      ageMs: context.now() - Date.parse(message.created_at),
    },
    {
      botUserId: identity.botUserId,
      allowFrom: allowFrom.value,
      allowBots: allowBots.value,
      requireMention: requireMention.value,
      maxAgeMs,
    },
  );
}

function fetchFailed(context: AccountContext, work: Work, error: unknown): AdmitResult<Message> {
  // For a bot, ClickClack answers 403 with its no-rows text for a message that is gone or hidden.
  if (error instanceof ClickClackError && error.failure === "not_found") return drop(context, work, "gone");
  const attempts = (context.journal.find(work.messageId)?.attempts ?? 0) + 1;
  const cause = causeOf(error);
  if (attempts >= ATTEMPTS_MAX) {
    context.journal.die(work.messageId, attempts, cause);
    context.log({ event: "message:dead", message: work.messageId, reason: cause.reason, error: cause.error });
    return { kind: "dropped" };
  }
  const at = retryAt(context, attempts, cause.retryAfterMs);
  context.journal.retryLater(work.messageId, attempts, at);
  return { kind: "retry", at };
}

function drop(context: AccountContext, work: Work, reason: DropReason): AdmitResult<Message> {
  context.journal.drop(work.messageId, reason);
  context.log({ event: "message:dropped", message: work.messageId, reason });
  return { kind: "dropped" };
}
