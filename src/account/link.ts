import { ClickClackError } from "../clickclack/errors.ts";
import { openSocket, type RealtimeSocket } from "../clickclack/socket.ts";
import { sha256Hex } from "../domain/hash.ts";
import { IDENTITY_RENEWAL_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { Intake } from "./intake.ts";
import { LinkRecord } from "./link-record.ts";
import type { LinkRoads } from "./link-roads.ts";
import { afterClose, isUp, type LinkStatus, linkFailure } from "./link-state.ts";
import { Looks } from "./looks.ts";
import { Progress } from "./progress.ts";
import { retryAt } from "./retry.ts";
import { explained } from "./token-refusal.ts";

/**
 * An account's link to ClickClack: a look through the events every so often, for what nothing else has brought, and between
 * them one socket, opened from the durable cursor and replaced whenever it is in doubt; or no socket, where callbacks take
 * its place.
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
  readonly #roads: LinkRoads;
  readonly #changed: () => void;
  readonly #record: LinkRecord;
  /** What belongs to an earlier generation, a socket or a try to open one, is ignored. */
  #generation = 0;
  #socket: RealtimeSocket | undefined;
  /** Where the socket started. */
  #openedAt = "";
  #watchAt: number | undefined;
  /** Whether ClickClack has called since the last try to bring the link up. */
  #isCalled = false;
  #readAt: number | undefined;
  readonly #looks: Looks;
  /** The generation that has a look going on. */
  #lookingIn: number | undefined;

  /** @param changed called when {@link Link.nextDueAt}, {@link Link.looksDone} or the identity may have changed */
  constructor(
    context: AccountContext,
    directory: Directory,
    intake: Intake,
    roads: LinkRoads,
    changed: () => void,
  ) {
    this.#context = context;
    this.#roads = roads;
    this.#directory = directory;
    this.#intake = intake;
    this.#progress = new Progress(context, intake);
    this.#changed = changed;
    this.#looks = new Looks(this.#progress, !roads.socket, changed);
    this.#record = new LinkRecord(context, !roads.socket, changed);
  }

  get status(): LinkStatus {
    return this.#record.status;
  }

  /** When the events were last read to their end, Unix ms; undefined when that was not in this life of the object. */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /** The last look, by number, that has come to the end of the events. */
  get looksDone(): number {
    return this.#looks.done;
  }

  /**
   * Has the events looked through at the next {@link Link.tick}.
   *
   * @returns the number of the look that shows everything there is now; once {@link Link.looksDone} has come to it, what
   *   was said before now is known
   */
  look(): number {
    this.#isCalled = true;
    return this.#looks.ask();
  }

  /** Whether it needs nothing before its next time, and the object may sleep until then. */
  get isAsleep(): boolean {
    return !this.#roads.socket && this.status.state !== "down" && !this.#looks.isAskedFor;
  }

  /** Goes on where an earlier life of the object stood, if it reached ClickClack as this one does. */
  async resume(): Promise<void> {
    const { account, client } = this.#context;
    const reached = [client.remote.url, account.workspace, client.remote.token.reveal()];
    const fingerprint = await sha256Hex(reached.join("\n"));
    this.#record.resume(fingerprint, this.#directory.known() !== undefined);
  }

  /** When the link wants to be looked at, Unix ms. */
  nextDueAt(): number | undefined {
    const { state, retryAt } = this.status;
    const calledAt = this.#isCalled && state === "reconnecting" ? this.#record.mayRetryAt : undefined;
    if (this.#watchAt === undefined) return calledAt;
    return Math.min(this.#watchAt, retryAt ?? this.#watchAt, calledAt ?? this.#watchAt);
  }

  /** Brings the link up unless it is up, is on its way or waits for its retry; and looks for what the socket let pass. */
  tick(): void {
    const now = this.#context.now();
    const { state, retryAt } = this.status;
    // Whoever calls is there: it would be wrong to wait for the end of a long backoff.
    const isCalled = this.#isCalled && state === "reconnecting" && this.#record.mayRetryAt <= now;
    if (state === "down" || isCalled || (retryAt !== undefined && retryAt <= now)) this.#start();
    const isDue = (this.#watchAt ?? 0) <= now || (isUp(this.status) && this.#looks.isAskedFor);
    if (!isDue) return;
    this.#watchAt = now + this.#roads.lookEveryMs;
    if (isUp(this.status)) this.#watch();
  }

  #start(): void {
    const generation = this.#drop();
    this.#isCalled = false;
    this.#watchAt = this.#context.now() + this.#roads.lookEveryMs;
    this.#record.set("connecting", this.#progress.isLost ? { reason: "resync" } : {});
    this.#inBackground(generation, () => this.#connect(generation));
  }

  async #connect(generation: number): Promise<void> {
    const identity = await this.#directory.identify();
    const cursor = await this.#progress.start(identity);
    if (this.#roads.socket) {
      const opened = await openSocket(this.#context.client.remote, identity.workspaceId, cursor);
      if (generation !== this.#generation) return opened.drop();
      this.#linked(opened, cursor, identity);
    }
    await this.#readEvents(generation, identity);
    if (this.#roads.socket || generation !== this.#generation) return;
    this.#record.set("sweeping");
    this.#context.log({ event: "link:sweeping", cursor });
  }

  #linked(opened: RealtimeSocket, cursor: string, { botUserId }: Identity): void {
    this.#socket = opened;
    this.#openedAt = cursor;
    this.#intake.socketFrom(cursor);
    const generation = this.#generation;
    const unlessOver = (act: () => void) => {
      if (generation === this.#generation) act();
    };
    opened.listen({
      frame: (text) => unlessOver(() => this.#intake.frame(text, botUserId)),
      closed: (code, text) => unlessOver(() => this.#closed(code, text)),
    });
    this.#record.set("linked");
    this.#context.log({ event: "link:linked", cursor });
  }

  async #readEvents(generation: number, identity: Identity): Promise<void> {
    this.#lookingIn = generation;
    const isOver = () => generation !== this.#generation;
    try {
      const holds = await this.#looks.through(identity, isOver);
      if (!holds) this.#resync();
      else if (!isOver()) {
        this.#readAt = this.#context.now();
        this.#record.noteLook();
      }
    } catch (error) {
      // Beside a socket it does no harm that the server cannot answer just now: it is asked again at the next look.
      if (!this.#roads.socket || !(error instanceof ClickClackError) || !error.retryable) throw error;
      this.#context.log({ event: "sweep:failed", error: errorText(error) });
      this.#retryLook();
    } finally {
      if (this.#lookingIn === generation) this.#lookingIn = undefined;
    }
  }

  /** One that somebody waits for is tried again sooner than one that is only due. */
  #retryLook(): void {
    const at = retryAt(this.#context, this.#looks.failed(), undefined);
    if (this.#looks.isWaitedFor) this.#watchAt = Math.min(this.#watchAt ?? at, at);
    this.#changed();
  }

  #closed(code: number, text: string): void {
    const { next, reason } = afterClose(code);
    const progressed = this.#intake.cursor !== this.#openedAt;
    this.#record.noteHealth();
    this.#drop();
    this.#context.log({ event: "link:lost", code, said: errorText(text) });
    if (next === "refused") this.#record.refused(reason, errorText(text));
    else if (next === "resync") this.#resync();
    else if (next === "now" && progressed) this.#start();
    else this.#record.backOff(reason, errorText(text));
  }

  /** The next start makes up for what was missed. Only the first one is made at once: a server may close every time. */
  #resync(): void {
    this.#drop();
    this.#progress.lose();
    if (this.#record.noteFirstFailure()) this.#start();
    else this.#record.backOff("resync", "");
  }

  #watch(): void {
    if (this.#lookingIn === this.#generation) return;
    const isOld = this.#context.now() - this.status.since >= IDENTITY_RENEWAL_MS;
    const missed = this.#intake.owed;
    if (missed > 0) this.#context.log({ event: "link:deaf", missed });
    if (missed > 0 || (isOld && !this.#roads.socket)) {
      this.#start();
      return;
    }
    this.#record.noteHealth();
    const identity = this.#directory.known();
    const generation = this.#generation;
    if (identity !== undefined) this.#inBackground(generation, () => this.#readEvents(generation, identity));
  }

  /** Runs a step of this generation; a failure takes the link down and is retried. */
  #inBackground(generation: number, step: () => Promise<void>): void {
    const failed = async (error: unknown) => {
      const why = await explained(this.#context, error, this.#directory.known());
      if (generation === this.#generation) this.#failed(why);
    };
    this.#context.background(step().catch(failed));
  }

  #failed(error: unknown): void {
    const { reason, refused, retryAfterMs } = linkFailure(error);
    this.#drop();
    if (refused) this.#record.refused(reason, errorText(error));
    else this.#record.backOff(reason, errorText(error), retryAfterMs);
  }

  /** Lets go of the socket, if any, and begins a new generation. */
  #drop(): number {
    this.#generation++;
    this.#socket?.drop();
    this.#socket = undefined;
    this.#intake.socketFrom(undefined);
    return this.#generation;
  }
}
