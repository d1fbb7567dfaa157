import type { Message } from "../clickclack/wire.ts";
import { RETRY_MAX_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import { admitMessage } from "./admission.ts";
import type { AskedReader } from "./asked.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import type { AdmitResult, LaneSteps, RunResult } from "./lane.ts";
import type { Link } from "./link.ts";
import type { Outage } from "./outage.ts";
import type { TurnRunner } from "./turn.ts";

/** What the steps of a message need. */
export interface StepTools {
  directory: Directory;
  asked: AskedReader;
  runner: TurnRunner;
  outage: Outage;
  link: Link;
  /** Called when {@link Lanes.nextDueAt} may have changed. */
  changed(): void;
  /** Called when a question begins to wait for the gateway. */
  parked(): void;
}

/** What the lanes do with a message, each step guarded: none ever throws. */
export class MessageSteps implements LaneSteps<Message> {
  readonly #context: AccountContext;
  readonly #tools: StepTools;

  constructor(context: AccountContext, tools: StepTools) {
    this.#context = context;
    this.#tools = tools;
  }

  admit(work: Work): Promise<AdmitResult<Message>> {
    return this.#guarded(work, (identity) => admitMessage(this.#context, this.#tools.asked, identity, work));
  }

  run(work: Work, fresh: Message | undefined): Promise<RunResult> {
    return this.#guarded(work, async (identity) => {
      const result = await this.#tools.runner.run(identity, work, fresh);
      if (result.kind === "parked") this.#tools.parked();
      return result;
    });
  }

  park(work: Work): void {
    this.#context.turns.park(work, this.now());
  }

  overflow({ messageId }: Work): void {
    const { log, journal, turns, transaction } = this.#context;
    transaction(() => {
      turns.remove(messageId);
      journal.drop(messageId, "overflow");
    });
    log({ event: "message:dropped", message: messageId, reason: "overflow" });
  }

  heldUntil({ hold }: Work): number | undefined {
    if (hold === undefined || this.#tools.link.looksDone >= hold.look) return undefined;
    return hold.until > this.now() ? hold.until : undefined;
  }

  now(): number {
    return this.#context.now();
  }

  probeAt(): number | undefined {
    return this.#tools.outage.probeAt;
  }

  changed(): void {
    this.#tools.changed();
  }

  /** What a step did not expect, such as storage that fails, is logged and tried again much later. */
  #guarded<Result>(
    work: Work,
    run: (identity: Identity) => Promise<Result>,
  ): Promise<Result | { kind: "retry"; at: number }> {
    const { log, background, now } = this.#context;
    const done = Promise.resolve(this.#tools.directory.known())
      .then((identity) => {
        if (identity === undefined) throw new Error("nobody knows who we are");
        return run(identity);
      })
      .catch((error: unknown) => {
        log({ event: "step:failed", message: work.messageId, error: errorText(error) });
        return { kind: "retry" as const, at: now() + RETRY_MAX_MS };
      });
    background(done);
    return done;
  }
}
