import type { Message } from "../clickclack/wire.ts";
import type { Config } from "../config/types.ts";
import {
  ADMISSIONS_AT_ONCE_MAX,
  RETRY_MAX_MS,
  TURNS_AT_ONCE_MAX,
  TURNS_WAITING_PER_CONVERSATION_MAX,
} from "../limits.ts";
import { AccountLog } from "../observe/account-log.ts";
import { errorText } from "../observe/redact.ts";
import { admitMessage } from "./admission.ts";
import { Asker } from "./ask.ts";
import { BackgroundSends } from "./background-sends.ts";
import { cleanUp } from "./cleanup.ts";
import { type AccountContext, contextOf, type UsableAccount } from "./context.ts";
import { DeadLetters } from "./dead.ts";
import { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import { Intake } from "./intake.ts";
import type { Work } from "./journal.ts";
import type { LaneSteps, RunResult } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { Link, type LinkStatus } from "./link.ts";
import { Notices } from "./notices.ts";
import { Outage } from "./outage.ts";
import { Replies } from "./reply.ts";
import { Schedule } from "./schedule.ts";
import { Sender } from "./send.ts";
import type { SendOutcome, SendRequest } from "./send-outcome.ts";
import { CountedSql } from "./sql.ts";
import { type AccountMetrics, type AccountStatus, accountStatus } from "./status.ts";
import { type Story, storyOf } from "./story.ts";
import { TurnRunner } from "./turn.ts";

/**
 * One account's duties, wired together: link → intake → journal → lanes (admission, turns) → outbox. Created once per
 * life of the object; what earlier lives left undone is read from the tables.
 */
export class Duties {
  readonly #context: AccountContext;
  readonly #log: AccountLog;
  readonly #sql: CountedSql;
  readonly #schedule: Schedule;
  readonly #directory: Directory;
  readonly #intake: Intake;
  readonly #link: Link;
  readonly #lanes: Lanes<Message>;
  readonly #replies: Replies;
  readonly #outage: Outage;
  readonly #notices: Notices;
  readonly #runner: TurnRunner;
  readonly #sender: Sender;
  readonly #startedAt = Date.now();
  readonly #sends: BackgroundSends;
  /** Whether it answers messages; if not, it has no link and sends only. */
  readonly #answers: boolean;
  readonly dead: DeadLetters;

  /** @param what the account may do: `answer` includes sending */
  constructor(state: DurableObjectState, account: UsableAccount, config: Config, what: "answer" | "send") {
    this.#answers = what === "answer";
    this.#sql = new CountedSql(state.storage.sql);
    this.#log = new AccountLog(account.id);
    this.#context = contextOf(state, account, config, this.#sql, this.#log);
    this.#schedule = new Schedule(state.storage);
    this.#directory = new Directory(this.#context);
    this.#replies = new Replies(this.#context);
    this.#outage = new Outage(this.#context, () => this.#gatewayIsBack());
    this.#notices = new Notices(this.#context, this.#directory, this.#outage);
    const asker = new Asker(this.#context, this.#directory);
    this.#runner = new TurnRunner(this.#context, asker, this.#outage, this.#replies);
    this.#sender = new Sender(this.#context, this.#directory);
    this.#sends = new BackgroundSends(this.#context, this.#directory, () => this.#arm());
    this.#lanes = new Lanes(this.#laneSteps(), {
      admissionsAtOnce: ADMISSIONS_AT_ONCE_MAX,
      turnsAtOnce: TURNS_AT_ONCE_MAX,
      waitingPerConversation: TURNS_WAITING_PER_CONVERSATION_MAX,
    });
    this.dead = new DeadLetters(this.#context, this.#replies, {
      toAdmit: (work) => this.#takeOn(work),
      toRun: (work) => {
        this.#lanes.addWaiting(work);
        this.#work();
      },
    });
    this.#intake = new Intake(this.#context, {
      message: (work) => this.#takeOn(work),
      deleted: (messageId) => this.#deleted(messageId),
    });
    this.#link = new Link(this.#context, this.#directory, this.#intake, () => this.#work());
    for (const work of this.#context.turns.unsettled()) this.#lanes.addWaiting(work);
    for (const work of this.#context.journal.undecided()) this.#lanes.add(work);
  }

  /** Does everything that is due and sets the alarm for what comes next. Quick: long work goes on by itself. */
  tick(): void {
    if (this.#answers) this.#duty("link", () => this.#link.tick());
    this.#duty("clean-up", () => cleanUp(this.#context, this.#sql));
    if (this.#mayAnswer) this.#duty("notices", () => this.#notices.tick());
    this.#work();
  }

  /** One duty that fails keeps no other from its work. */
  #duty(name: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#context.log({ event: "duty:failed", duty: name, error: errorText(error) });
    }
  }

  /** The alarm has gone off. */
  alarm(): void {
    this.#schedule.fired();
    this.tick();
  }

  get link(): LinkStatus {
    return this.#link.status;
  }

  send(request: SendRequest): Promise<SendOutcome> {
    return this.#sender.send(request);
  }

  accept(request: SendRequest): Promise<SendOutcome> {
    return this.#sends.accept(request);
  }

  status(): AccountStatus {
    return accountStatus(this.#context, this.#link, this.#intake, this.#outage);
  }

  metrics(): AccountMetrics {
    return {
      startedAt: this.#startedAt,
      linked: this.#link.status.state === "linked",
      reachable: this.#outage.current === undefined,
      ...this.#lanes.counts(),
      rowsWritten: this.#sql.rowsWritten,
      roads: this.#intake.roads,
      events: this.#log.counts(),
    };
  }

  story(messageId: string): Story | undefined {
    return storyOf(this.#context, this.#replies, messageId);
  }

  #takeOn(work: Work): void {
    this.#lanes.add(work);
    this.#work();
  }

  /** Messages are worked on as soon as it is known who we are, with the link up or not. */
  get #mayAnswer(): boolean {
    return this.#answers && this.#directory.known() !== undefined;
  }

  #work(): void {
    if (this.#mayAnswer) this.#lanes.pump();
    this.#sends.pump();
    this.#arm();
  }

  #arm(): void {
    const due = [
      this.#link.nextDueAt(),
      this.#mayAnswer ? this.#lanes.nextDueAt() : undefined,
      this.#mayAnswer ? this.#notices.nextDueAt() : undefined,
      this.#sends.nextDueAt(),
    ].filter((at) => at !== undefined);
    this.#schedule.arm(due.length === 0 ? undefined : Math.min(...due), this.#context.now());
  }

  #laneSteps(): LaneSteps<Message> {
    const { turns, now } = this.#context;
    return {
      admit: (work) => this.#step(work, (identity) => admitMessage(this.#context, identity, work)),
      run: (work, fresh) => this.#step(work, (identity) => this.#run(identity, work, fresh)),
      park: (work) => turns.park(work, now()),
      overflow: (work) => this.#overflow(work),
      now,
      probeAt: () => this.#outage.probeAt,
      changed: () => this.#arm(),
    };
  }

  async #run(identity: Identity, work: Work, fresh: Message | undefined): Promise<RunResult> {
    const result = await this.#runner.run(identity, work, fresh);
    if (result.kind === "parked") this.#duty("notices", () => this.#notices.tick());
    return result;
  }

  #gatewayIsBack(): void {
    this.#notices.over();
    this.#lanes.release();
  }

  /** A question that is deleted while it waits needs no answer; one whose answer is there already gets it. */
  #deleted(messageId: string): void {
    if (this.#replies.stored(messageId).length > 0) return;
    const work = this.#lanes.take(messageId);
    if (work === undefined) return;
    const { turns, log, now } = this.#context;
    turns.settle(messageId, "cancelled", now(), "deleted");
    log({ event: "turn:cancelled", message: messageId, reason: "deleted" });
    this.#work();
  }

  /** One step of a message. What it did not expect, such as storage that fails, is logged and tried again much later. */
  #step<Result>(
    work: Work,
    run: (identity: Identity) => Promise<Result>,
  ): Promise<Result | { kind: "retry"; at: number }> {
    const { log, background, now } = this.#context;
    const done = Promise.resolve(this.#directory.known())
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

  #overflow({ messageId }: Work): void {
    const { log, journal, turns, transaction } = this.#context;
    transaction(() => {
      turns.remove(messageId);
      journal.drop(messageId, "overflow");
    });
    log({ event: "message:dropped", message: messageId, reason: "overflow" });
  }
}
