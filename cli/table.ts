const GAP = "   ";

/**
 * Lines of a table with a heading, its columns as wide as they need to be.
 *
 * @param rows as long as the heading
 * @param columns of the terminal: longer lines are cut, so that each row stays on its own
 */
export function tableLines(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
): string[] {
  const all = [heading, ...rows];
  const widths = heading.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all.map((row) => {
    const line = row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd();
    return columns === undefined || line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
  });
}
