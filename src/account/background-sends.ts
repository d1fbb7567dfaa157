import type { Place } from "../clickclack/client.ts";
import type { StoredFile } from "../domain/media.ts";
import { sendOfNonce } from "../domain/nonce.ts";
import { formatSendId } from "../domain/send-id.ts";
import { parseTarget, type Target } from "../domain/target.ts";
import { ATTEMPTS_MAX, RETRY_MAX_MS, SENDS_PENDING_MAX, SENDS_PENDING_RETRY_AFTER_MS } from "../limits.ts";
import { MEDIA_ATTEMPTS_MAX } from "../limits-media.ts";
import { errorText } from "../observe/redact.ts";
import { causeOf } from "./cause.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import { earlierOutcome } from "./idempotency.ts";
import { bringFiles, bringInline, deliverWithFiles } from "./media.ts";
import { type PreparedSend, prepareSend } from "./prepare-send.ts";
import { resolvePlace } from "./resolve.ts";
import { retryAt } from "./retry.ts";
import {
  refused,
  type SendOutcome,
  type SendProblem,
  type SendRequest,
  type UploadInline,
} from "./send-outcome.ts";
import { isFinal, problemOf } from "./send-problem.ts";
import { SendQueue, type SendStep } from "./send-queue.ts";
import { postsBefore, type StoredSend } from "./sends.ts";

const SETTLED: SendStep = { kind: "settled" };

/**
 * Outbound sends whose caller does not wait. One is a row before it is answered for, and is then tried until it is sent
 * or given up, whatever becomes of the object meanwhile: another instance takes the row up. A repeat is made under its
 * nonce, so that nothing is posted twice.
 */
export class BackgroundSends {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #queue: SendQueue;
  /** How often the server of a file has failed, by the send's nonce. Another life of the object counts anew. */
  readonly #mediaFailures = new Map<string, number>();
  /** When the newest was asked for, Unix ms. */
  #newestAt = 0;

  /** @param changed called when {@link BackgroundSends.nextDueAt} may have changed */
  constructor(context: AccountContext, directory: Directory, changed: () => void) {
    this.#context = context;
    this.#directory = directory;
    this.#queue = new SendQueue({ deliver: (nonce) => this.#try(nonce), now: context.now, changed });
    for (const send of context.sends.waiting()) {
      this.#queue.add(send);
      this.#newestAt = send.createdAt;
    }
  }

  /** When a send next has to be looked at, Unix ms. */
  nextDueAt(): number | undefined {
    return this.#queue.nextDueAt();
  }

  /** Starts every send that may start now. */
  pump(): void {
    this.#queue.pump();
  }

  /**
   * Takes a send on. Nothing but the target's form is looked at before the answer, but that data that came with the request
   * has to be ClickClack's by then: it is not stored.
   *
   * @param inline uploads such data
   */
  async accept(request: SendRequest, inline?: UploadInline): Promise<SendOutcome> {
    const prepared = await prepareSend(this.#context.account, request);
    if (!prepared.ok) return refused(prepared.problem);
    const { send } = prepared;
    const earlier = this.#earlier(send);
    if (earlier !== undefined) return earlier;
    const urls = send.media.filter((file) => file.kind === "url");
    if (urls.length === send.media.length) return this.#takeOn(send, urls);
    try {
      const { workspaceId } = this.#directory.known() ?? (await this.#directory.identify());
      const media = await bringInline(this.#context, workspaceId, send, send.media, inline);
      return this.#earlier(send) ?? this.#takeOn(send, media);
    } catch (error) {
      const problem = problemOf(error, send.target);
      if (problem === undefined) throw error;
      return refused(problem);
    }
  }

  /** What keeps a send from being taken on: an earlier one under its key, or too many. */
  #earlier(send: PreparedSend): SendOutcome | undefined {
    const { sends } = this.#context;
    const earlier = earlierOutcome(sends.findUnder(send.noncePrefix), send);
    return earlier ?? (this.#queue.size >= SENDS_PENDING_MAX ? refused(TOO_MANY) : undefined);
  }

  #takeOn(send: PreparedSend, media: readonly StoredFile[]): SendOutcome {
    const { sends, log, now } = this.#context;
    const dueAt = now();
    // The rows have no other order, and two may come within a millisecond.
    this.#newestAt = Math.max(dueAt, this.#newestAt + 1);
    sends.store(send, this.#newestAt, { dueAt, media });
    log({ event: "send:accepted", send: send.id });
    this.#queue.add({ nonce: send.nonce, to: send.to, dueAt });
    this.pump();
    return { kind: "pending", id: send.id, to: send.to };
  }

  /** What nobody expected, such as storage that fails, is logged and tried again much later. */
  #try(nonce: string): Promise<SendStep> {
    const { log, background, now } = this.#context;
    const done = this.#deliver(nonce).catch((error: unknown) => {
      const send = formatSendId(sendOfNonce(nonce));
      log({ event: "send:retry", send, error: errorText(error), retryInMs: RETRY_MAX_MS });
      return { kind: "retry" as const, at: now() + RETRY_MAX_MS };
    });
    void done.then(({ kind }) => kind === "settled" && this.#mediaFailures.delete(nonce));
    background(done);
    return done;
  }

