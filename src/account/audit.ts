import type { Inbound } from "../config/types.ts";
import { type Audit, auditOf, type PushRoad } from "../domain/audit.ts";
import { SOCKET_LAG_MAX_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Road } from "./journal.ts";
import { roadsIn } from "./journal-row.ts";
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
  kind: "events" | "commands";
  secret: "current" | "next";
  count: number;
  /** Unix ms. */
  lastAt: number;
}

/**
 * Compares what each road brought, by the journal: that outlives an object which sleeps between messages, and costs no
 * row beside those that are written anyway.
 */
export class Auditor {
  readonly #context: AccountContext;
  readonly #sql: Sql;

  constructor(context: AccountContext, sql: Sql) {
    this.#context = context;
    this.#sql = sql;
    const { account, facts, now } = context;
    if (facts.get("inbound")?.is !== account.inbound)
      facts.set("inbound", { is: account.inbound, since: now() });
  }

  /** What is so young that another road may still bring it is left out. */
  audit(): RoadAudit {
    const { account, facts, now } = this.#context;
    const roadsSince = facts.get("inbound")?.since ?? 0;
    const rows = this.#sql
      .exec<{ road: Road; also: string; direct: number; n: number; since: number }>(
        `SELECT road, also, direct, count(*) AS n, min(seen_at) AS since FROM journal
         WHERE seen_at BETWEEN ? AND ? GROUP BY road, also, direct`,
        roadsSince,
        now() - SOCKET_LAG_MAX_MS,
      )
      .toArray();
    const groups = rows.map(({ road, also, direct, n }) => ({
      first: road,
      by: [road, ...roadsIn(also)],
      direct: direct === 1,
      count: n,
    }));
    const oldest = rows.length === 0 ? roadsSince : Math.min(...rows.map(({ since }) => since));
    return { since: oldest, ...auditOf(groups, PUSH_ROADS[account.inbound]) };
  }

  accepted(): AcceptedCallbacks[] {
    return this.#sql
      .exec<{
        kind: AcceptedCallbacks["kind"];
        secret: AcceptedCallbacks["secret"];
        n: number;
        last: number;
      }>(
        `SELECT iif(road = 'command', 'commands', 'events') AS kind, secrets.name AS secret, count(*) AS n,
                max(seen_at) AS last
         FROM journal JOIN (SELECT 'current' AS name UNION ALL SELECT 'next') AS secrets
           ON instr(signed_with, secrets.name) > 0
         GROUP BY 1, 2`,
      )
      .toArray()
      .map(({ kind, secret, n, last }) => ({ kind, secret, count: n, lastAt: last }));
  }
}
