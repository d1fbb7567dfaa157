import { ClickClackError } from "../clickclack/errors.ts";
import type { Message } from "../clickclack/wire.ts";
import type { BotCommandName } from "../domain/bot-command.ts";
import { ATTEMPTS_MAX, BREAKER_PROBE_MAX_MS, CRASH_ATTEMPTS } from "../limits.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import { afterFailure, type GatewayFailure } from "../openclaw/errors.ts";
import { judge } from "./admission.ts";
import type { AskedReader } from "./asked.ts";
import type { Asking } from "./asking.ts";
import { type Cause, causeOf, causeOfFailure } from "./cause.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";
import type { Work } from "./journal.ts";
import type { RunResult } from "./lane.ts";
import type { Outage, Way } from "./outage.ts";
import type { OutboxItem } from "./outbox.ts";
import type { OwnCommands } from "./own-commands.ts";
import { conversationOfMessage } from "./place.ts";
import type { Posted, Replies } from "./reply.ts";
import { retryAt } from "./retry.ts";
import type { Claim, EndReason } from "./turn-row.ts";

const SETTLED: RunResult = { kind: "settled" };

/** What taking a message to its end needs. */
export interface TurnTools {
  asked: AskedReader;
  asking: Asking;
  commands: OwnCommands;
  outage: Outage;
  replies: Replies;
}

/** One run of one turn that asks the agent. */
interface Run {
  identity: Identity;
  work: Work;
  claim: Claim;
  way: Way;
}

/**
 * Takes one admitted message to its end: asks, stores the answer, posts it. Every step is stored before the next one
 * begins, so that after a crash at any line another run goes on where this one stopped: a stored text is posted under
 * its nonce, an answer that OpenClaw finished is read from its history, anything else is asked again.
 */
export class TurnRunner {
  readonly #context: AccountContext;
  readonly #asked: AskedReader;
  readonly #asking: Asking;
  readonly #commands: OwnCommands;
  readonly #outage: Outage;
  readonly #replies: Replies;

  constructor(context: AccountContext, tools: TurnTools) {
    this.#context = context;
    this.#asked = tools.asked;
    this.#asking = tools.asking;
    this.#commands = tools.commands;
    this.#outage = tools.outage;
    this.#replies = tools.replies;
  }

  /** @param fresh the message, when it was fetched just now */
  async run(identity: Identity, work: Work, fresh: Message | undefined): Promise<RunResult> {
    const { turns, now } = this.#context;
    const stored = this.#replies.stored(work.messageId);
    if (stored.length > 0) {
      const claim = turns.claim(work, false, now());
      // The object may have died while it was posting: what an earlier run has stored may be there.
      const parts = stored.map((part) => ({ ...part, attempts: Math.max(part.attempts, 1) }));
      return this.#guarded(work, claim, () => this.#post(identity, work, parts));
    }
    const command = work.admission?.command;
    if (command !== undefined) return this.#begin(work, () => this.#carryOut(command, identity, work, fresh));
    const way = this.#outage.enter(work.conversation);
    if (way === undefined) return this.#park(work);
    try {
      return await this.#begin(work, (claim) => this.#answer({ identity, work, claim, way }, fresh));
    } finally {
      way.leave();
    }
  }

