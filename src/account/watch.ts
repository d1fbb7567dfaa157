import type { AccountLog } from "../observe/account-log.ts";
import type { Asking } from "./asking.ts";
import { Auditor } from "./audit.ts";
import type { AccountContext } from "./context.ts";
import type { DeadLetters } from "./dead.ts";
import type { Directory } from "./directory.ts";
import type { Gap, Identity } from "./facts.ts";
import type { Intake } from "./intake.ts";
import type { Link } from "./link.ts";
import { isUp, type LinkStatus } from "./link-state.ts";
import type { Outage } from "./outage.ts";
import type { RefusalCount } from "./refusals.ts";
import type { Replies } from "./reply.ts";
import type { CountedSql } from "./sql.ts";
import {
  type AccountMetrics,
  type AccountStatus,
  accountStatus,
  type GatewayStatus,
  gatewayStatus,
} from "./status.ts";
import { type Story, storyOf } from "./story.ts";
import { Survey, type Surveyed } from "./survey.ts";

/** A question that an agent is being asked at this moment. */
export interface Running {
  message: string;
  /** Id of its channel, its thread's root or its direct conversation. */
  conversation: string;
  /** The channel's name, where it is in one and that is known. */
  channel?: string;
  /** Whoever asked; a name that they chose. */
  author?: string;
  /** When it was admitted, Unix ms. */
  since: number;
}

/** What a person who watches an account is shown. Plain data, because it crosses RPC; no secret and no message text. */
export interface Overview extends Surveyed {
  /** As of when, Unix ms. */
  at: number;
  link: LinkStatus;
  /** When the events were last read to their end, Unix ms. */
  readAt?: number;
  identity?: Identity;
  gap?: Gap;
  gateway: GatewayStatus;
  /** Absent while it is not known. */
  agent?: string;
  running: Running[];
  waiting: number;
  /** The oldest message that is tried again, and why its last try failed. */
  troubled?: { message: string; reason: string; error: string };
  refused: RefusalCount[];
}

/** What there is to watch. */
export interface Watched {
  link: Link;
  directory: Directory;
  outage: Outage;
  asking: Asking;
  lanes: { counts(): { running: number; waiting: number } };
  intake: Intake;
  replies: Replies;
  dead: DeadLetters;
}

/** Everything that can be said of an account, to whoever asks: programs, Prometheus, and a person who looks at a page. */
export class Watch {
  readonly #context: AccountContext;
  readonly #sql: CountedSql;
  readonly #log: AccountLog;
  readonly #watched: Watched;
  readonly #auditor: Auditor;
  readonly #survey: Survey;
  readonly #startedAt = Date.now();

  constructor(context: AccountContext, sql: CountedSql, log: AccountLog, watched: Watched) {
    this.#context = context;
    this.#sql = sql;
    this.#log = log;
    this.#watched = watched;
    this.#auditor = new Auditor(context, sql);
    this.#survey = new Survey(sql, () => watched.dead.list());
  }

  status(): AccountStatus {
    const { link, intake, outage } = this.#watched;
    return accountStatus(this.#context, link, intake, outage, this.#auditor);
  }

  metrics(): AccountMetrics {
    const { link, intake, outage, lanes } = this.#watched;
    return {
      startedAt: this.#startedAt,
      linked: isUp(link.status),
      reachable: outage.current === undefined,
      ...lanes.counts(),
      rowsWritten: this.#sql.rowsWritten,
      roads: intake.roads,
      ...this.#auditor.recent(),
      events: this.#log.counts(),
    };
  }

  story(messageId: string): Story | undefined {
    return storyOf(this.#context, this.#watched.replies, messageId);
  }

  /** Costs little, however often it is asked for. @param afresh looks through the tables as well, whatever it costs */
  overview(afresh: boolean): Overview {
    const { facts, turns, refusals, now } = this.#context;
    const { link, directory, outage, asking, lanes } = this.#watched;
    const { status, readAt } = link;
    const { knownAgent: agent } = directory;
    const identity = facts.get("identity");
    const gap = facts.get("gap");
    const { waiting } = lanes.counts();
    // With nothing waiting there is nothing to look for.
    const troubled = waiting === 0 ? undefined : turns.troubled();
    return {
      ...this.#survey.read(now(), afresh),
      at: now(),
      link: status,
      ...(readAt !== undefined && { readAt }),
      ...(identity !== undefined && { identity }),
      ...(gap !== undefined && { gap }),
      gateway: gatewayStatus(outage),
      ...(agent !== undefined && { agent }),
      running: asking.all().map((one) => ({ ...one, since: turns.find(one.message)?.admittedAt ?? now() })),
      waiting,
      ...(troubled !== undefined && { troubled }),
      refused: refusals.all(),
    };
  }
}
