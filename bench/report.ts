import type { Round } from "./figures.ts";

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
  rows: Row[];
}

/** The product against the least that the same runtime could do. */
export interface Row {
  name: string;
  edge: Round;
  bare: Round;
}

/** How many times as long. */
export function ratioOf({ edge, bare }: Row): { p50: number; p99: number } {
  return { p50: edge.p50Ms / bare.p50Ms, p99: edge.p99Ms / bare.p99Ms };
}

/** The report as a table for people. */
export function tableOf({ title, rows }: Report): string {
  const cells = rows.flatMap((row) => {
    const ratio = ratioOf(row);
    const figures = ({ p50Ms, p99Ms, perSecond }: Round) => [ms(p50Ms), ms(p99Ms), perSecond.toFixed(0)];
    return [
      [row.name, "bare", ...figures(row.bare)],
      ["", "edge", ...figures(row.edge)],
      ["", "ratio", ratio.p50.toFixed(2), ratio.p99.toFixed(2), ""],
    ];
  });
  const lines = [["", "", "p50", "p99", "per s"], ...cells].map(([name = "", who = "", ...figures]) =>
    `${name.padEnd(12)}${who.padEnd(6)}${figures.map((figure) => figure.padStart(10)).join("")}`.trimEnd(),
  );
  return [title, "", ...lines].join("\n");
}

/** The report for machines. */
export function jsonOf({ title, rows }: Report): string {
  return JSON.stringify({ title, rows: rows.map((row) => ({ ...row, ratio: ratioOf(row) })) }, null, 2);
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}
