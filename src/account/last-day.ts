import { DAY_HOURS } from "../limits-page.ts";
import type { Sql } from "./sql.ts";

/** Answers and how long they took. */
export interface Answers {
  answered: number;
  /** From admission to the last part of the answer, milliseconds; absent when nothing was answered. */
  medianMs?: number;
  p95Ms?: number;
}

/** What one hour brought. Plain data, because it crosses RPC. */
export interface Hour extends Answers {
  /** Its beginning, Unix ms. */
  from: number;
  /** Messages that get no answer, by why. */
  dropped: Record<string, number>;
}

/** The same for the last day. */
export interface Day {
  /** The current one last; empty ones are there as well. */
  hours: Hour[];
  /** Of all hours together. */
  answers: Answers;
}

const HOUR_MS = 3_600_000;
/** Not worth a look: every answer of the bot is a message of its own, and agents' activity rows are for nobody to answer. */
const NOISE = "'own', 'activity'";

/** What the last day brought. Two scans. @param now Unix ms */
export function lastDay(sql: Sql, now: number): Day {
  const first = Math.floor(now / HOUR_MS) - DAY_HOURS + 1;
  const hours = Array.from({ length: DAY_HOURS }, (_, index): Hour => {
    return { from: (first + index) * HOUR_MS, answered: 0, dropped: {} };
  });
  const answers: Answers = { answered: 0 };
  for (const { hour, ...figures } of answersSince(sql, first)) {
    const found = hour === null ? answers : hours[hour - first];
    if (found !== undefined) Object.assign(found, figures);
  }
  for (const { hour, reason, n } of dropsSince(sql, first)) {
    const found = hours[hour - first];
    if (found !== undefined) found.dropped[reason] = (found.dropped[reason] ?? 0) + n;
  }
  return { hours, answers };
}

/** Of each hour, and of all with `null` for one. By the nearest rank: each figure is the time of a real answer. */
function answersSince(sql: Sql, hour: number) {
  return sql
    .exec<{ hour: number | null; answered: number; medianMs: number; p95Ms: number }>(
      `WITH answers AS MATERIALIZED (
         SELECT settled_at / ${HOUR_MS} AS hour, max(settled_at - admitted_at, 0) AS ms FROM turns
         WHERE state = 'answered' AND settled_at >= ?)
       SELECT hour, n AS answered, max(iif(rank = (n + 1) / 2, ms, 0)) AS medianMs,
              max(iif(rank = (n * 95 + 99) / 100, ms, 0)) AS p95Ms
       FROM (SELECT hour, ms, row_number() OVER (PARTITION BY hour ORDER BY ms) AS rank,
                    count(*) OVER (PARTITION BY hour) AS n
             FROM (SELECT hour, ms FROM answers UNION ALL SELECT NULL, ms FROM answers))
       GROUP BY hour`,
      hour * HOUR_MS,
    )
    .toArray();
}

/** Those that never became a turn, by when they came; and those that it turned out not to be for while they waited. */
function dropsSince(sql: Sql, hour: number) {
  return sql
    .exec<{ hour: number; reason: string; n: number }>(
      `SELECT hour, reason, count(*) AS n
       FROM (SELECT seen_at / ${HOUR_MS} AS hour, reason FROM journal
             WHERE state = 'dropped' AND reason NOT IN (${NOISE}) AND seen_at >= ?1
             UNION ALL
             SELECT settled_at / ${HOUR_MS}, reason FROM turns WHERE state = 'cancelled' AND settled_at >= ?1)
       GROUP BY 1, 2`,
      hour * HOUR_MS,
    )
    .toArray();
}
