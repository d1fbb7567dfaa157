import { SURVEY_MS_PER_ROW } from "../limits-page.ts";
import type { DeadItem } from "./dead.ts";
import { type Day, lastDay } from "./last-day.ts";
import type { CountedSql } from "./sql.ts";

/** What takes a look through the tables. Plain data, because it crosses RPC. */
export interface Surveyed {
  day: Day;
  /** The newest first. */
  dead: DeadItem[];
}

interface Look {
  at: number;
  rowsRead: number;
  rowsWritten: number;
  surveyed: Surveyed;
}

/**
 * Looks through the tables for whoever watches the account. Rows that are read cost: what was seen holds until something
 * is written, and then as long as the look was long, so that watching costs the same however many messages are remembered.
 */
export class Survey {
  readonly #sql: CountedSql;
  readonly #dead: () => DeadItem[];
  #last: Look | undefined;

  constructor(sql: CountedSql, dead: () => DeadItem[]) {
    this.#sql = sql;
    this.#dead = dead;
  }

  /**
   * @param now Unix ms
   * @param afresh whatever it costs
   */
  read(now: number, afresh: boolean): Surveyed {
    if (afresh || this.#last === undefined || !this.#holds(this.#last, now)) this.#last = this.#look(now);
    return this.#last.surveyed;
  }

  #holds({ at, rowsRead, rowsWritten, surveyed }: Look, now: number): boolean {
    if (now - at < rowsRead * SURVEY_MS_PER_ROW) return true;
    const isSameHour = now < (surveyed.day.hours.at(-1)?.from ?? 0) + 3_600_000;
    return isSameHour && rowsWritten === this.#sql.rowsWritten;
  }

  #look(at: number): Look {
    const before = this.#sql.rowsRead;
    const surveyed = { day: lastDay(this.#sql, at), dead: this.#dead() };
    const { rowsRead, rowsWritten } = this.#sql;
    return { at, rowsRead: rowsRead - before, rowsWritten, surveyed };
  }
}
