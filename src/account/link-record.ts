import { backoffMs } from "../domain/backoff.ts";
import {
  LINK_HEALTHY_AFTER_MS,
  LINK_REFUSED_RETRY_MS,
  RECONNECT_MAX_MS,
  RETRY_AFTER_MAX_MS,
  RETRY_MIN_MS,
} from "../limits.ts";
import type { AccountContext } from "./context.ts";
import { isUp, type LinkReason, type LinkState, type LinkStatus } from "./link-state.ts";

/**
 * Where a link stands, and when it is tried again. Of one without a socket it is stored: its object sleeps between messages,
 * nothing is lost between two of its lives, and starting anew in each would ask ClickClack every time who we are.
 */
export class LinkRecord {
  readonly #context: AccountContext;
  readonly #isKept: boolean;
  readonly #changed: () => void;
  #status: LinkStatus;
  #fingerprint = "";
  /** Failed tries and short-lived sockets since the link was last healthy. */
  #failures = 0;
  #mayRetryAt = 0;

  constructor(context: AccountContext, isKept: boolean, changed: () => void) {
    this.#context = context;
    this.#isKept = isKept;
    this.#changed = changed;
    this.#status = { state: "down", since: context.now() };
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** Before then nothing is tried again, whatever speaks for it, Unix ms. */
  get mayRetryAt(): number {
    return this.#mayRetryAt;
  }

  set(state: LinkState, more: Omit<LinkStatus, "state" | "since"> = {}): void {
    this.#status = { state, since: this.#context.now(), ...more };
    // One that died while it was connecting is where it was before.
    if (this.#isKept && state !== "connecting") this.#keep();
    this.#changed();
  }

  /**
   * Goes on from what was stored.
   *
   * @param fingerprint of what ClickClack is reached with; what was stored under another one says nothing
   * @param isKnown whether it is known who we are there
   */
  resume(fingerprint: string, isKnown: boolean): void {
    this.#fingerprint = fingerprint;
    const rest = this.#isKept && isKnown ? this.#context.facts.get("rest") : undefined;
    if (rest?.fingerprint !== fingerprint) return;
    this.#status = rest.status;
    this.#failures = rest.failures;
  }

  /** What only an operator can mend is tried again slowly. */
  refused(reason: LinkReason, error: string): void {
    const { log, now } = this.#context;
    log({ event: "link:refused", reason, error, retryInMs: LINK_REFUSED_RETRY_MS });
    this.set("refused", { reason, error, retryAt: now() + LINK_REFUSED_RETRY_MS });
  }

  /** @param askedMs what the remote asked for, milliseconds */
  backOff(reason: LinkReason, error: string, askedMs = 0): void {
    const { account, now, random } = this.#context;
    this.#failures++;
    const wait = backoffMs(this.#failures, account.reconnectMs, RECONNECT_MAX_MS, random());
    const asked = Math.min(askedMs, RETRY_AFTER_MAX_MS);
    this.#mayRetryAt = now() + Math.max(RETRY_MIN_MS, asked);
    this.set("reconnecting", { reason, error, retryAt: now() + Math.max(wait, asked) });
  }

  /** Counts a failure that is mended at once if it is the first. @returns whether it is */
  noteFirstFailure(): boolean {
    if (this.#failures > 0) return false;
    this.#failures++;
    return true;
  }

  noteHealth(): void {
    const { since } = this.#status;
    if (isUp(this.#status) && this.#context.now() - since >= LINK_HEALTHY_AFTER_MS) this.#failures = 0;
  }

  /**
   * The events were read. That is all that a link without a socket has to show, so that its failures are those in a row:
   * counted over its short lives they would grow for ever, and it would be away for longer than messages are held back.
   */
  noteLook(): void {
    if (this.#isKept) this.#failures = 0;
  }

  #keep(): void {
    const [status, fingerprint, failures] = [this.#status, this.#fingerprint, this.#failures];
    this.#context.facts.set("rest", { status, fingerprint, failures });
  }
}