  async #deliver(nonce: string): Promise<SendStep> {
    const { sends, outbox, log } = this.#context;
    const send = sends.find(nonce);
    // Another request under the same key may have come first.
    if (send?.state !== "pending") return SETTLED;
    const parsed = parseTarget(send.to);
    if (!parsed.ok) return this.#giveUp(send, { code: "invalid_target", detail: parsed.problem }, "");
    try {
      const { workspaceId } = this.#directory.known() ?? (await this.#directory.identify());
      const place = send.place ?? (await this.#resolve(workspaceId, nonce, parsed.target));
      const item = { ...send, place, attempts: postsBefore(send) };
      const uploads = await bringFiles(this.#context, workspaceId, send, send.media);
      const delivery = await deliverWithFiles(this.#context, workspaceId, item, uploads);
      switch (delivery.kind) {
        case "sent":
          outbox.sent(nonce, delivery.messageId);
          log({ event: "send:sent", send: send.id, message: delivery.messageId });
          return SETTLED;
        case "retry": {
          const { error, retryAfterMs } = delivery.cause;
          const detail = `${error}; it may have been posted all the same`;
          const problem = { code: "clickclack_unavailable" as const, detail };
          return this.#tryLater(send, problem, error, retryAfterMs);
        }
        case "refused":
          return this.#failed(send, parsed.target, delivery.error);
      }
    } catch (error) {
      return this.#failed(send, parsed.target, error);
    }
  }

  async #resolve(workspaceId: string, nonce: string, target: Target): Promise<Place> {
    const place = await resolvePlace(this.#context, this.#directory, workspaceId, target);
    this.#context.sends.resolved(nonce, place);
    return place;
  }

  /** What an operator can mend, such as a token, is waited for like an outage: the text can wait. */
  #failed(send: StoredSend, target: Target, error: unknown): SendStep {
    const problem = problemOf(error, target) ?? INTERNAL;
    const cause = causeOf(error);
    if (isFinal(error)) return this.#giveUp(send, problem, cause.error);
    this.#context.outbox.failedOnce(send.nonce, cause.error);
    return this.#tryLater(send, problem, cause.error, problem.retryAfterMs);
  }

  /**
   * One more try later, or the end after the last one. The failure is counted already.
   *
   * @param error for the log; it names no target, unlike the problem's detail
   * @param askedMs what ClickClack asked for, milliseconds
   */
  #tryLater(send: StoredSend, problem: SendProblem, error: string, askedMs: number | undefined): SendStep {
    const { sends, log, now } = this.#context;
    const attempts = send.attempts + 1;
    const mediaFailures =
      (this.#mediaFailures.get(send.nonce) ?? 0) + Number(problem.code === "media_unavailable");
    this.#mediaFailures.set(send.nonce, mediaFailures);
    if (attempts >= ATTEMPTS_MAX || mediaFailures >= MEDIA_ATTEMPTS_MAX) {
      const detail = `given up after ${attempts} tries: ${problem.detail}`;
      return this.#giveUp(send, { ...problem, detail }, error);
    }
    const at = retryAt(this.#context, attempts, askedMs);
    sends.retryLater(send.nonce, at);
    log({ event: "send:retry", send: send.id, error, retryInMs: at - now() });
    return { kind: "retry", at };
  }

  #giveUp(send: StoredSend, { code, detail }: SendProblem, error: string): SendStep {
    this.#context.sends.fail(send.nonce, code, detail);
    this.#context.log({ event: "send:failed", send: send.id, reason: code, error });
    return SETTLED;
  }
}

const TOO_MANY: SendProblem = {
  code: "too_many_pending",
  detail: `${SENDS_PENDING_MAX} sends of this account wait to be delivered; wait until some are`,
  retryAfterMs: SENDS_PENDING_RETRY_AFTER_MS,
};

const INTERNAL: SendProblem = { code: "internal", detail: "something went wrong here; the log has it" };
