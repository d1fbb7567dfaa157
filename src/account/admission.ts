import { ClickClackError } from "../clickclack/errors.ts";
import type { Message } from "../clickclack/wire.ts";
import { type AdmissionSettings, settingsAt } from "../config/admission.ts";
import { admit, type DropReason, type Verdict } from "../domain/admission.ts";
import { commandIn, isAnsweredHere } from "../domain/bot-command.ts";
import { isCommandId } from "../domain/command.ts";
import { conversationKey } from "../domain/conversation.ts";
import { pairKey } from "../domain/loop-guard.ts";
import { matchesPattern, mentionsHandle } from "../domain/mention.ts";
import type { Setting } from "../domain/setting.ts";
import { ATTEMPTS_MAX } from "../limits.ts";
import type { AskedReader } from "./asked.ts";
import { causeOf } from "./cause.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import type { AdmitResult } from "./lane.ts";
import { conversationOfMessage } from "./place.ts";
import { retryAt } from "./retry.ts";

const ANY_AGE: Setting<number> = { value: Number.POSITIVE_INFINITY, path: "" };

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
  // What an operator has had read again is answered at any age, which is the last that is asked of a message.
  const isRetried = context.journal.find(work.messageId)?.retriedAt !== undefined;
  const maxAge = { value: context.edge.maxMessageAgeMs, path: "edge.maxMessageAge" };
  const verdict = judge(context, identity, message, isRetried ? ANY_AGE : maxAge);
  if (!verdict.admitted) return drop(context, work, verdict.reason, verdict.setting);
  const loop = context.transaction(() => {
    const found = loopGuard(context, identity, message);
    if (found !== undefined) drop(context, work, "bot_loop", found.path);
    return found;
  });
  if (loop !== undefined) return { kind: "dropped" };
  const { as, setting } = verdict;
  work.admission = { as, setting, command: commandOf(message, identity) };
  return { kind: "admitted", message };
}

/**
 * Puts the account's policy and the message to the pure rules.
 *
 * @param maxAge how old it may be; a message that was admitted once does not grow too old while it waits its turn
 */
export function judge(
  context: AccountContext,
  identity: Identity,
  message: Message,
  maxAge: Setting<number> = ANY_AGE,
): Verdict {
  const settings = settingsAt(context.account.admission, message.channel_id);
  return admit(
    {
      authorId: message.author_id,
      authorIsBot: isBot(message),
      deleted: message.deleted_at !== undefined,
      kind: message.kind,
      direct: message.direct_conversation_id !== undefined,
      // A slash command is the bot's own: whoever gives it speaks to the bot.
      mentionsBot: isCommandId(message.id) || mentionsHandle(message.body, identity.handle),
      pattern: patternSetting(message, settings),
      isCommand: commandIn(message.body, identity.handle) !== undefined,
      ageMs: context.now() - Date.parse(message.created_at),
    },
    { botUserId: identity.botUserId, ...settings, maxAge },
  );
}

function patternSetting(
  { body }: Message,
  {
    mentionPatterns,
    sharedMentionPatterns,
  }: Pick<AdmissionSettings, "mentionPatterns" | "sharedMentionPatterns">,
): string | undefined {
  return [mentionPatterns, sharedMentionPatterns].find(({ value }) => matchesPattern(body, value))?.path;
}

/** @returns the setting that stops a bot's message because the two only answer each other */
function loopGuard(
  { account, botPairs, now }: AccountContext,
  identity: Identity,
  message: Message,
): Setting<unknown> | undefined {
  const conversation = conversationOfMessage(message);
  if (!isBot(message) || conversation === undefined) return undefined;
  const policy = settingsAt(account.admission, message.channel_id).botLoopProtection;
  const { workspaceId, botUserId } = identity;
  const pair = pairKey(workspaceId, conversationKey(conversation), botUserId, message.author_id);
  const event = { messageId: message.id, atMs: Date.parse(message.created_at) };
  return botPairs.suppresses(pair, event, policy.value, now()) ? policy : undefined;
}

function isBot({ author }: Message): boolean {
  return author?.kind === "bot";
}

/** The command that the adapter answers itself, if it is one. */
function commandOf({ body }: Message, { handle }: Identity) {
  const given = commandIn(body, handle);
  return given !== undefined && isAnsweredHere(given) ? given.name : undefined;
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

function drop(
  context: AccountContext,
  work: Work,
  reason: DropReason,
  setting?: string,
): AdmitResult<Message> {
  context.journal.drop(work.messageId, reason, setting);
  context.log({ event: "message:dropped", message: work.messageId, reason });
  return { kind: "dropped" };
}
