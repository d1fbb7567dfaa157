import type { CommandCallback } from "../clickclack/callback.ts";
import type { Event, Message } from "../clickclack/wire.ts";
import type { Config } from "../config/types.ts";
import { isCommandId } from "../domain/command.ts";
import type { AccountLog } from "../observe/account-log.ts";
import { errorText } from "../observe/redact.ts";
import { type Answering, answering } from "./answering.ts";
import type { Asking } from "./asking.ts";
import { BackgroundSends } from "./background-sends.ts";
import { Callbacks, type CommandOutcome, type EventOutcome } from "./callbacks.ts";
import { cleanUp } from "./cleanup.ts";
import { type AccountContext, contextOf, logOf, type UsableAccount } from "./context.ts";
import { DeadLetters } from "./dead.ts";
import { Directory } from "./directory.ts";
import { Intake } from "./intake.ts";
import type { Delivery, Work } from "./journal.ts";
import { LANE_BOUNDS } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { Link } from "./link.ts";
import { linkRoads } from "./link-roads.ts";
import type { LinkStatus } from "./link-state.ts";
import { Menu } from "./menu.ts";
import { Notices } from "./notices.ts";
import { Outage } from "./outage.ts";
import { Replies } from "./reply.ts";
import { Schedule } from "./schedule.ts";
import { Sender } from "./send.ts";
import type { SendOutcome, SendRequest, UploadInline } from "./send-outcome.ts";
import { CountedSql } from "./sql.ts";
import { MessageSteps } from "./steps.ts";
import { Watch } from "./watch.ts";

/**
 * One account's duties, wired together: link → intake → journal → lanes (admission, turns) → outbox. Created once per
 * life of the object; what earlier lives left undone is read from the tables.
 */
export class Duties {
  readonly #context: AccountContext;
  readonly log: AccountLog;
  readonly #sql: CountedSql;
  readonly #schedule: Schedule;
  readonly #directory: Directory;
  readonly #intake: Intake;
  readonly #link: Link;
  readonly #callbacks: Callbacks;
  readonly #lanes: Lanes<Message>;
  readonly #replies: Replies;
  readonly #asking: Asking;
  readonly #menu: Menu;
  readonly #outage: Outage;
  readonly #notices: Notices;
  readonly #sender: Sender;
  readonly #sends: BackgroundSends;
  /** Whether it answers messages; if not, it has no link and sends only. */
  readonly #answers: boolean;
  readonly dead: DeadLetters;
  readonly watch: Watch;

