import { describe, expect, test } from "vitest";
import type { CountedSql } from "../../../src/account/sql.ts";
import { Survey } from "../../../src/account/survey.ts";
import { SURVEY_MS_PER_ROW } from "../../../src/limits-page.ts";

const HOUR_MS = 3_600_000;
/** Well within an hour. */
const NOW = 1_000 * HOUR_MS + 60_000;

/** Tables without a row, of which each statement reads so many. */
function tables(rowsPerStatement: number) {
  const counts = { rowsRead: 0, rowsWritten: 0, looks: 0 };
  const sql = {
    get rowsRead() {
      return counts.rowsRead;
    },
    get rowsWritten() {
      return counts.rowsWritten;
    },
    exec: () => {
      counts.rowsRead += rowsPerStatement;
      return { toArray: () => [] };
    },
  } as unknown as CountedSql;
  const survey = new Survey(sql, () => {
    counts.looks++;
    return [];
  });
  return { survey, counts };
}

describe("a look through the tables", () => {
  test("holds as long as nothing is written", () => {
    const { survey, counts } = tables(10);
    for (let after = 0; after < HOUR_MS - 60_000; after += 60_000) survey.read(NOW + after, false);
    expect(counts.looks).toBe(1);
  });

  test("is taken anew when the hour is over", () => {
    const { survey, counts } = tables(10);
    survey.read(NOW, false);
    const { hours } = survey.read(NOW - 60_000 + HOUR_MS, false).day;
    expect([counts.looks, hours.length, hours.at(-1)?.from]).toEqual([2, 24, NOW - 60_000 + HOUR_MS]);
  });

  test("holds for as long as it took rows, whatever is written", () => {
    const { survey, counts } = tables(5_000);
    survey.read(NOW, false);
    const heldMs = counts.rowsRead * SURVEY_MS_PER_ROW;
    expect(heldMs).toBe(10_000);
    counts.rowsWritten++;
    survey.read(NOW + heldMs - 1, false);
    expect(counts.looks).toBe(1);
    survey.read(NOW + heldMs, false);
    expect(counts.looks).toBe(2);
  });

  test("is taken at once for whoever asks for it", () => {
    const { survey, counts } = tables(5_000);
    survey.read(NOW, false);
    survey.read(NOW + 1, true);
    expect(counts.looks).toBe(2);
  });
});
