import { ClickClackError } from "../clickclack/errors.ts";
import { openSocket } from "../clickclack/socket.ts";
import { backoffMs } from "../domain/backoff.ts";
import {
  LINK_HEALTHY_AFTER_MS,
  LINK_REFUSED_RETRY_MS,
  RECONNECT_MAX_MS,
  WATCHDOG_INTERVAL_MS,
} from "../limits.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { Intake } from "./intake.ts";
import { afterClose, type LinkReason, type LinkState, linkFailure } from "./link-state.ts";
import { type Swept, sweep } from "./sweep.ts";

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
  readonly #changed: () => void;
  #status: LinkStatus;
  /** What belongs to an earlier generation, a socket or a try to open one, is ignored. */
  #generation = 0;
  #socket: WebSocket | undefined;
  /** Where the socket started: everything after it is the socket's to bring. */
  #openedAt = "";
  /** The durable cursor: up to here a sweep has confirmed that nothing is missing. */
  #sweptTo = "";
  /** Failed tries and short-lived sockets since the link was last healthy. */
  #failures = 0;
  #watchAt: number | undefined;

  /** @param changed called when {@link Link.nextDueAt} or the identity may have changed */
  constructor(context: AccountContext, directory: Directory, intake: Intake, changed: () => void) {
    this.#context = context;
    this.#directory = directory;
    this.#intake = intake;
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

  /** Brings the link up unless it is up, is on its way, or waits for its retry. */
  ensure(): void {
    const { state, retryAt } = this.#status;
    if (state === "down" || (retryAt !== undefined && retryAt <= this.#context.now())) this.#start();
  }

  /** Does what is due: a retry, or the watchdog's look for what the socket let pass. */
  tick(): void {
    this.ensure();
    const now = this.#context.now();
    if ((this.#watchAt ?? 0) > now) return;
    this.#watchAt = now + WATCHDOG_INTERVAL_MS;
    if (this.#status.state === "linked") this.#watch();
  }

  /** Takes the link down for good: the account is switched off. */
  stop(reason: string): void {
    if (this.#status.state === "down") return;
    this.#drop();
    this.#watchAt = undefined;
    this.#set("down");
    log({ event: "link:stopped", account: this.#context.account.id, reason });
  }

  #start(): void {
    const generation = this.#drop();
    this.#watchAt = this.#context.now() + WATCHDOG_INTERVAL_MS;
    this.#set("connecting");
    this.#inBackground(generation, () => this.#connect(generation));
  }

  async #connect(generation: number): Promise<void> {
    const identity = await this.#directory.identify();
    const cursor = this.#resumeCursor(identity) ?? (await this.#firstStart(identity));
    const socket = await openSocket(this.#context.client.peer, identity.workspaceId, cursor);
    this.#listen(socket, generation, identity);
    socket.accept();
    if (generation !== this.#generation) return discard(socket);
    this.#socket = socket;
    this.#openedAt = cursor;
    this.#set("linked");
    log({ event: "link:linked", account: this.#context.account.id, cursor });
    await this.#sweep(generation, identity);
  }

  /** Where this bot left off in this workspace; undefined at its first start. */
  #resumeCursor(identity: Identity): string | undefined {
    const { facts } = this.#context;
    const before = facts.get("identity");
    if (before?.botUserId !== identity.botUserId || before.workspaceId !== identity.workspaceId)
      return undefined;
    if (JSON.stringify(before) !== JSON.stringify(identity)) facts.set("identity", identity);
    this.#sweptTo = facts.get("cursor") ?? "";
    if (this.#intake.cursor === "") this.#intake.resetCursor(this.#sweptTo);
    return this.#intake.cursor;
  }

  /** The tail is taken here, and nowhere else but after a lost cursor: what was said before is not for us. */
  async #firstStart(identity: Identity): Promise<string> {
    const cursor = await this.#context.client.tail(identity.workspaceId);
    this.#context.transaction(() => {
      this.#context.facts.set("identity", identity);
      this.#context.facts.set("floor", cursor);
      this.#context.facts.set("cursor", cursor);
    });
    this.#sweptTo = cursor;
    this.#intake.resetCursor(cursor);
    log({ event: "link:first_start", account: this.#context.account.id, cursor });
    return cursor;
  }

  #listen(socket: WebSocket, generation: number, identity: Identity): void {
    const current = () => generation === this.#generation;
    // Synchronous on purpose: ClickClack buffers 32 events and then closes, so a frame is journaled and nothing awaited.
    socket.addEventListener("message", ({ data }) => {
      if (current() && typeof data === "string") this.#intake.frame(data, identity.botUserId);
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (current()) this.#closed(identity, code, reason);
    });
    // A broken connection, or a frame that is too large, may bring an error and no close.
    socket.addEventListener("error", ({ message }) => {
      if (current()) this.#closed(identity, 1006, message);
    });
  }

  #closed(identity: Identity, code: number, text: string): void {
    const { next, reason } = afterClose(code);
    const progressed = this.#intake.cursor !== this.#openedAt;
    this.#noteHealth();
    const generation = this.#drop();
    log({ event: "link:lost", account: this.#context.account.id, code, reason: errorText(text) });
    if (next === "refused") this.#refuse(reason, errorText(text));
    else if (next === "resync") this.#inBackground(generation, () => this.#resync(identity));
    else if (next === "now" && progressed) this.#start();
    else this.#backOff(reason, errorText(text));
  }

  /**
   * The cursor cannot be replayed. Event pages take any cursor, so they may still have what came after it; from the tail
   * as it was before them, the next socket goes on. What the server has pruned cannot be told from here: the interval is
   * reported.
   */
  async #resync(identity: Identity): Promise<void> {
    const { facts, client, transaction, now, account } = this.#context;
    this.#set("reconnecting", { reason: "resync" });
    const from = this.#sweptTo;
    const tail = await client.tail(identity.workspaceId);
    const swept = await sweep(this.#context, this.#intake, identity, from);
    const to = swept.complete ? tail : swept.cursor;
    transaction(() => {
      facts.set("cursor", to);
      facts.set("gap", { fromCursor: from, toCursor: to, at: now() });
      // A tail before the cursor is a server restored from an older copy.
      if (to < from) facts.set("floor", to);
    });
    this.#sweptTo = to;
    this.#intake.resetCursor(to);
    log({ event: "link:resync", account: account.id, from, to, complete: swept.complete });
    if (this.#failures++ === 0) this.#start();
    else this.#backOff("resync", "");
  }

  #watch(): void {
    const missed = this.#intake.owed.size;
    if (missed > 0) {
      log({ event: "link:deaf", account: this.#context.account.id, missed });
      this.#start();
      return;
    }
    this.#noteHealth();
    const identity = this.#directory.known();
    const generation = this.#generation;
    if (identity !== undefined) this.#inBackground(generation, () => this.#sweep(generation, identity));
  }

  /**
   * Reads again everything since the last sweep. What the socket let pass is repaired, and remembered as owed: a socket
   * that hears brings it as well. A server that cannot answer just now is asked again at the next look.
   */
  async #sweep(generation: number, identity: Identity): Promise<void> {
    let swept: Swept;
    try {
      swept = await sweep(this.#context, this.#intake, identity, this.#sweptTo);
    } catch (error) {
      if (!(error instanceof ClickClackError) || !error.retryable) throw error;
      return log({ event: "sweep:failed", account: this.#context.account.id, error: errorText(error) });
    }
    if (generation !== this.#generation) return;
    const { repaired, cursor } = swept;
    for (const work of repaired) if (work.cursor > this.#openedAt) this.#intake.owed.add(work.messageId);
    if (repaired.length > 0)
      log({ event: "sweep:repaired", account: this.#context.account.id, messages: repaired.length });
    if (cursor !== this.#sweptTo) this.#context.facts.set("cursor", cursor);
    this.#sweptTo = cursor;
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
    const { account, now } = this.#context;
    log({ event: "link:refused", account: account.id, reason, error, retryInMs: LINK_REFUSED_RETRY_MS });
    this.#set("refused", { reason, error, retryAt: now() + LINK_REFUSED_RETRY_MS });
  }

  #backOff(reason: LinkReason, error: string, askedMs = 0): void {
    const { account, now, random } = this.#context;
    this.#failures++;
    const wait = backoffMs(this.#failures, account.reconnectMs, RECONNECT_MAX_MS, random());
    this.#set("reconnecting", { reason, error, retryAt: now() + Math.max(wait, askedMs) });
  }

  #noteHealth(): void {
    const { state, since } = this.#status;
    if (state === "linked" && this.#context.now() - since >= LINK_HEALTHY_AFTER_MS) this.#failures = 0;
  }

  /** Lets go of the socket, if any, and begins a new generation. */
  #drop(): number {
    if (this.#socket !== undefined) discard(this.#socket);
    this.#socket = undefined;
    this.#intake.owed.clear();
    return ++this.#generation;
  }

  #set(state: LinkState, more: Omit<LinkStatus, "state" | "since"> = {}): void {
    this.#status = { state, since: this.#context.now(), ...more };
    this.#changed();
  }
}

/** Drops a socket without waiting: ClickClack never answers a close frame. */
function discard(socket: WebSocket): void {
  try {
    socket.close(1000);
  } catch {
    // Already closed, or never accepted.
  }
}
