import { DurableObject } from "cloudflare:workers";
import type { CommandCallback } from "../clickclack/callback.ts";
import type { Event } from "../clickclack/wire.ts";
import { configOf } from "../config/current.ts";
import { sendNoncePrefix } from "../domain/nonce.ts";
import type { Env } from "../env.ts";
import { WATCHDOG_INTERVAL_MS } from "../limits.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import type { CommandOutcome, EventOutcome } from "./callbacks.ts";
import type { DeadAction, DeadItem } from "./dead.ts";
import { Duties } from "./duties.ts";
import type { Delivery } from "./journal.ts";
import type { LinkStatus } from "./link-state.ts";
import { readinessOf } from "./readiness.ts";
import { type Refusal, Refusals } from "./refusals.ts";
import { migrate } from "./schema.ts";
import { refused, type SendOutcome, type SendRequest, type UploadInline } from "./send-outcome.ts";
import { type SendState, sendStateOf } from "./send-state.ts";
import { Sends } from "./sends.ts";
import type { AccountMetrics, AccountStatus } from "./status.ts";
import type { Story } from "./story.ts";
import type { Overview } from "./watch.ts";

/**
 * One bot account: the shell around its duties. Named by account id. No method is called `connect` or `fetch`: a stub
 * keeps those names for itself.
 *
 * Its configuration holds for its life: another one comes with another version of the Worker, and so with a new instance.
 */
export class BotAccount extends DurableObject<Env> {
  readonly #duties: Duties | undefined;
  /** Why it does not answer; undefined when it does. */
  readonly #idle: string | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage);
    const readiness = readinessOf(configOf(env), state.id.name ?? "");
    if (readiness.send) {
      const { account, config, link } = readiness;
      this.#duties = new Duties(state, account, config, link ? "answer" : "send");
    }
    if (!readiness.link) this.#idle = readiness.reason;
    void state.blockConcurrencyWhile(async () => this.#duties?.wake());
  }

  /** Brings the account up unless it is up. Called every minute by the cron trigger. */
  ensure(): void {
    this.#duties?.ensure();
  }

  /**
   * Takes in an event of an event subscription, and answers once it is stored.
   *
   * @param event ClickClack's, its signature checked
   */
  callback(event: Event, delivery: Delivery): EventOutcome {
    return this.#duties?.callback(event, delivery) ?? { taken: false, reason: "not_started" };
  }

  /** Takes in a slash command, its signature checked, and answers once it is stored. */
  command(given: CommandCallback, delivery: Delivery): CommandOutcome {
    return this.#duties?.command(given, delivery) ?? { taken: false, reason: "not_started" };
  }

  /** Counts callbacks that were refused. */
  callbacksRefused(refusals: readonly Refusal[]): void {
    const table = new Refusals(this.ctx.storage.sql);
    for (const refusal of refusals) table.add(refusal, Date.now());
  }

  /** Makes an outbound send, and answers once that is done. */
  async send(request: SendRequest): Promise<SendOutcome> {
    return this.#duties?.send(request) ?? this.#cannotSend();
  }

  /** Takes an outbound send on, and answers once it is stored. */
  async accept(request: SendRequest): Promise<SendOutcome> {
    return this.#duties?.accept(request) ?? this.#cannotSend();
  }

  /**
   * The same for a send with files. A method of its own: for minutes after an update a new Worker calls objects of the
   * version before, and one that knew no files would post the text alone.
   *
   * @param inline uploads the files whose data came with the request; a function of the caller's, called while this lasts
   */
  async sendFiles(request: SendRequest, how: "send" | "accept", inline?: UploadInline): Promise<SendOutcome> {
    return this.#duties?.[how](request, inline) ?? this.#cannotSend();
  }

  /**
   * What became of an outbound send; it can be read whatever the configuration lets the account do.
   *
   * @param hex that part of its id
   * @returns undefined when there is none, or none any more
   */
  sendState(hex: string): SendState | undefined {
    const prefix = sendNoncePrefix({ accountId: this.ctx.id.name ?? "", hex });
    const send = new Sends(this.ctx.storage.sql).findUnder(prefix);
    return send === undefined ? undefined : sendStateOf(send, Date.now());
  }

  /** Where the realtime connection stands; undefined when the configuration lets the account do nothing. */
  link(): LinkStatus | undefined {
    return this.#duties?.link;
  }

  /** What the account can say of itself; undefined when the configuration lets it do nothing. */
  status(): AccountStatus | undefined {
    return this.#duties?.watch.status();
  }

  /** The same for Prometheus, which asks often. */
  metrics(): AccountMetrics | undefined {
    return this.#duties?.watch.metrics();
  }

  /** What a person who watches it is shown. @param afresh whatever it costs */
  overview(afresh: boolean): Overview | undefined {
    return this.#duties?.watch.overview(afresh);
  }

  /**
   * The account's log, its last lines first, as Server-Sent Events without end.
   *
   * @param after id of the last line that the reader has
   */
  log(after: string | undefined): ReadableStream<Uint8Array> | undefined {
    return this.#duties?.log.recent.stream(after);
  }

  /** What became of one message; undefined when nobody told of it. */
  story(messageId: string): Story | undefined {
    return this.#duties?.watch.story(messageId);
  }

  /** Messages that were given up, the newest first. */
  deadLetters(): DeadItem[] {
    return this.#duties?.dead.list() ?? [];
  }

  /** Has a message that was given up tried again. */
  retryDead(messageId: string): DeadAction {
    return this.#duties?.dead.retry(messageId) ?? { done: false, state: undefined };
  }

  /** Lets a message go that was given up. */
  discardDead(messageId: string): DeadAction {
    return this.#duties?.dead.discard(messageId) ?? { done: false, state: undefined };
  }

  /** Never throws: after six throws the alarm would be gone. */
  override async alarm(): Promise<void> {
    try {
      this.#duties?.alarm();
    } catch (error) {
      log({ event: "alarm:failed", account: this.ctx.id.name ?? "", error: errorText(error) });
      await this.ctx.storage.setAlarm(Date.now() + WATCHDOG_INTERVAL_MS);
    }
  }

  #cannotSend(): SendOutcome {
    return refused({ code: "not_configured", detail: this.#idle ?? "" });
  }
}
