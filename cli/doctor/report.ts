import { styleText } from "node:util";
import type { Exit } from "../problem.ts";
import { EXIT } from "../problem.ts";
import { groupOf } from "./catalogue.ts";
import type { Finding, State } from "./finding.ts";
import type { Step } from "./round.ts";

/** A finding as `--json` prints it. */
export interface Reported {
  id: string;
  group: string;
  account?: string;
  state: State;
  found: string;
  /** Absent where there is nothing to do. */
  mend?: string;
}

const SIGNS: Record<State, string> = { pass: "✓", warn: "!", fail: "✗", skip: "-" };
const COLOURS = { pass: "green", warn: "yellow", fail: "red", skip: "gray" } as const;
/** As long as the longest id. */
const ID_WIDTH = 18;

/** @param isColoured whether states are shown in colours as well */
export function findingLines(step: Step, finding: Finding, isColoured: boolean): string[] {
  const { state, found } = finding;
  const mark = `${SIGNS[state]} ${state}`;
  const shown = isColoured ? styleText(COLOURS[state], mark, { validateStream: false }) : mark;
  const lines = [`  ${shown}  ${step.check.padEnd(ID_WIDTH)} ${found}`];
  if ("mend" in finding) lines.push(`${" ".repeat(ID_WIDTH + 11)}→ ${finding.mend}`);
  return lines;
}

/** What stands above the findings of a step, where it is another than above the one before. */
export function heading({ check, account }: Pick<Step, "check" | "account">): string {
  const group = groupOf(check);
  const title = group.charAt(0).toUpperCase() + group.slice(1);
  return account === undefined ? title : `${title}, account ${account}`;
}

export function reported({ check, account }: Step, finding: Finding): Reported {
  return {
    id: check,
    group: groupOf(check),
    ...(account !== undefined && { account }),
    ...finding,
  };
}

/** `12 passed, 1 warning, 2 failed, 3 skipped` */
export function summary(states: readonly State[]): string {
  const count = (state: State) => states.filter((one) => one === state).length;
  const warnings = count("warn");
  return [
    `${count("pass")} passed`,
    `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
    `${count("fail")} failed`,
    `${count("skip")} skipped`,
  ].join(", ");
}

/** @param isStrict whether a warning is as bad as a failure */
export function exitOf(states: readonly State[], isStrict: boolean): Exit {
  const bad: readonly State[] = isStrict ? ["fail", "warn"] : ["fail"];
  return states.some((state) => bad.includes(state)) ? EXIT.failed : EXIT.ok;
}
