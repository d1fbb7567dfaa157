import { ClickClackClient } from "../clickclack/client.ts";
import type { Message } from "../clickclack/wire.ts";
import type { Secret } from "../config/secret.ts";
import type { Account, Config } from "../config/types.ts";
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
import type { AccountContext } from "./context.ts";
import { Directory } from "./directory.ts";
import { FactStore, type Identity } from "./facts.ts";
import { Intake } from "./intake.ts";
import { Journal, type Work } from "./journal.ts";
import { type LaneSteps, Lanes } from "./lanes.ts";
import { Link, type LinkStatus } from "./link.ts";
import { Outbox } from "./outbox.ts";
import { Schedule } from "./schedule.ts";
import { Sender } from "./send.ts";
import type { SendOutcome, SendRequest } from "./send-outcome.ts";
import { Sends } from "./sends.ts";
import { type AccountStatus, accountStatus } from "./status.ts";
import { TurnRunner } from "./turn.ts";
import { Turns } from "./turns.ts";

/** An account whose configuration is whole enough to talk to ClickClack. */
export type UsableAccount = Account & { token: Secret };

/**
 * One account's duties, wired together: link → intake → journal → lanes (admission, turns) → outbox. Created once per
 * life of the object; what earlier lives left undone is read from the tables.
 */
export class Duties {
  readonly #context: AccountContext;
  readonly #log: AccountLog;
  readonly #sql: SqlStorage;
  readonly #schedule: Schedule;
  readonly #directory: Directory;
  readonly #intake: Intake;
  readonly #link: Link;
  readonly #lanes: Lanes<Message>;
  readonly #runner: TurnRunner;
  readonly #sender: Sender;
  readonly #sends: BackgroundSends;
  /** Whether it answers messages; if not, it has no link and sends only. */
  readonly #answers: boolean;

  /** @param what the account may do: `answer` includes sending */
  constructor(state: DurableObjectState, account: UsableAccount, config: Config, what: "answer" | "send") {
    this.#answers = what === "answer";
    this.#sql = state.storage.sql;
    this.#log = new AccountLog(account.id);
    this.#context = contextOf(state, account, config, this.#log);
    this.#schedule = new Schedule(state.storage);
    this.#directory = new Directory(this.#context);
    this.#runner = new TurnRunner(this.#context, new Asker(this.#context, this.#directory));
    this.#sender = new Sender(this.#context, this.#directory);
    this.#sends = new BackgroundSends(this.#context, this.#directory, () => this.#arm());
    this.#lanes = new Lanes(this.#laneSteps(), {
      admissionsAtOnce: ADMISSIONS_AT_ONCE_MAX,
      turnsAtOnce: TURNS_AT_ONCE_MAX,
      waitingPerConversation: TURNS_WAITING_PER_CONVERSATION_MAX,
    });
    this.#intake = new Intake(this.#context, (work) => this.#takeOn(work));
    this.#link = new Link(this.#context, this.#directory, this.#intake, () => this.#work());
    for (const work of this.#context.turns.unsettled()) this.#lanes.addWaiting(work);
    for (const work of this.#context.journal.undecided()) this.#lanes.add(work);
  }

  /** Does everything that is due and sets the alarm for what comes next. Quick: long work goes on by itself. */
  tick(): void {
    if (this.#answers) this.#link.tick();
    cleanUp(this.#context, this.#sql);
    this.#work();
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
    return accountStatus(this.#context, this.#link, this.#intake);
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
    const lanes = this.#mayAnswer ? this.#lanes.nextDueAt() : undefined;
    const due = [this.#link.nextDueAt(), lanes, this.#sends.nextDueAt()].filter((at) => at !== undefined);
    this.#schedule.arm(due.length === 0 ? undefined : Math.min(...due), this.#context.now());
  }

  #laneSteps(): LaneSteps<Message> {
    const { turns, now } = this.#context;
    return {
      admit: (work) => this.#step(work, (identity) => admitMessage(this.#context, identity, work)),
      run: (work, fresh) => this.#step(work, (identity) => this.#runner.run(identity, work, fresh)),
      park: (work) => turns.park(work),
      overflow: (work) => this.#overflow(work),
      now,
      changed: () => this.#arm(),
    };
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

function contextOf(
  state: DurableObjectState,
  account: UsableAccount,
  config: Config,
  log: AccountLog,
): AccountContext {
  const { sql } = state.storage;
  const { token, apiBaseUrl: url } = account;
  return {
    account,
    dmScope: config.dmScope,
    client: new ClickClackClient({ url, token, access: config.access.clickclack }),
    completion: state.exports.Completion,
    facts: new FactStore(sql),
    journal: new Journal(sql),
    turns: new Turns(sql),
    outbox: new Outbox(sql),
    sends: new Sends(sql),
    log: (event) => log.write(event),
    transaction: (writes) => state.storage.transactionSync(writes),
    now: () => Date.now(),
    random: () => Math.random(),
    background: (work) => state.waitUntil(work),
  };
}
