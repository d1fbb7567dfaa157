import type { Place } from "../clickclack/client.ts";
import { ClickClackError } from "../clickclack/errors.ts";
import type { Message } from "../clickclack/wire.ts";
import { type Conversation, conversationOf } from "../domain/conversation.ts";
import { replyNonce } from "../domain/nonce.ts";
import { splitText } from "../domain/parts.ts";
import { withPrefix } from "../domain/prefix.ts";
import { ATTEMPTS_MAX, MESSAGE_TEXT_MAX_CHARS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import { attemptsAllowed, type GatewayFailure } from "../openclaw/errors.ts";
import { judge } from "./admission.ts";
import type { Asker } from "./ask.ts";
import type { AccountContext } from "./context.ts";
import { deliver } from "./delivery.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import type { RunResult } from "./lanes.ts";
import type { OutboxItem } from "./outbox.ts";
import { retryAt } from "./retry.ts";
import type { Claim } from "./turns.ts";
import { showTyping } from "./typing.ts";

const SETTLED: RunResult = { kind: "settled" };

/**
 * Takes one admitted message to its end: asks, stores the answer, posts it. Every step is stored before the next one
 * begins, so that after a crash at any line another run goes on where this one stopped: a stored text is posted under
 * its nonce, an answer that OpenClaw finished is read from its history, anything else is asked again.
 */
export class TurnRunner {
  readonly #context: AccountContext;
  readonly #asker: Asker;

  constructor(context: AccountContext, asker: Asker) {
    this.#context = context;
    this.#asker = asker;
  }

  /** @param fresh the message, when it was fetched just now */
  async run(identity: Identity, work: Work, fresh: Message | undefined): Promise<RunResult> {
    const stored = this.#storedParts(work);
    const claim = this.#context.turns.claim(work, stored.length === 0);
    try {
      if (stored.length > 0) return await this.#post(identity, work, stored);
      if (claim.attempts > ATTEMPTS_MAX) return this.#die(work, `given up after ${ATTEMPTS_MAX} runs`);
      return await this.#answer(identity, work, claim, fresh);
    } catch (error) {
      return this.#interrupted(work, claim, error);
    }
  }

  async #answer(
    identity: Identity,
    work: Work,
    claim: Claim,
    fresh: Message | undefined,
  ): Promise<RunResult> {
    const message = fresh ?? (await this.#context.client.message(work.messageId, work.correlationId));
    const verdict = judge(this.#context, identity, message);
    if (!verdict.admitted) return this.#cancel(work, verdict.reason);
    const conversation = conversationOfMessage(message);
    if (conversation === undefined) return this.#cancel(work, "no_place");

    this.#context.log({
      event: "turn:started",
      message: work.messageId,
      conversation: work.conversation,
      attempt: claim.attempts,
    });
    const endTyping = showTyping(this.#context, identity.workspaceId, conversation);
    try {
      const recovered = claim.lostRun && (await this.#asker.recover(claim.lostRun));
      const outcome = recovered ?? (await this.#asker.ask(identity, conversation, message));
      return await this.#conclude(identity, work, claim, conversation, message, outcome);
    } finally {
      endTyping();
    }
  }

  async #conclude(
    identity: Identity,
    work: Work,
    claim: Claim,
    conversation: Conversation,
    message: Message,
    outcome: CompletionOutcome,
  ): Promise<RunResult> {
    switch (outcome.kind) {
      case "answered":
        return this.#post(identity, work, this.#store(work, conversation, message, outcome.text));
      case "silent":
        this.#context.turns.settle(work.messageId, "silent", this.#context.now(), outcome.reason);
        this.#context.log({ event: "turn:silent", message: work.messageId, reason: outcome.reason });
        return SETTLED;
      case "failed":
        return this.#askFailed(work, claim, outcome.failure);
    }
  }

  /** Stores the whole answer before any of it is posted. */
  #store(work: Work, conversation: Conversation, message: Message, text: string): OutboxItem[] {
    const { account, outbox, now, transaction } = this.#context;
    const place = replyPlace(conversation);
    const texts = splitText(withPrefix(account.responsePrefix, text), MESSAGE_TEXT_MAX_CHARS);
    transaction(() => {
      for (const [part, partText] of texts.entries()) {
        // In a thread or a DM the place says what is answered; in a channel the quote does.
        const quote = conversation.kind === "channel" && part === 0 ? message.id : undefined;
        outbox.store({ nonce: this.#nonce(work, part), place, quote, text: partText }, now());
      }
    });
    return this.#storedParts(work);
  }

  async #post(identity: Identity, work: Work, parts: readonly OutboxItem[]): Promise<RunResult> {
    const { turns, outbox, now, transaction } = this.#context;
    for (const part of parts) {
      if (part.state === "sent") continue;
      const delivery = await deliver(this.#context, identity.workspaceId, part, work.correlationId);
      switch (delivery.kind) {
        case "sent":
          transaction(() => {
            outbox.sent(part.nonce, delivery.messageId);
            if (part === parts.at(-1)) turns.settle(work.messageId, "answered", now());
          });
          this.#context.log({ event: "turn:answered", message: work.messageId, reply: delivery.messageId });
          break;
        case "retry":
          return this.#repost(work, part, delivery.error, delivery.retryAfterMs);
        case "refused":
          if (!delivery.error.mendable) return this.#undeliverable(work, part, errorText(delivery.error));
          outbox.failedOnce(part.nonce, errorText(delivery.error));
          return this.#repost(work, part, errorText(delivery.error), undefined);
      }
    }
    return SETTLED;
  }

  #repost(work: Work, part: OutboxItem, error: string, askedMs: number | undefined): RunResult {
    const attempts = part.attempts + 1;
    if (attempts >= ATTEMPTS_MAX) return this.#undeliverable(work, part, error);
    return this.#retry(work, attempts, error, { askedMs });
  }

  /** A run that failed at the agent is counted apart from the times when the agent was not even reached. */
  #askFailed(work: Work, claim: Claim, found: GatewayFailure): RunResult {
    const error = `${found.reason}: ${found.detail}${found.mend === undefined ? "" : ` (${found.mend})`}`;
    const { allowed, ranAgent } = attemptsAllowed(found.reason);
    const used = ranAgent ? claim.runs + 1 : claim.attempts - claim.runs;
    if (used >= allowed) return this.#die(work, error);
    return this.#retry(work, claim.attempts, error, { askedMs: found.retryAfterMs, ranAgent });
  }

  #interrupted(work: Work, claim: Claim, error: unknown): RunResult {
    if (error instanceof ClickClackError && error.operation === "message" && error.failure === "not_found")
      return this.#cancel(work, "gone");
    if (claim.attempts >= ATTEMPTS_MAX) return this.#die(work, errorText(error));
    const askedMs = error instanceof ClickClackError ? error.retryAfterMs : undefined;
    return this.#retry(work, claim.attempts, errorText(error), { askedMs });
  }

  #retry(
    work: Work,
    attempts: number,
    error: string,
    { askedMs, ranAgent = false }: { askedMs: number | undefined; ranAgent?: boolean },
  ): RunResult {
    const at = retryAt(this.#context, attempts, askedMs);
    this.#context.turns.retryLater(work.messageId, at, error, ranAgent);
    this.#context.log({
      event: "turn:retry",
      message: work.messageId,
      error,
      retryInMs: at - this.#context.now(),
    });
    return { kind: "retry", at };
  }

  #cancel(work: Work, reason: string): RunResult {
    this.#context.turns.settle(work.messageId, "cancelled", this.#context.now(), reason);
    this.#context.log({ event: "turn:cancelled", message: work.messageId, reason });
    return SETTLED;
  }

  #undeliverable(work: Work, part: OutboxItem, error: string): RunResult {
    this.#context.outbox.die(part.nonce, error);
    return this.#die(work, error);
  }

  #die(work: Work, error: string): RunResult {
    this.#context.turns.settle(work.messageId, "dead", this.#context.now(), error);
    this.#context.log({ event: "turn:dead", message: work.messageId, error });
    return SETTLED;
  }

  #storedParts(work: Work): OutboxItem[] {
    const parts: OutboxItem[] = [];
    for (;;) {
      const part = this.#context.outbox.find(this.#nonce(work, parts.length));
      if (part === undefined) return parts;
      parts.push(part);
    }
  }

  #nonce(work: Work, part: number): string {
    return replyNonce(this.#context.account.id, work.messageId, part);
  }
}

function conversationOfMessage(message: Message): Conversation | undefined {
  return conversationOf({
    channelId: message.channel_id,
    dmId: message.direct_conversation_id,
    threadRootId: message.parent_message_id === undefined ? undefined : message.thread_root_id,
  });
}

/** A thread's reply goes to its root, whichever of its messages is answered: ClickClack has no nested replies. */
function replyPlace(conversation: Conversation): Place {
  switch (conversation.kind) {
    case "channel":
      return { kind: "channel", channelId: conversation.channelId };
    case "dm":
      return { kind: "dm", dmId: conversation.dmId };
    case "thread":
      return { kind: "thread", rootId: conversation.rootId };
  }
}