  /** @param what the account may do: `answer` includes sending */
  constructor(state: DurableObjectState, account: UsableAccount, config: Config, what: "answer" | "send") {
    this.#answers = what === "answer";
    this.#sql = new CountedSql(state.storage.sql);
    this.log = logOf(account);
    this.#context = contextOf(state, account, config, this.#sql, this.log);
    this.#schedule = new Schedule(state.storage);
    this.#directory = new Directory(this.#context);
    this.#replies = new Replies(this.#context);
    this.#outage = new Outage(this.#context, () => this.#gatewayIsBack());
    this.#notices = new Notices(this.#context, this.#directory, this.#outage);
    this.#sender = new Sender(this.#context, this.#directory);
    this.#sends = new BackgroundSends(this.#context, this.#directory, () => this.#arm());
    this.dead = new DeadLetters(this.#context, this.#replies, {
      toAdmit: (work) => this.#takeOn(work),
      toRun: (work) => {
        this.#lanes.addWaiting(work);
        this.#work();
      },
    });
    this.#intake = new Intake(this.#context, {
      heard: (work, event, botUserId) =>
        this.#context.ahead.begin(work, event, botUserId, this.#lanes.isBusy(work.conversation)),
      message: (work) => this.#takeOn(work),
      deleted: (messageId) => this.#deleted(messageId),
      updated: (messageId) => this.#asking.updated(messageId),
    });
    const roads = linkRoads(account.inbound, config.edge);
    this.#link = new Link(this.#context, this.#directory, this.#intake, roads, () => this.#work());
    this.#menu = new Menu(this.#context, this.#directory, this.#link);
    this.#callbacks = new Callbacks(this.#context, this.#directory, this.#intake, this.#link);
    const answers = answering(this.#context, {
      directory: this.#directory,
      outage: this.#outage,
      replies: this.#replies,
      line: () => this.#lanes,
    });
    this.#asking = answers.asking;
    this.#lanes = new Lanes(this.#steps(answers), LANE_BOUNDS);
    this.watch = new Watch(this.#context, this.#sql, this.log, {
      ...{ link: this.#link, directory: this.#directory, outage: this.#outage, asking: this.#asking },
      ...{ lanes: this.#lanes, intake: this.#intake, replies: this.#replies, dead: this.dead },
    });
    this.#restore();
  }

  #steps({ asked, runner }: Answering): MessageSteps {
    return new MessageSteps(this.#context, {
      directory: this.#directory,
      asked,
      runner,
      outage: this.#outage,
      link: this.#link,
      changed: () => this.#arm(),
      parked: () => this.#duty("notices", () => this.#notices.tick()),
    });
  }

  /** Puts what an earlier life left undone back in line. */
  #restore(): void {
    const { turns, journal, account } = this.#context;
    for (const work of turns.unsettled()) this.#lanes.addWaiting(work);
    // What a callback brought, as it does every command, may have been waiting for what was said before it.
    const isHeld = ({ messageId }: Work) => account.inbound !== "realtime" || isCommandId(messageId);
    for (const work of journal.undecided())
      this.#lanes.add(isHeld(work) ? { ...work, hold: this.#callbacks.hold() } : work);
  }

  /** Reads what it takes to go on where an earlier life of the object has stopped; before anything else. */
  async wake(): Promise<void> {
    await this.#schedule.load();
    await this.#link.resume();
  }

  /** Brings the account up unless it sleeps and has an alarm to wake it; what was left undone is gone on with. */
  ensure(): void {
    if (this.#link.isAsleep && this.#schedule.isArmed(this.#context.now())) this.#work();
    else this.tick();
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

  /** Takes in an event that ClickClack has signed. */
  callback(event: Event, delivery: Delivery): EventOutcome {
    return this.#followUp(this.#callbacks.event(event, delivery));
  }

  /** Takes in a slash command that ClickClack has signed. */
  command(given: CommandCallback, delivery: Delivery): CommandOutcome {
    return this.#followUp(this.#callbacks.command(given, delivery));
  }

  /** What was taken is looked into at once; ClickClack waits, so that nothing else is done. */
  #followUp<Outcome extends { taken: boolean }>(outcome: Outcome): Outcome {
    if (outcome.taken) this.#duty("link", () => this.#link.tick());
    this.#work();
    return outcome;
  }

  send(request: SendRequest, inline?: UploadInline): Promise<SendOutcome> {
    return this.#sender.send(request, inline);
  }

  accept(request: SendRequest, inline?: UploadInline): Promise<SendOutcome> {
    return this.#sends.accept(request, inline);
  }

  #takeOn(work: Work): void {
    this.#lanes.add(work);
    this.#work();
  }

  /** As soon as it is known who we are, with the link up or not. */
  get #mayAnswer(): boolean {
    return this.#answers && this.#directory.known() !== undefined;
  }

  #work(): void {
    if (this.#mayAnswer) this.#lanes.pump();
    this.#menu.tick();
    this.#sends.pump();
    this.#arm();
  }

  #arm(): void {
    const due = [
      this.#link.nextDueAt(),
      ...(this.#mayAnswer ? [this.#lanes.nextDueAt(), this.#notices.nextDueAt()] : []),
      this.#sends.nextDueAt(),
    ].filter((at) => at !== undefined);
    this.#schedule.arm(due.length === 0 ? undefined : Math.min(...due), this.#context.now());
  }

  #gatewayIsBack(): void {
    this.#notices.over();
    this.#lanes.release();
  }

  /** A question that is deleted while it waits needs no answer; one whose answer is there already gets it. */
  #deleted(messageId: string): void {
    this.#context.ahead.forget(messageId);
    if (this.#replies.stored(messageId).length > 0 || this.#lanes.take(messageId) === undefined) return;
    const { turns, log, now } = this.#context;
    turns.settle(messageId, "cancelled", now(), "deleted");
    log({ event: "turn:cancelled", message: messageId, reason: "deleted" });
    this.#work();
  }
}
