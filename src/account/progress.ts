import { laterCursor } from "../domain/cursor.ts";
import { RESYNC_ATTEMPTS_MAX } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Intake } from "./intake.ts";
import { resync } from "./resync.ts";
import { sweep } from "./sweep.ts";
import { takeTail } from "./tail.ts";

/** What a sweep has come to. */
export type Reach =
  /** The log does not hold the durable cursor any more: what came after it may be gone as well. */
  | "lost"
  /** Further than before, and not yet at the end. */
  | "behind"
  /** Everything that there was is taken in, as far as it can be read. */
  | "level";

/**
 * How far an account has come: the durable cursor. It moves when a sweep has read what the socket should have brought,
 * so that nothing before it is missing; a socket that starts from it may bring a little again, which the journal knows.
 */
export class Progress {
  readonly #context: AccountContext;
  readonly #intake: Intake;
  /** The durable cursor. */
  #sweptTo = "";
  #isLost = false;

  constructor(context: AccountContext, intake: Intake) {
    this.#context = context;
    this.#intake = intake;
    this.#sweptTo = context.facts.get("cursor") ?? "";
    this.#isLost = context.facts.get("resyncTries") !== undefined;
  }

  /** Whether the next start has to make up for a lost cursor. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * The log does not reach back to the durable cursor. Nothing moves that cursor before it is made up for, so that after
   * a failure, or in another life of the object, it is made up for from the same one.
   */
  lose(): void {
    const { facts } = this.#context;
    if (!this.#isLost) facts.set("resyncTries", 0);
    this.#isLost = true;
  }

  /**
   * Where the next socket goes on: where this bot left off in this workspace, or the tail at its very first start. A lost
   * cursor is made up for first.
   *
   * @throws {ClickClackError} when the tail, or what was missed, cannot be read
   */
  async start(identity: Identity): Promise<string> {
    const { facts } = this.#context;
    const before = facts.get("identity");
    if (before?.botUserId !== identity.botUserId || before.workspaceId !== identity.workspaceId)
      return this.#firstStart(identity);
    if (JSON.stringify(before) !== JSON.stringify(identity)) facts.set("identity", identity);
    this.#sweptTo = facts.get("cursor") ?? "";
    if (this.#isLost) await this.#resync(identity);
    else if (this.#intake.cursor === "") this.#intake.resetCursor(this.#sweptTo);
    return this.#intake.cursor;
  }

  /**
   * Reads again everything since the last sweep and repairs what the other roads let pass.
   *
   * That is done only while the log still holds the event at the cursor. A socket that starts from a pruned one is closed
   * with 4001, but the sweep behind it may be the faster one, and to move on then would hide for good what was pruned.
   *
   * @throws {ClickClackError}
   */
  async sweep(identity: Identity): Promise<Reach> {
    const { log, facts } = this.#context;
    const from = this.#sweptTo;
    const absent = facts.get("absentTail");
    // The empty cursor is no event's, and a tail that no page shows would be lost again and again.
    const mustHold = from !== "" && !(absent?.why === "hidden" && absent.cursor === from);
    const swept = await sweep(this.#context, this.#intake, identity, from, mustHold);
    const { repaired, cursor, complete, holds, tail } = swept;
    if (repaired > 0) log({ event: "sweep:repaired", messages: repaired });
    // A log that is still empty has brought nothing that could be missing.
    if (mustHold && !holds) return absent?.why === "empty" && tail === "" ? "level" : "lost";
    if (cursor <= this.#sweptTo) return "level";
    facts.set("cursor", cursor);
    if (absent !== undefined) facts.remove("absentTail");
    this.#sweptTo = cursor;
    return complete ? "level" : "behind";
  }

  /** @throws {ClickClackError} then the cursor is still lost, and still where it was */
  async #resync(identity: Identity): Promise<void> {
    const { facts, transaction, now, log } = this.#context;
    const from = this.#sweptTo;
    const tries = (facts.get("resyncTries") ?? 0) + 1;
    facts.set("resyncTries", tries);
    const isLastTry = tries >= RESYNC_ATTEMPTS_MAX;
    const { isHidden, ...made } = await resync(this.#context, this.#intake, identity, from, isLastTry);
    const { to, uncovered } = made;
    // An empty log has no event to be held to, so the lost one is kept: with the next event it is lost again, and
    // what was pruned before that event was read is looked for, too.
    const kept = to === "" ? from : to;
    transaction(() => {
      facts.set("cursor", kept);
      facts.remove("resyncTries");
      this.#noteTail(to, to === "" ? "empty" : isHidden ? "hidden" : undefined);
      if (uncovered !== undefined) facts.set("gap", { fromCursor: from, toCursor: to, at: now(), uncovered });
      // The log ends before the cursor: the server was restored from an older copy. What lies before the lost cursor was
      // seen, and the rows that remember it may have been cleaned up.
      if (kept < from) facts.set("floor", laterCursor(facts.get("floor") ?? "", from));
    });
    this.#isLost = false;
    this.#sweptTo = kept;
    this.#intake.resetCursor(to);
    log({ event: "link:resync", from, ...made });
  }

  /** The tail is taken here, and nowhere else but after a lost cursor: what was said before is not for us. */
  async #firstStart(identity: Identity): Promise<string> {
    const { facts, client, transaction, log } = this.#context;
    const { cursor, isHidden } = await takeTail(client, identity.workspaceId);
    transaction(() => {
      facts.set("identity", identity);
      facts.set("floor", cursor);
      facts.set("cursor", cursor);
      facts.remove("resyncTries");
      this.#noteTail(cursor, isHidden ? "hidden" : undefined);
    });
    this.#isLost = false;
    this.#sweptTo = cursor;
    this.#intake.resetCursor(cursor);
    log({ event: "link:first_start", cursor });
    return cursor;
  }

  /** Notes for later lives why the log may lack the event that is gone on from; nearly always it has it. */
  #noteTail(cursor: string, why: "hidden" | "empty" | undefined): void {
    const { facts } = this.#context;
    if (why !== undefined) facts.set("absentTail", { cursor, why });
    else if (facts.get("absentTail") !== undefined) facts.remove("absentTail");
  }
}
