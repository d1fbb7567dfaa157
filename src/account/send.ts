import type { Place } from "../clickclack/client.ts";
import { ClickClackError } from "../clickclack/errors.ts";
import { sha256Hex } from "../domain/hash.ts";
import { sendNonce, sendNoncePrefix } from "../domain/nonce.ts";
import { formatTarget, parseTarget, type Target } from "../domain/target.ts";
import type { AccountContext } from "./context.ts";
import { type Delivery, deliver } from "./delivery.ts";
import { type Directory, WorkspaceNotFound } from "./directory.ts";
import type { OutboxItem } from "./outbox.ts";
import { problemOf, type SendOutcome, type SendProblem, type SendRequest } from "./send-outcome.ts";

/** A target that leads nowhere, found before anything was posted. */
class Unsendable extends Error {
  readonly problem: SendProblem;

  constructor(code: SendProblem["code"], detail: string) {
    super(detail);
    this.problem = { code, detail };
  }
}

/**
 * Makes outbound sends. A send's nonce comes from its id, and its id from the caller's idempotency key: asking again
 * with the same key finds what was sent, or posts the same text under the same nonce.
 */
export class Sender {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  /** Sends on their way, by id, so that the same key twice at once is one send. */
  readonly #inFlight = new Map<string, { hash: string; outcome: Promise<SendOutcome> }>();

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
  }

  async send(request: SendRequest): Promise<SendOutcome> {
    const parsed = parseTarget(request.to ?? this.#context.account.defaultTo);
    if (!parsed.ok) return refused({ code: "invalid_target", detail: parsed.problem });
    const to = formatTarget(parsed.target);
    const key = request.idempotencyKey;
    const id = `snd_${(await sha256Hex(key ?? crypto.randomUUID())).slice(0, 24)}`;
    const hash = await sha256Hex(JSON.stringify([to, request.text, request.replyTo ?? null]));

    const twin = this.#inFlight.get(id);
    if (twin !== undefined) return twin.hash === hash ? replayOf(await twin.outcome) : refused(KEY_REUSED);
    const outcome = this.#sendOnce(id, hash, parsed.target, request);
    this.#inFlight.set(id, { hash, outcome });
    try {
      return await outcome;
    } finally {
      this.#inFlight.delete(id);
    }
  }

  async #sendOnce(id: string, hash: string, target: Target, request: SendRequest): Promise<SendOutcome> {
    const to = formatTarget(target);
    const { account, outbox } = this.#context;
    const before = outbox.findByPrefix(sendNoncePrefix(account.id, id));
    if (before !== undefined && before.requestHash !== hash) return refused(KEY_REUSED);
    if (before?.postedId !== undefined)
      return { kind: "sent", id, to, messageId: before.postedId, replayed: true };
    try {
      const identity = this.#directory.known() ?? (await this.#directory.identify());
      const nonce = sendNonce(account.id, id, hash);
      const item = before ?? (await this.#store(identity.workspaceId, nonce, hash, target, request));
      const delivery = await this.#deliver(identity.workspaceId, item);
      return this.#concluded(id, to, item, delivery, request.idempotencyKey !== undefined);
    } catch (error) {
      if (error instanceof Unsendable) return refused(error.problem);
      if (error instanceof WorkspaceNotFound)
        return refused({ code: "workspace_not_found", detail: error.message });
      if (error instanceof ClickClackError) return refused(problemOf(error, placeKind(target), to));
      throw error;
    }
  }

  async #store(
    workspaceId: string,
    nonce: string,
    hash: string,
    target: Target,
    request: SendRequest,
  ): Promise<OutboxItem> {
    const place = await this.#resolve(workspaceId, target);
    const item = {
      nonce,
      place,
      quote: request.replyTo,
      text: request.text,
      requestHash: hash,
    };
    const now = this.#context.now();
    this.#context.outbox.store(item, now);
    return { ...item, attempts: 0, state: "pending", createdAt: now };
  }

  /** A post whose outcome is unknown is made once more, under its nonce: ClickClack then tells what became of it. */
  async #deliver(workspaceId: string, item: OutboxItem): Promise<Delivery> {
    const first = await deliver(this.#context, workspaceId, item);
    if (first.kind !== "retry" || first.cause.retryAfterMs !== undefined) return first;
    return deliver(this.#context, workspaceId, { ...item, attempts: item.attempts + 1 });
  }

  /** @param hasKey without one, nobody can ask again, and nothing is kept for it */
  #concluded(id: string, to: string, item: OutboxItem, delivery: Delivery, hasKey: boolean): SendOutcome {
    const { outbox, log } = this.#context;
    switch (delivery.kind) {
      case "sent":
        outbox.sent(item.nonce, delivery.messageId);
        log({ event: "send:sent", send: id, message: delivery.messageId });
        return { kind: "sent", id, to, messageId: delivery.messageId, replayed: false };
      case "refused":
        outbox.remove(item.nonce);
        log({ event: "send:failed", send: id, error: delivery.error.message });
        return refused(problemOf(delivery.error, item.place.kind, to));
      case "retry":
        if (!hasKey) outbox.remove(item.nonce);
        log({ event: "send:failed", send: id, error: delivery.cause.error });
        return refused({
          code: "clickclack_unavailable",
          detail: `${delivery.cause.error}; it may have been posted all the same: ${hasKey ? "ask again with the same Idempotency-Key" : "with an Idempotency-Key it could be asked for again"}`,
          ...(delivery.cause.retryAfterMs !== undefined && { retryAfterMs: delivery.cause.retryAfterMs }),
        });
    }
  }

  /**
   * Finds the place that a target names.
   *
   * @throws {Unsendable} when there is none
   * @throws {ClickClackError}
   */
  async #resolve(workspaceId: string, target: Target): Promise<Place> {
    const { client } = this.#context;
    switch (target.kind) {
      case "channel": {
        const channelId = await this.#directory.channelId(workspaceId, target.channel);
        if (channelId === undefined)
          throw new Unsendable("channel_not_found", `ClickClack channel not found: ${target.channel}`);
        return { kind: "channel", channelId };
      }
      case "dm":
        return { kind: "dm", dmId: (await client.openDm(workspaceId, target.userId)).id };
      case "dm_handle": {
        const person = await client.memberByHandle(workspaceId, target.handle);
        if (person === undefined)
          throw new Unsendable("user_not_found", `ClickClack user not found: @${target.handle}`);
        return { kind: "dm", dmId: (await client.openDm(workspaceId, person.id)).id };
      }
      case "thread":
        // Any message of the thread may be named; ClickClack takes replies at the root only.
        return { kind: "thread", rootId: (await client.message(target.messageId)).thread_root_id };
    }
  }
}

const KEY_REUSED: SendProblem = {
  code: "idempotency_key_reused",
  detail: "this Idempotency-Key was used for another request; use a new one",
};

function placeKind(target: Target): Place["kind"] {
  return target.kind === "dm_handle" ? "dm" : target.kind;
}

function refused(problem: SendProblem): SendOutcome {
  return { kind: "refused", problem };
}

function replayOf(outcome: SendOutcome): SendOutcome {
  return outcome.kind === "sent" ? { ...outcome, replayed: true } : outcome;
}
