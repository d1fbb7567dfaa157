import type { CallbackKind, Inbound, SigningSecrets } from "../config/types.ts";
import { type Audit, auditOf, type PushRoad } from "../domain/audit.ts";
import { AUDIT_MAX_AGE_MS, SOCKET_LAG_MAX_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Road } from "./journal.ts";
import { roadsIn } from "./journal-row.ts";
import type { RefusalCount } from "./refusals.ts";
import type { Sql } from "./sql.ts";

const PUSH_ROADS: Record<Inbound, readonly PushRoad[]> = {
  realtime: ["realtime"],
  callbacks: ["callback"],
  both: ["realtime", "callback"],
};

/** What the roads brought since they are what they are. Plain data, because it crosses RPC. */
export interface RoadAudit extends Audit {
  /** Since when the account has the roads that it has now, or since the oldest message that is remembered, Unix ms. */
  since: number;
}

/** Callbacks that brought something, by the secret that they were signed with. */
export interface AcceptedCallbacks {
  kind: CallbackKind;
  secret: keyof SigningSecrets;
  count: number;
  /** Unix ms. */
  lastAt: number;
}

/** Everything that can be said of the roads. */
export interface Audited {
  audit: RoadAudit;
  callbacks: CallbackCounts;
}

/** Signed callbacks, over all lives of the object. */
export interface CallbackCounts {
  /** Those that told of a message, or were a command, as long as that is remembered. */
  accepted: AcceptedCallbacks[];
  refused: RefusalCount[];
}

type AuditRow = {
  road: Road;
  also: string;
  direct: number;
  signed_with: string;
  isAudited: number;
  n: number;
  first: number;
  last: number;
};

const SECRETS = ["current", "next"] as const;

/**
 * Compares what each road brought, by the journal: that outlives an object which sleeps between messages, and costs no
 * row beside those that are written anyway.
 */
export class Auditor {
  readonly #context: AccountContext;
  readonly #sql: Sql;
  #last: { at: number; audited: Audited } | undefined;

  constructor(context: AccountContext, sql: Sql) {
    this.#context = context;
    this.#sql = sql;
    const { account, facts, now } = context;
    if (facts.get("inbound")?.is !== account.inbound)
      facts.set("inbound", { is: account.inbound, since: now() });
  }

  /** As of now. */
  read(): Audited {
    const { account, facts, refusals, now } = this.#context;
    const roadsSince = facts.get("inbound")?.since ?? 0;
    // What is so young that another road may still bring it is left out of the audit.
    const rows = this.#sql
      .exec<AuditRow>(
        `SELECT road, also, direct, coalesce(signed_with, '') AS signed_with,
                seen_at BETWEEN ? AND ? AS isAudited, count(*) AS n, min(seen_at) AS first, max(seen_at) AS last
         FROM journal GROUP BY 1, 2, 3, 4, 5`,
        roadsSince,
        now() - SOCKET_LAG_MAX_MS,
      )
      .toArray();
    const audited = rows.filter(({ isAudited }) => isAudited === 1);
    const groups = audited.map(({ road, also, direct, n }) => ({
      first: road,
      by: [road, ...roadsIn(also)],
      direct: direct === 1,
      count: n,
    }));
    const since = audited.length === 0 ? roadsSince : Math.min(...audited.map(({ first }) => first));
    return {
      audit: { since, ...auditOf(groups, PUSH_ROADS[account.inbound]) },
      callbacks: { accepted: acceptedIn(rows), refused: refusals.all() },
    };
  }

  /** As of a short while ago: it takes a look at every message that is remembered, and metrics are asked for often. */
  recent(): Audited {
    const { now, refusals } = this.#context;
    if (this.#last === undefined || now() - this.#last.at > AUDIT_MAX_AGE_MS)
      this.#last = { at: now(), audited: this.read() };
    const { audit, callbacks } = this.#last.audited;
    return { audit, callbacks: { ...callbacks, refused: refusals.all() } };
  }
}

function acceptedIn(rows: readonly AuditRow[]): AcceptedCallbacks[] {
  const all = new Map<string, AcceptedCallbacks>();
  for (const { road, signed_with, n, last } of rows) {
    const kind = road === "command" ? "commands" : "events";
    for (const secret of SECRETS.filter((name) => signed_with.includes(name))) {
      const key = `${kind} ${secret}`;
      const { count = 0, lastAt = 0 } = all.get(key) ?? {};
      all.set(key, { kind, secret, count: count + n, lastAt: Math.max(lastAt, last) });
    }
  }
  return [...all.values()].sort((a, b) =>
    `${a.kind} ${a.secret}`.localeCompare(`${b.kind} ${b.secret}`, "en"),
  );
}
