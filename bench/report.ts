/** What a scenario is asked for. */
export interface Order {
  /** A few requests only: whether it runs, not how fast. */
  quick: boolean;
  /** Ends it before its time. */
  signal: AbortSignal;
  /** Told of what is going on. */
  note(text: string): void;
}

/** What a scenario has found. */
export interface Report {
  title: string;
  lines: Line[];
}

/** One figure of the product, and of the least that could be done in the same run. */
export interface Line {
  name: string;
  unit: "ms" | "rows" | "frames" | "MiB" | "per s" | "per minute";
  edge: number;
  floor?: number | undefined;
  /** How many times the floor it may be, or how much at all. */
  goal?: { ratio: number } | { atMost: number } | undefined;
}

/** How many times the floor it is. */
export function ratioOf({ edge, floor }: Line): number | undefined {
  return floor === undefined ? undefined : edge / floor;
}

/** @returns undefined for a figure without a goal */
export function holdsGoal(line: Line): boolean | undefined {
  if (line.goal === undefined) return undefined;
  if ("atMost" in line.goal) return line.edge <= line.goal.atMost;
  const ratio = ratioOf(line);
  return ratio !== undefined && ratio <= line.goal.ratio;
}

/** The report as a table for people. */
export function tableOf({ title, lines }: Report): string {
  const rows = lines.map((line) => {
    const { name, unit, edge, floor } = line;
    const holds = holdsGoal(line);
    const verdict = holds === undefined ? "" : holds ? "holds" : "MISSED";
    return [
      name,
      floor === undefined ? "" : figure(floor),
      figure(edge),
      unit,
      ratioOf(line)?.toFixed(2) ?? "",
      goalOf(line),
      verdict,
    ];
  });
  const width = Math.max(...lines.map(({ name }) => name.length)) + 2;
  const table = [["", "floor", "edge", "", "ratio", "goal", ""], ...rows].map(
    ([name = "", floor = "", edge = "", unit = "", ratio = "", goal = "", verdict = ""]) =>
      `${name.padEnd(width)}${floor.padStart(10)}${edge.padStart(10)} ${unit.padEnd(10)}${ratio.padStart(6)}  ${goal.padEnd(12)}${verdict}`.trimEnd(),
  );
  return [title, "", ...table].join("\n");
}

/** The reports for machines. */
export function jsonOf(reports: readonly Report[]): string {
  const told = reports.map(({ title, lines }) => ({
    title,
    lines: lines.map((line) => ({ ...line, ratio: ratioOf(line), holds: holdsGoal(line) })),
  }));
  return JSON.stringify(told, null, 2);
}

function goalOf({ goal }: Line): string {
  if (goal === undefined) return "";
  return "ratio" in goal ? `≤ ${goal.ratio} ×` : `≤ ${goal.atMost}`;
}

function figure(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}
