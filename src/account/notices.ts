import { isCommandId } from "../domain/command.ts";
import { conversationOfKey } from "../domain/conversation.ts";
import { noticeNonce, noticeNoncePrefix, replyNonce } from "../domain/nonce.ts";
import { NOTICE_RETRY_MS } from "../limits.ts";
import { causeOf } from "./cause.ts";
import { type AccountContext, correlated } from "./context.ts";
import { deliver } from "./delivery.ts";
import type { Directory } from "./directory.ts";
import type { Outage } from "./outage.ts";
import type { OutboxItem } from "./outbox.ts";
import { replyPlace } from "./place.ts";

/**
 * Tells people when their answer has to wait because no agent can be reached: once in a conversation and outage, in the
 * configured words, after the configured time. What the gateway or a provider said is never part of it.
 */
export class Notices {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #outage: Outage;
  #retryAt: number | undefined;
  #posting: Promise<void> | undefined;

  constructor(context: AccountContext, directory: Directory, outage: Outage) {
    this.#context = context;
    this.#directory = directory;
    this.#outage = outage;
  }

  /** When somebody may have to be told, Unix ms. */
  nextDueAt(): number | undefined {
    const { notice } = this.#context.edge;
    const { current } = this.#outage;
    if (notice === undefined || current === undefined || this.#posting !== undefined) return undefined;
    const startsAt = current.since + notice.afterMs;
    return this.#context.now() < startsAt ? startsAt : this.#retryAt;
  }

  /** Tells everybody who is due. */
  tick(): void {
    const { edge, now, background } = this.#context;
    const { current } = this.#outage;
    if (edge.notice === undefined || current === undefined || this.#posting !== undefined) return;
    if (now() < current.since + edge.notice.afterMs) return;
    for (const { conversation, messageId } of this.#context.turns.firstWaiting()) {
      if (current.told.includes(conversation) || this.#isAnswered(messageId)) continue;
      this.#write(conversation, messageId, edge.notice.text);
    }
    this.#posting = this.#post().finally(() => {
      this.#posting = undefined;
    });
    background(this.#posting);
  }

  /** The outage is over: what was not said yet need not be said. */
  over(): void {
    const { outbox, account } = this.#context;
    for (const { nonce } of outbox.pendingByPrefix(noticeNoncePrefix(account.id))) outbox.remove(nonce);
    this.#retryAt = undefined;
  }

  /** Stored before it is posted, with the note that the conversation was told, so that a restart does not tell it again. */
  #write(conversation: string, messageId: string, text: string): void {
    const { account, outbox, transaction, now } = this.#context;
    const place = replyPlace(conversationOfKey(conversation));
    const quote = place.kind === "channel" && !isCommandId(messageId) ? messageId : undefined;
    const nonce = noticeNonce(account.id, messageId);
    transaction(() => {
      // A message that was told of an earlier outage is told once all the same.
      if (!outbox.has(nonce)) outbox.store({ nonce, place, quote, text, createdAt: now() });
      this.#outage.tell(conversation);
    });
  }

  /** Its answer is made and only has to be posted: the agent is not what it waits for. */
  #isAnswered(messageId: string): boolean {
    const { outbox, account } = this.#context;
    return outbox.has(replyNonce(account.id, messageId, 0));
  }

  async #post(): Promise<void> {
    const { outbox, account, now } = this.#context;
    const identity = this.#directory.known();
    if (identity === undefined) return;
    this.#retryAt = undefined;
    for (const item of outbox.pendingByPrefix(noticeNoncePrefix(account.id))) {
      // The outage may be over by now, and with it what was to be said.
      if (!outbox.has(item.nonce)) continue;
      const isSent = await this.#postOne(identity.workspaceId, item);
      if (!isSent) this.#retryAt = now() + NOTICE_RETRY_MS;
    }
  }

  /** @returns false when it is to be tried again */
  async #postOne(workspaceId: string, item: OutboxItem): Promise<boolean> {
    const { outbox, account, log, journal } = this.#context;
    const message = item.nonce.slice(noticeNoncePrefix(account.id).length);
    const context = correlated(this.#context, journal.find(message)?.correlationId);
    const delivery = await deliver(context, workspaceId, item);
    if (delivery.kind === "sent") {
      outbox.sent(item.nonce, delivery.messageId);
      log({ event: "notice:sent", message });
      return true;
    }
    const cause = delivery.kind === "retry" ? delivery.cause : causeOf(delivery.error);
    log({ event: "notice:failed", message, error: cause.error });
    if (delivery.kind === "refused") outbox.remove(item.nonce);
    return delivery.kind === "refused";
  }
}
