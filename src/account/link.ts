import { openSocket, type RealtimeSocket } from "../clickclack/socket.ts";
import { backoffMs } from "../domain/backoff.ts";
import {
  LINK_HEALTHY_AFTER_MS,
  LINK_REFUSED_RETRY_MS,
  RECONNECT_MAX_MS,
  RETRY_AFTER_MAX_MS,
  WATCHDOG_INTERVAL_MS,
} from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { Intake } from "./intake.ts";
import { afterClose, type LinkReason, type LinkState, linkFailure } from "./link-state.ts";
import { Progress } from "./progress.ts";

/** What an operator sees of the link. */
export interface LinkStatus {
  state: LinkState;
  /** Unix ms. */
  since: number;
  reason?: LinkReason;
  error?: string;
  /** Unix ms; set while a retry is waited for. */
  retryAt?: number;
}

/**
 * An account's realtime connection: one socket, opened from the durable cursor and replaced whenever it is in doubt.
 *
 * ClickClack never reads its end: it answers no ping and no close frame, so silence proves nothing and a socket that we
 * give up is dropped, never waited for. What tells a deaf socket is lag: a message that the sweep found and the socket
 * did not bring until the next look.
 */
export class Link {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #intake: Intake;
  readonly #progress: Progress;
  readonly #changed: () => void;
  #status: LinkStatus;
  /** What belongs to an earlier generation, a socket or a try to open one, is ignored. */
  #generation = 0;
  #socket: RealtimeSocket | undefined;
  /** Where the socket started. */
  #openedAt = "";
  /** Failed tries and short-lived sockets since the link was last healthy. */
  #failures = 0;
  #watchAt: number | undefined;

  /** @param changed called when {@link Link.nextDueAt} or the identity may have changed */
  constructor(context: AccountContext, directory: Directory, intake: Intake, changed: () => void) {
    this.#context = context;
    this.#directory = directory;
    this.#intake = intake;
    this.#progress = new Progress(context, intake);
    this.#changed = changed;
    this.#status = { state: "down", since: context.now() };
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** When the link wants to be looked at, Unix ms. */
  nextDueAt(): number | undefined {
    if (this.#watchAt === undefined) return undefined;
    return Math.min(this.#watchAt, this.#status.retryAt ?? this.#watchAt);
  }

  /** Brings the link up unless it is up, is on its way or waits for its retry; and looks for what the socket let pass. */
  tick(): void {
    const now = this.#context.now();
    const { state, retryAt } = this.#status;
    if (state === "down" || (retryAt !== undefined && retryAt <= now)) this.#start();
    if ((this.#watchAt ?? 0) > now) return;
    this.#watchAt = now + WATCHDOG_INTERVAL_MS;
    if (this.#status.state === "linked") this.#watch();
  }

  #start(): void {
    const generation = this.#drop();
    this.#watchAt = this.#context.now() + WATCHDOG_INTERVAL_MS;
    this.#set("connecting", this.#progress.isLost ? { reason: "resync" } : {});
    this.#inBackground(generation, () => this.#connect(generation));
  }

  async #connect(generation: number): Promise<void> {
    const identity = await this.#directory.identify();
    const cursor = await this.#progress.start(identity);
    const opened = await openSocket(this.#context.client.remote, identity.workspaceId, cursor);
    if (generation !== this.#generation) return opened.drop();
    this.#socket = opened;
    this.#openedAt = cursor;
    this.#intake.socketFrom(cursor);
    this.#listen(opened.socket, generation, identity);
    opened.socket.accept();
    this.#set("linked");
    this.#context.log({ event: "link:linked", cursor });
    await this.#sweep(generation, identity);
  }

  async #sweep(generation: number, identity: Identity): Promise<void> {
    const reachesBack = await this.#progress.sweep(identity);
    if (reachesBack || generation !== this.#generation) return;
    this.#drop();
    this.#resync();
  }

  #listen(socket: WebSocket, generation: number, identity: Identity): void {
    const current = () => generation === this.#generation;
    // Synchronous on purpose: ClickClack buffers 32 events and then closes, so a frame is journaled and nothing awaited.
    socket.addEventListener("message", ({ data }) => {
      if (current() && typeof data === "string") this.#intake.frame(data, identity.botUserId);
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (current()) this.#closed(code, reason);
    });
    // A broken connection, or a frame that is too large, may bring an error and no close.
    socket.addEventListener("error", ({ message }) => {
      if (current()) this.#closed(1006, message);
    });
  }

  #closed(code: number, text: string): void {
    const { next, reason } = afterClose(code);
    const progressed = this.#intake.cursor !== this.#openedAt;
    this.#noteHealth();
    this.#drop();
    this.#context.log({ event: "link:lost", code, said: errorText(text) });
    if (next === "refused") this.#refuse(reason, errorText(text));
    else if (next === "resync") this.#resync();
    else if (next === "now" && progressed) this.#start();
    else this.#backOff(reason, errorText(text));
  }

  /** The next start makes up for what was missed. Only the first one is made at once: a server may close every time. */
  #resync(): void {
    this.#progress.lose();
    if (this.#failures++ === 0) this.#start();
    else this.#backOff("resync", "");
  }

  #watch(): void {
    const missed = this.#intake.owed;
    if (missed > 0) {
      this.#context.log({ event: "link:deaf", missed });
      this.#start();
      return;
    }
    this.#noteHealth();
    const identity = this.#directory.known();
    const generation = this.#generation;
    if (identity !== undefined) this.#inBackground(generation, () => this.#sweep(generation, identity));
  }

  /** Runs a step of this generation; a failure takes the link down and is retried. */
  #inBackground(generation: number, step: () => Promise<void>): void {
    this.#context.background(
      step().catch((error: unknown) => {
        if (generation === this.#generation) this.#failed(error);
      }),
    );
  }

  #failed(error: unknown): void {
    const { reason, refused, retryAfterMs } = linkFailure(error);
    this.#drop();
    if (refused) this.#refuse(reason, errorText(error));
    else this.#backOff(reason, errorText(error), retryAfterMs);
  }

  #refuse(reason: LinkReason, error: string): void {
    const { log, now } = this.#context;
    log({ event: "link:refused", reason, error, retryInMs: LINK_REFUSED_RETRY_MS });
    this.#set("refused", { reason, error, retryAt: now() + LINK_REFUSED_RETRY_MS });
  }

  #backOff(reason: LinkReason, error: string, askedMs = 0): void {
    const { account, now, random } = this.#context;
    this.#failures++;
    const wait = backoffMs(this.#failures, account.reconnectMs, RECONNECT_MAX_MS, random());
    const asked = Math.min(askedMs, RETRY_AFTER_MAX_MS);
    this.#set("reconnecting", { reason, error, retryAt: now() + Math.max(wait, asked) });
  }

  #noteHealth(): void {
    const { state, since } = this.#status;
    if (state === "linked" && this.#context.now() - since >= LINK_HEALTHY_AFTER_MS) this.#failures = 0;
  }

  /** Lets go of the socket, if any, and begins a new generation. */
  #drop(): number {
    this.#generation++;
    this.#socket?.drop();
    this.#socket = undefined;
    this.#intake.socketFrom(undefined);
    return this.#generation;
  }

  #set(state: LinkState, more: Omit<LinkStatus, "state" | "since"> = {}): void {
    this.#status = { state, since: this.#context.now(), ...more };
    this.#changed();
  }
}