  async #begin(work: Work, step: (claim: Claim) => Promise<RunResult>): Promise<RunResult> {
    const { turns, now } = this.#context;
    const claim = turns.claim(work, true, now());
    if (claim.attempts > ATTEMPTS_MAX) return this.#die(work, gaveUp(claim));
    return await this.#guarded(work, claim, () => step(claim));
  }

  /** @returns what is answered, or why nothing is: it may have been edited or deleted since it was admitted */
  async #read(identity: Identity, work: Work, fresh: Message | undefined): Promise<Message | EndReason> {
    const message = fresh ?? (await this.#asked.read(identity, work));
    const verdict = judge(this.#context, identity, message);
    if (!verdict.admitted) return verdict.reason;
    return conversationOfMessage(message) === undefined ? "no_place" : message;
  }

  async #carryOut(
    command: BotCommandName,
    identity: Identity,
    work: Work,
    fresh: Message | undefined,
  ): Promise<RunResult> {
    const message = await this.#read(identity, work, fresh);
    if (typeof message === "string") return this.#cancel(work, message);
    return this.#post(identity, work, await this.#commands.carryOut(command, identity, work, message));
  }

  async #answer(run: Run, fresh: Message | undefined): Promise<RunResult> {
    const { identity, work, claim, way } = run;
    const message = await this.#read(identity, work, fresh);
    if (typeof message === "string") return this.#cancel(work, message);

    const recovered = claim.lostRun && (await this.#asking.recover(work, claim.lostRun));
    if (recovered !== undefined) return this.#conclude(run, message, recovered);

    const { messageId, conversation } = work;
    this.#context.log({ event: "turn:started", message: messageId, conversation, attempt: claim.attempts });
    const result = await this.#asking.ask(identity, work, message, {
      reached: () => way.reached(),
      concluded: (outcome, about) => this.#conclude(run, about, outcome),
    });
    return result ?? SETTLED;
  }

  async #conclude(run: Run, message: Message, outcome: CompletionOutcome): Promise<RunResult> {
    const { identity, work, way } = run;
    if (outcome.kind === "failed") return this.#askFailed(run, outcome.failure);
    way.reached();
    if (outcome.kind === "answered")
      return this.#posting(work, (onLast) =>
        this.#replies.postAnswer(identity, work, message, outcome.text, onLast),
      );
    this.#context.turns.settle(work.messageId, "silent", this.#context.now(), outcome.reason);
    this.#context.log({ event: "turn:silent", message: work.messageId, reason: outcome.reason });
    return SETTLED;
  }

  #post(identity: Identity, work: Work, parts: readonly OutboxItem[]): Promise<RunResult> {
    return this.#posting(work, (onLast) => this.#replies.post(identity, work, parts, onLast));
  }

  async #posting(
    work: Work,
    post: (onLast: (messageId: string) => void) => Promise<Posted>,
  ): Promise<RunResult> {
    const { turns, now, log } = this.#context;
    let reply = "";
    const posted = await post((messageId) => {
      turns.settle(work.messageId, "answered", now());
      reply = messageId;
    });
    switch (posted.kind) {
      case "posted":
        log({ event: "turn:answered", message: work.messageId, reply });
        return SETTLED;
      case "retry":
        return this.#retry(work, posted.attempts, posted.cause, false);
      case "undeliverable":
        return this.#die(work, posted.cause);
    }
  }

  #askFailed({ work, claim, way }: Run, found: GatewayFailure): RunResult {
    const cause = causeOfFailure(found);
    const after = afterFailure(found.reason);
    if (after.next === "wait") {
      way.missed(cause);
      return this.#missed(work, claim, cause, after.mayHaveRun);
    }
    way.reached();
    if (after.next === "give_up" || claim.runs + 1 >= after.runsAllowed) return this.#die(work, cause);
    return this.#retry(work, claim.attempts, cause, true);
  }

  /** The gateway is away, or lets nobody in: the question waits, behind the breaker once that is open. */
  #missed(work: Work, claim: Claim, cause: Cause, mayHaveRun: boolean): RunResult {
    const { turns, log, now } = this.#context;
    const until = this.#outage.waitsUntil(claim.admittedAt);
    if (now() >= until) return this.#die(work, cause);
    turns.waitForGateway(work.messageId, cause, mayHaveRun);
    work.misses = (work.misses ?? 0) + 1;
    if (this.#outage.isOpen) return { kind: "parked", until };
    const at = retryAt(this.#context, work.misses, cause.retryAfterMs);
    log({ event: "turn:retry", message: work.messageId, ...loggable(cause), retryInMs: at - now() });
    return { kind: "retry", at };
  }

  /** Others have found the gateway away: the question waits without being asked. */
  #park(work: Work): RunResult {
    const { turns, now, log } = this.#context;
    turns.park(work, now());
    const until = this.#outage.waitsUntil(turns.find(work.messageId)?.admittedAt ?? now());
    const gaveUp = this.#outage.givenUp(until);
    if (gaveUp !== undefined) return this.#die(work, gaveUp);
    log({ event: "turn:waiting", message: work.messageId });
    // Its time may be over while a probe is on its way: then what that finds decides.
    return { kind: "parked", until: Math.max(until, now() + BREAKER_PROBE_MAX_MS) };
  }

  /** Runs a step; what it throws is a retry, as long as there are attempts. */
  async #guarded(work: Work, claim: Claim, step: () => Promise<RunResult>): Promise<RunResult> {
    try {
      return await step();
    } catch (error) {
      if (error instanceof ClickClackError && error.operation === "message" && error.failure === "not_found")
        return this.#cancel(work, "gone");
      const cause = causeOf(error);
      if (claim.attempts >= ATTEMPTS_MAX) return this.#die(work, cause);
      return this.#retry(work, claim.attempts, cause, false);
    }
  }

  #retry(work: Work, attempts: number, cause: Cause, ranAgent: boolean): RunResult {
    const { turns, log, now } = this.#context;
    const at = retryAt(this.#context, attempts, cause.retryAfterMs);
    turns.retryLater(work.messageId, at, cause, ranAgent);
    log({ event: "turn:retry", message: work.messageId, ...loggable(cause), retryInMs: at - now() });
    return { kind: "retry", at };
  }

  #cancel(work: Work, reason: EndReason): RunResult {
    this.#context.turns.settle(work.messageId, "cancelled", this.#context.now(), reason);
    this.#context.log({ event: "turn:cancelled", message: work.messageId, reason });
    return SETTLED;
  }

  #die(work: Work, cause: Cause): RunResult {
    this.#context.turns.die(work.messageId, this.#context.now(), cause);
    this.#context.log({ event: "turn:dead", message: work.messageId, ...loggable(cause) });
    return SETTLED;
  }
}

function loggable({ reason, error }: Cause): Pick<Cause, "reason" | "error"> {
  return { reason, error };
}

function gaveUp({ attempts }: Claim): Cause {
  return {
    reason: "attempts",
    error: `given up after ${attempts - 1} attempts, one that never came back counting as ${CRASH_ATTEMPTS}`,
  };
}
