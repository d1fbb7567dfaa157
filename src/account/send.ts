import type { Place } from "../clickclack/client.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import type { Directory } from "./directory.ts";
import { earlierOutcome, KEY_REUSED } from "./idempotency.ts";
import { bringFiles, deliverWithFiles } from "./media.ts";
import type { Postable } from "./outbox.ts";
import { type PreparedSend, prepareSend } from "./prepare-send.ts";
import { resolvePlace } from "./resolve.ts";
import { refused, type SendOutcome, type SendRequest, type UploadInline } from "./send-outcome.ts";
import { problemOf } from "./send-problem.ts";
import { postsBefore } from "./sends.ts";

/**
 * Makes outbound sends whose caller waits. A send's nonce comes from its id, and its id from the caller's idempotency
 * key: asking again with the same key finds what was sent, or posts the same text under the same nonce.
 */
export class Sender {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  /** Sends on their way, by id, so that the same key twice at once is one send. */
  readonly #inFlight = new Map<string, { requestHash: string; outcome: Promise<SendOutcome> }>();

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
  }

  /** @param inline uploads the files whose data came with the request */
  async send(request: SendRequest, inline?: UploadInline): Promise<SendOutcome> {
    const prepared = await prepareSend(this.#context.account, request);
    if (!prepared.ok) return refused(prepared.problem);
    const { send } = prepared;
    const twin = this.#inFlight.get(send.id);
    if (twin?.requestHash === send.requestHash) return replayOf(await twin.outcome);
    if (twin !== undefined) return KEY_REUSED;
    const outcome = this.#sendOnce(send, inline);
    this.#inFlight.set(send.id, { requestHash: send.requestHash, outcome });
    try {
      return await outcome;
    } finally {
      this.#inFlight.delete(send.id);
    }
  }

  async #sendOnce(send: PreparedSend, inline: UploadInline | undefined): Promise<SendOutcome> {
    const { sends } = this.#context;
    const before = sends.findUnder(send.noncePrefix);
    const earlier = earlierOutcome(before, send);
    if (earlier !== undefined) return earlier;
    try {
      const { workspaceId } = this.#directory.known() ?? (await this.#directory.identify());
      const known = before?.nonce === send.nonce ? before.place : undefined;
      const place = known ?? (await resolvePlace(this.#context, this.#directory, workspaceId, send.target));
      const uploads = await bringFiles(this.#context, workspaceId, send, send.media, inline);
      // The same key may have been taken meanwhile: what is stored first counts.
      const meanwhile = earlierOutcome(sends.findUnder(send.noncePrefix), send);
      if (meanwhile !== undefined) return meanwhile;
      const delivery = await this.#deliver(workspaceId, this.#store(send, place), uploads);
      return this.#concluded(send, delivery);
    } catch (error) {
      const problem = problemOf(error, send.target);
      if (problem === undefined) throw error;
      return refused(problem);
    }
  }

  /** @returns what is to be posted */
  #store(send: PreparedSend, place: Place): Postable {
    const { sends, now } = this.#context;
    const { nonce, text, quote, requestHash } = send;
    const before = sends.find(nonce);
    if (before?.state !== "pending") sends.store(send, now(), { place });
    return { nonce, place, quote, text, requestHash, attempts: postsBefore(before) };
  }

  /** A post whose outcome is unknown is settled at once, if it can be: its caller waits. */
  async #deliver(workspaceId: string, item: Postable, uploads: readonly string[]): Promise<Delivery> {
    const first = await deliverWithFiles(this.#context, workspaceId, item, uploads);
    if (first.kind !== "retry" || first.cause.retryAfterMs !== undefined) return first;
    return deliverWithFiles(this.#context, workspaceId, { ...item, attempts: item.attempts + 1 }, uploads);
  }

  #concluded({ id, to, nonce, target, hasKey }: PreparedSend, delivery: Delivery): SendOutcome {
    const { outbox, sends, log } = this.#context;
    switch (delivery.kind) {
      case "sent":
        outbox.sent(nonce, delivery.messageId);
        log({ event: "send:sent", send: id, message: delivery.messageId });
        return { kind: "sent", id, to, messageId: delivery.messageId, replayed: false };
      case "refused": {
        sends.forget(nonce);
        const problem = problemOf(delivery.error, target);
        log({ event: "send:failed", send: id, reason: problem.code, error: errorText(delivery.error) });
        return refused(problem);
      }
      case "retry":
        if (!hasKey) sends.forget(nonce);
        log({
          event: "send:failed",
          send: id,
          reason: "clickclack_unavailable",
          error: delivery.cause.error,
        });
        return refused({
          code: "clickclack_unavailable",
          detail: `${delivery.cause.error}; it may have been posted all the same: ${hasKey ? "ask again with the same Idempotency-Key" : "with an Idempotency-Key it could be asked for again"}`,
          ...(delivery.cause.retryAfterMs !== undefined && { retryAfterMs: delivery.cause.retryAfterMs }),
        });
    }
  }
}

function replayOf(outcome: SendOutcome): SendOutcome {
  return outcome.kind === "sent" ? { ...outcome, replayed: true } : outcome;
}
