import { ClickClackError } from "../clickclack/errors.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Intake } from "./intake.ts";
import { type Swept, sweep } from "./sweep.ts";

/**
 * How far an account has come: the durable cursor. It moves when a sweep has read what the socket should have brought,
 * so that nothing before it is missing; a socket that starts from it may bring a little again, which the journal knows.
 */
export class Progress {
  readonly #context: AccountContext;
  readonly #intake: Intake;
  /** The durable cursor. */
  #sweptTo = "";

  constructor(context: AccountContext, intake: Intake) {
    this.#context = context;
    this.#intake = intake;
  }

  /**
   * Where the next socket goes on: where this bot left off in this workspace, or the tail at its very first start.
   *
   * @throws {ClickClackError} when the tail cannot be read
   */
  async start(identity: Identity): Promise<string> {
    const { facts } = this.#context;
    const before = facts.get("identity");
    if (before?.botUserId !== identity.botUserId || before.workspaceId !== identity.workspaceId)
      return this.#firstStart(identity);
    if (JSON.stringify(before) !== JSON.stringify(identity)) facts.set("identity", identity);
    this.#sweptTo = facts.get("cursor") ?? "";
    if (this.#intake.cursor === "") this.#intake.resetCursor(this.#sweptTo);
    return this.#intake.cursor;
  }

  /**
   * Reads again everything since the last sweep and repairs what the socket let pass. A server that cannot answer just
   * now is asked again at the next look.
   *
   * @throws {ClickClackError} what an operator has to mend
   */
  async sweep(identity: Identity): Promise<void> {
    const { log, facts } = this.#context;
    let swept: Swept;
    try {
      swept = await sweep(this.#context, this.#intake, identity, this.#sweptTo);
    } catch (error) {
      if (!(error instanceof ClickClackError) || !error.retryable) throw error;
      return log({ event: "sweep:failed", error: errorText(error) });
    }
    const { repaired, cursor } = swept;
    if (repaired > 0) log({ event: "sweep:repaired", messages: repaired });
    if (cursor <= this.#sweptTo) return;
    facts.set("cursor", cursor);
    this.#sweptTo = cursor;
  }

  /**
   * The cursor cannot be replayed. Event pages take any cursor, so they may still have what came after it; from the tail
   * as it was before them, the next socket goes on. What the server has pruned cannot be told from here: the interval is
   * reported.
   *
   * @throws {ClickClackError}
   */
  async resync(identity: Identity): Promise<void> {
    const { facts, client, transaction, now, log } = this.#context;
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
    log({ event: "link:resync", from, to, complete: swept.complete });
  }

  /** The tail is taken here, and nowhere else but after a lost cursor: what was said before is not for us. */
  async #firstStart(identity: Identity): Promise<string> {
    const { facts, client, transaction, log } = this.#context;
    const cursor = await client.tail(identity.workspaceId);
    transaction(() => {
      facts.set("identity", identity);
      facts.set("floor", cursor);
      facts.set("cursor", cursor);
    });
    this.#sweptTo = cursor;
    this.#intake.resetCursor(cursor);
    log({ event: "link:first_start", cursor });
    return cursor;
  }
}
